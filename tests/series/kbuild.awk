# SPDX-License-Identifier: GPL-2.0
#
# Kbuild as it is in a kernel tree, where only some of the sources are there yet. -v dir=DIR has them.

function exists(file,   line, there)
{
	there = (getline line <file) >= 0
	close(file)
	return there
}

function there(object,   source)
{
	source = object
	sub(/\.o$/, ".c", source)
	return exists(dir "/" source)
}

# Those words of a list that are there, or modules that have something in them
function pick(list,   n, word, i, kept, stem)
{
	kept = ""
	n = split(list, word, " ")
	for (i = 1; i <= n; i++) {
		stem = word[i]
		sub(/\.o$/, "", stem)
		if (there(word[i]) || full[stem])
			kept = kept " " word[i]
	}
	return kept
}

# "NAME OP" and the words, no line longer than 80; a tab is eight
function lay(left, list,   n, word, i, line, width, indent)
{
	n = split(list, word, " ")
	indent = sprintf("%*s", length(left), "")
	gsub(/        /, "\t", indent)
	line = left
	width = length(left)
	for (i = 1; i <= n; i++) {
		if (width + 1 + length(word[i]) > 77) {
			print line " \\"
			line = indent
			width = length(left)
		}
		line = line " " word[i]
		width += 1 + length(word[i])
	}
	print line
}

# Comments and an empty line wait for what they are about
function put_waiting()
{
	if (blank)
		print ""
	blank = 0
	if (comment != "")
		print comment
	comment = ""
}

function statement(line,   left, list)
{
	left = line
	list = line
	sub(/=.*/, "=", left)
	sub(/^[^=]*= */, "", list)
	list = pick(list)
	if (list == "") {
		comment = ""
		return
	}
	put_waiting()
	lay(left, list)
}

# The lists of modules first: what modules there are is said before what is in them
FNR == 1 { pass++; joined = "" }
{
	joined = joined $0
	if (sub(/\\$/, " ", joined))
		next
	$0 = joined
	joined = ""
	gsub(/[ \t]+/, " ")
}
pass == 1 {
	if ($0 ~ /^cfgblk[a-z_]*-y /) {
		name = $1
		sub(/-y$/, "", name)
		list = $0
		sub(/^[^=]*= */, "", list)
		if (pick(list) != "")
			full[name] = 1
	}
	next
}
# The first comment is about builds out of tree
FNR == 1 { print; skip = 1; next }
skip && /^#/ { next }
{ skip = 0 }
/^ifn?eq \(\$\(KBUILD_EXTMOD\),\)/ { outside = /^ifneq/; inside = !outside; next }
/^endif/ && (outside || inside) { outside = inside = 0; next }
outside { next }
/^#/ { comment = comment (comment == "" ? "" : "\n") $0; next }
/^$/ { blank = 1; next }
/^obj-|^cfgblk[a-z_]*-y / { statement($0); next }
{
	put_waiting()
	gsub(/-I\$\(cfgblk-dir\)include /, "")
	print
}
