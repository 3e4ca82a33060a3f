#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Do the pages say what the sources say? What two places tell is compared here: log lines, errnos, states, numbers.
#
# Usage: pages.sh    prints "ok - pages: WHAT", or "not ok - pages: WHAT" and what differs

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"

ERRORS=Documentation/errors.rst
PROTOCOL=Documentation/protocol.rst
UAPI=include/uapi/linux/cfgblk.h
MODULE_PAGES=(tools/cfgblk_pf.4 tools/cfgblk_vf.4 tools/cfgblk_hvif.4)

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# differ A B "WHERE A" "WHERE B": prints the lines that only one of two files has, once each
differ()
{
	sort -u "$1" >"$WORK/left"
	sort -u "$2" >"$WORK/right"
	[ -s "$WORK/left" ] || echo "nothing was found in $3"
	comm -23 "$WORK/left" "$WORK/right" | sed "s|^|only in $3: |"
	comm -13 "$WORK/left" "$WORK/right" | sed "s|^|only in $4: |"
}

# The format strings of what the drivers log, without the newline
list_log_formats()
{
	awk '
	function flush_file() {
		while (match(text, /(((pci|dev)_(emerg|alert|crit|err|warn|notice|info|dbg|printk)|pr_(emerg|alert|crit|err|warn|notice|info|debug))(_once|_ratelimited)?|dev_err_probe|printk)\(/)) {
			tracing = substr(text, RSTART - 3, 3) == "TP_"
			text = substr(text, RSTART + RLENGTH)
			if (!tracing && match(text, /"([^"\\]|\\.)*"/) && !index(substr(text, 1, RSTART), ";"))
				print substr(text, RSTART + 1, RLENGTH - 2)
		}
		text = ""
	}
	FNR == 1 { flush_file() }
	{ text = text $0 "\n" }
	END { flush_file() }
	' common/*.[ch] pf/*.[ch] vf/*.[ch] | sed 's/\\n$//; s/\\"/"/g'
}

# What is put in is a word in capitals on a page: any such word is "@", on both sides
without_values()
{
	sed -E 's/%[-#0-9.]*(l*[diux]|p[a-zA-Z]*|s|c)/@/g; s/[A-Z@]+/@/g'
}

# What DIAGNOSTICS of a page explains: the lines that an indented explanation follows
list_explained()
{
	groff -man -Tascii -rLL=2000n -P-cbou "$1" | awk '
	/^[A-Z]/ { on = $0 == "DIAGNOSTICS"; n = 0; next }
	!on { next }
	/^       [^ ]/ { line[++n] = substr($0, 8); next }
	/^              / { for (i = 1; i <= n; i++) print line[i] }
	{ n = 0 }'
}

check_log_lines()
{
	local page

	list_log_formats | without_values >"$WORK/logged"
	for page in "${MODULE_PAGES[@]}"; do
		list_explained "$page"
	done | without_values >"$WORK/explained"
	differ "$WORK/logged" "$WORK/explained" "what the drivers log" "DIAGNOSTICS of the pages"
}

# "ERRNO|STATUS|CALL|MESSAGE|WHAT TO DO" for each row of the table of errors
list_error_rows()
{
	awk '
	function row() { if (n == 5) print cell[1] "|" cell[2] "|" cell[3] "|" cell[4] "|" cell[5]; n = 0 }
	/^   \* -/ { row(); n = 1; cell[1] = substr($0, 8); next }
	/^     -/ && n { cell[++n] = substr($0, 8); next }
	END { row() }' "$ERRORS" | sed 1d
}

# "ERRNO|MESSAGE|WHAT TO DO" for each refusal that the command explains, as the page has them
list_refusals()
{
	awk '
	/^} refusals\[\] = \{/ { on = 1; next }
	/^};/ { on = 0 }
	!on { next }
	{ sub(/^[ \t]+/, ""); text = text " " $0 }
	/\},$/ {
		match(text, /E[A-Z0-9]+/); error = substr(text, RSTART, RLENGTH)
		sub(/^[^"]*"/, "", text); sub(/" *\},$/, "", text)
		gsub(/" +"/, "", text); sub(/", *"/, "|", text)
		print error "|" text
		text = ""
	}' tools/call.c |
		sed 's/{dev}/DEV/g; s/{block}/BLOCK/g; s/{vf}/N/g; s/{sel}/--vf N/g; s/{len}/LEN/g; s/{max}/128/g; s/{last}/LAST/g'
}

# "ERRNO|MESSAGE" for what the command says of itself, with an errno in brackets; ERRNO is @ where that depends
list_complaints()
{
	awk '
	function literal() { return match(text, /^"([^"\\]|\\.)*"/) }
	function take(n,   part) { part = substr(text, 1, n); text = substr(text, n + 1); return part }
	function format(   whole) {
		take(match(text, /"/) - 1)
		while (1) {
			if (literal())
				whole = whole substr(take(RLENGTH), 2, RLENGTH - 2)
			else if (match(text, /^[ \t\n]+/))
				take(RLENGTH)
			else if (match(text, /^[A-Z_]+[ \t\n]+"/))
				whole = whole "@" substr(take(RLENGTH - 1), 1, 0)
			else
				return whole
		}
	}
	function flush_file() {
		while (match(text, /complain\(/)) {
			take(RSTART + RLENGTH - 1)
			print format()
		}
		text = ""
	}
	FNR == 1 { flush_file() }
	{ text = text $0 "\n" }
	END { flush_file() }
	' tools/*.c | sed -nE 's/^(.*) \((E[A-Z]+|%s)\)(; .*)?$/\2|\1\3/p' | sed -nE '/^%s\|.*; |^E/p' | complaint_values
}

# Values in the message alone, and what follows the errno belongs to it
complaint_values()
{
	local error message

	while IFS='|' read -r error message; do
		printf '%s|%s\n' "${error/\%s/@}" "$(without_values <<<"$message")"
	done
}

check_complaints()
{
	list_complaints >"$WORK/said"
	list_error_rows | awk -F '|' '$3 ~ /^cfgblk[ ,]/ { print $1 "|" $4 "; " $5 }' | complaint_values |
		awk 'NR == FNR { any[$0] = 1; next } { one = $0; sub(/^[A-Z]+/, "@", one); print one in any ? one : $0 }' "$WORK/said" - \
		>"$WORK/told"
	differ "$WORK/said" "$WORK/told" "tools/*.c" "$ERRORS"
}

check_refusals()
{
	list_refusals >"$WORK/said"
	list_error_rows | awk -F '|' '$4 != "" && $3 !~ /^cfgblk[ ,]/ { print $1 "|" $4 "|" $5 }' >"$WORK/told"
	differ "$WORK/said" "$WORK/told" tools/call.c "$ERRORS"
}

# "NUMBER NAME|ERRNO" for each status on the wire
list_statuses()
{
	awk '
	FNR == NR && match($0, /CFGBLK_STATUS_[A-Z_]+\t*= [0-9]+,/) { name = $1; sub(/.*_STATUS_/, "", name); number[name] = $3 + 0 }
	FNR != NR && match($0, /\[CFGBLK_STATUS_[A-Z_]+\]/) {
		name = substr($0, RSTART + 15, RLENGTH - 16); error = $NF; gsub(/[-,]/, "", error)
		print number[name] " " name "|" error
	}' common/status.h common/status.c
}

check_statuses()
{
	list_statuses >"$WORK/statuses"
	list_error_rows | awk -F '|' '$2 != "" { print $2 "|" $1 }' >"$WORK/told"
	differ "$WORK/statuses" "$WORK/told" "common/status.[ch]" "$ERRORS"
}

# Every errno that a driver gives or a header names; and of those on the page, each is one of these
check_errnos()
{
	grep -hoE -- '-E[A-Z0-9]{2,}' "$UAPI" include/linux/cfgblk.h common/*.[ch] pf/*.[ch] vf/*.[ch] | tr -d - >"$WORK/given"
	list_error_rows | cut -d '|' -f 1 >"$WORK/told"
	differ "$WORK/given" "$WORK/told" "the drivers and their headers" "$ERRORS"
}

# What the header of the node names, its page explains
check_node_errnos()
{
	sed -n '/^.SH ERRORS/,/^.SH FILES/p' tools/cfgblk.4 | grep -oE '\bE[A-Z0-9]{2,}\b' | sort -u >"$WORK/told"
	grep -ohE -- '-E[A-Z0-9]{2,}' "$UAPI" | tr -d - | sort -u | comm -23 - "$WORK/told" |
		sed "s|^|tools/cfgblk.4 does not explain |"
}

# list_states ENUM PREFIX HEADER
list_states()
{
	sed -n "/^enum $1 {/,/^}/s/^\t$2\([A-Z]*\),/\1/p" "$3"
}

# Nodes of a chart that are states: words in capitals
list_drawn()
{
	grep -oE '^	([A-Z]+; ?)+[A-Z]+$|^	[A-Za-z]+(:[a-z])? -> [A-Z]+|^	[A-Z]+' "$1" | grep -oE '[A-Z]{2,}'
}

check_states()
{
	local end

	for end in pf vf; do
		list_states "cfgblk_${end}_state" "CFGBLK_${end^^}_" "common/${end}_link.h" >"$WORK/states"
		list_drawn "Documentation/pictures/$end-link.dot" >"$WORK/drawn"
		differ "$WORK/states" "$WORK/drawn" "common/${end}_link.h" "Documentation/pictures/$end-link.dot"
	done
}

check_ops()
{
	sed -nE 's/^\tCFGBLK_OP_([A-Z_]+)\t+= (0x[0-9a-f]),/\2 \1/p' common/proto.h >"$WORK/ops"
	sed -nE 's/^(0x[0-9a-f])  +([A-Z_]+) .*/\1 \2/p' "$PROTOCOL" >"$WORK/told"
	differ "$WORK/ops" "$WORK/told" common/proto.h "$PROTOCOL"
}

# The node's commands, and the parameters of the modules
check_abi()
{
	sed -nE 's/^#define (CFGBLK_IOC_[A-Z_]+)\t*_IO.*/\1/p' "$UAPI" >"$WORK/given"
	sed -nE 's/^module_param\(([a-z_]+),.*/\1/p' pf/*.c vf/*.c >>"$WORK/given"
	{ grep -ohE '^\s+CFGBLK_IOC_[A-Z_]+' Documentation/ABI/testing/* | tr -d '\t '
	  sed -nE 's|^What:.*/parameters/([a-z_]+)$|\1|p' Documentation/ABI/testing/*; } >"$WORK/told"
	differ "$WORK/given" "$WORK/told" "the sources" Documentation/ABI
}

# Words of our functions, files and make targets in the pages and manual pages
list_named()
{
	grep -ohE "$1" Documentation/*.rst tools/*.[48] README.md samples/README.md | sort -u | grep . || echo "nothing like $1"
}

check_functions()
{
	local name

	while read -r name; do
		grep -rqE "\\b$name\\(" include common pf vf kunit || echo "there is no function $name()"
	done < <(list_named '\bcfgblk_[a-z_]+\(\)' | tr -d '()')
}

# With stars as a shell has them
check_files()
{
	local name

	while read -r name; do
		compgen -G "$name" >/dev/null || echo "there is no $name"
	done < <(list_named '``(common|pf|vf|include|tests|tools|kunit|bench|samples|Documentation)/[^` $]*``' | tr -d '`')
}

check_targets()
{
	local name

	while read -r name; do
		grep -qE "^$name:" Makefile || echo "make has no target $name"
	done < <(list_named '(``|^    |`)([A-Z]+=[^ ]+ )*make [a-z][a-z-]*' | sed 's/.* //')
}

check_readme()
{
	[ "$(wc -l <README.md)" -le 60 ] || echo "README.md has $(wc -l <README.md) lines"
	check_links
}

# Where README.md leads to in the checkout
check_links()
{
	local link

	grep -oE '\]\([^)#]+\)' README.md | sed 's/^](//; s/)$//' | grep -v '^http' >"$WORK/links"
	[ -s "$WORK/links" ] || echo "README.md links to nothing"
	while read -r link; do
		[ -e "$link" ] || echo "README.md links to $link, which is not there"
	done <"$WORK/links"
}

# check WHAT COMMAND: what it prints is a finding, and so is its status
check()
{
	local what=$1 found rc=0
	shift

	found=$("$@" 2>&1) || rc=$?
	if [ "$rc" -eq 0 ] && [ -z "$found" ]; then
		printf 'ok - pages: %s\n' "$what"
	else
		printf 'not ok - pages: %s (status %s)\n%s\n' "$what" "$rc" "$found" | sed '2,$s/^/# /'
		FAILED=1
	fi
}

main()
{
	local FAILED=0

	apt_need "to read the manual pages" groff-base
	cd "$TOP_DIR"
	check "each log line is explained, and each explanation is of one" check_log_lines
	check "the table of errors has what the command says" check_refusals
	check "the table of errors has what the command finds itself" check_complaints
	check "the table of errors has each status with its errno" check_statuses
	check "the table of errors has every errno of the drivers" check_errnos
	check "cfgblk(4) has every errno of the user interface" check_node_errnos
	check "the state charts have all states" check_states
	check "the protocol's messages have their numbers" check_ops
	check "the user ABI has all commands and parameters" check_abi
	check "functions that the pages name are there" check_functions
	check "files that the pages name are there" check_files
	check "make targets that the pages name are there" check_targets
	check "README.md has at most 60 lines, and leads somewhere" check_readme
	[ "$FAILED" -eq 0 ]
}

main
