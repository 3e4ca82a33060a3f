# SPDX-License-Identifier: GPL-2.0
#
# Decides what common/compat.h asks of the kernel's version: in a kernel tree there is only one. -v version=6.12.117

function code(text,   part)
{
	split(text, part, /[^0-9]+/)
	return part[1] * 65536 + part[2] * 256 + (part[3] > 255 ? 255 : part[3])
}

# What "#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)" says
function holds(line,   wanted)
{
	wanted = line
	sub(/.*KERNEL_VERSION\(/, "", wanted)
	wanted = code(wanted)
	if (line ~ />=/)
		return code(version) >= wanted
	if (line ~ /</ && line !~ /<=/)
		return code(version) < wanted
	print FILENAME ": no rule for " line >"/dev/stderr"
	exit 1
}

# A comment waits for what it is about, and goes with it; so does the empty line before it
function put(line)
{
	if (held != "")
		print held
	held = ""
	if (line == "" && last == "")
		return
	print line
	last = line
	said = 1
}

BEGIN { last = "." }

/^#include <linux\/version.h>$/ { next }

/^#if LINUX_VERSION_CODE / {
	asks[++depth] = 1
	on[depth] = holds($0)
	said = 0
	next
}
/^#if/ { asks[++depth] = 0; on[depth] = 1 }
/^#else/ && asks[depth] { on[depth] = !on[depth]; next }
/^#endif/ && asks[depth] {
	depth--
	if (!said)
		held = ""
	next
}
{
	for (i = 1; i <= depth; i++)
		if (!on[i])
			next
}
/^#endif/ { depth-- }
/^\/\* .* \*\/$/ {
	if (held != "")
		put(held)
	held = $0
	next
}
{ put($0) }
