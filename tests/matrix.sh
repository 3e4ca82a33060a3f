#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make matrix: each kernel with each compiler and all whole-system suites, and the project in a kernel tree. It takes an
# hour or so, most of it in the machines.
#
# Usage: matrix.sh [KERNEL...]     (6.1 6.12 newest unless given)
#        CASES="10 g30"            some suites, as in make check
#        PARTS="builds cases"      some parts: builds kunit cases tree
#
# Says on stderr what it is about, on stdout what fails, then a table, and ends in "N passed, N failed". What the parts
# say is in build/matrix.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

PARTS=${PARTS:-builds kunit cases tree}
OUT=$TOP_DIR/build/matrix

count()
{
	grep -c "^$1 " "$2" || true
}

# cell PART KERNEL: how many passed, and how many failed, if any did
cell()
{
	local log=$OUT/$1-$2 failed

	if ! [ -e "$log" ]; then
		printf -- '-\n'
		return
	fi
	failed=$(count 'not ok' "$log")
	if [ "$failed" -eq 0 ]; then
		count ok "$log"
	else
		printf '%s, %s failed\n' "$(count ok "$log")" "$failed"
	fi
}

# part NAME KERNEL COMMAND...: its lines are collected; shown are those that fail. One that ends early, or that has no
# test, has failed.
part()
{
	local name=$1 kernel=$2 rc=0 log=$OUT/$1-$2
	shift 2

	say "$(date +%H:%M) $kernel, $name ..."
	"$@" >"$log" 2>"$log.stderr" || rc=$?
	if ! grep -q '^ok ' "$log" || { [ "$rc" -ne 0 ] && ! grep -q '^not ok ' "$log"; }; then
		printf 'not ok - %s: its tests ran to their end (%s)\n' "$name" "$rc" >>"$log"
		tail -n 20 "$log.stderr" | sed 's/^/# /' >>"$log"
	fi
	grep -A 20 '^not ok ' "$log" | sed "s/^\\(not \\)\\?ok - /&$kernel: /" || true
	say "$(date +%H:%M) $kernel, $name: $(cell "$name" "$kernel")"
}

wanted()
{
	[[ " $PARTS " == *" $1 "* ]]
}

run_kernel()
{
	local kernel=$1 compiler

	for compiler in gcc clang; do
		! wanted builds || part "$compiler" "$kernel" env COMPILERS="$compiler" KUNIT=yes "$TOP_DIR/tests/builds.sh" "$kernel"
	done
	! wanted kunit || part kunit "$kernel" env SUITES= MODULES=yes "$TOP_DIR/tests/kunit.sh" "$kernel"
	! wanted cases || part cases "$kernel" env OUT="$OUT/machines-$kernel" KERNEL="$kernel" "$TOP_DIR/tests/check.sh" cases
}

run_tree()
{
	part in-tree 6.12 "$TOP_DIR/tests/in-tree.sh" 6.12
	part series 6.12 "$TOP_DIR/tests/series.sh" --build
}

# Tests that passed
table()
{
	local kernel part format='%-24s %16s %16s %16s %16s\n'

	# shellcheck disable=SC2059 # the format is above
	printf "$format" kernel gcc clang kunit cases
	for kernel in "$@"; do
		# shellcheck disable=SC2059,SC2046 # one word each
		printf "$format" "$(kernel_release "$kernel")" "$(cell gcc "$kernel")" "$(cell clang "$kernel")" \
			"$(cell kunit "$kernel")" "$(cell cases "$kernel")"
	done
	for part in in-tree series; do
		if [ -e "$OUT/$part-6.12" ]; then
			printf '%-24s %16s\n' "$part" "$(cell "$part" 6.12)"
		fi
	done
}

check_request()
{
	local part

	[ -n "$PARTS" ] || die "PARTS: there are builds, kunit, cases and tree"
	for part in $PARTS; do
		[[ " builds kunit cases tree " == *" $part "* ]] ||
			die "PARTS: there is no $part, but builds, kunit, cases and tree"
	done
}

main()
{
	local kernel passed failed

	check_request
	[ $# -gt 0 ] || set -- 6.1 6.12 newest
	rm -rf "$OUT"
	mkdir -p "$OUT"
	for kernel in "$@"; do
		"$RIG_DIR/setup.sh" "$kernel"
		run_kernel "$kernel"
	done
	! wanted tree || run_tree
	printf '\n'
	table "$@"
	passed=$(find "$OUT" -maxdepth 1 -type f ! -name '*.stderr' -exec cat {} + | grep -c '^ok ' || true)
	failed=$(find "$OUT" -maxdepth 1 -type f ! -name '*.stderr' -exec cat {} + | grep -c '^not ok ' || true)
	printf '\n%s passed, %s failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

main "$@"
