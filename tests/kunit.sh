#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# KUnit: the suites of kunit/ in a user-mode kernel, with the drivers linked into its tree as drivers/cfgblk.
#
# Usage: kunit.sh [KERNEL]       (6.12 unless given)
#        SUITES=GLOB kunit.sh    only the suites of that name
#
# Source and objects are kept in the cache: the first run takes minutes, those after it seconds. Prints
# "ok - kunit: SUITE: CASE" or "not ok - ..." for each case, and one such line for the kernel's log.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/kunit/kernel.sh"

KERNEL=${1:-${KERNEL:-6.12}}
SUITES=${SUITES:-}
OUT=$TOP_DIR/build/kunit
CONFIG=$OUT/kunitconfig

# kunit.py does not fail on a warning or on a report of lockdep: the log has them.
check_log()
{
	if ! [ -s "$OUT/console.log" ]; then
		printf 'not ok - kunit: the kernel ran\n'
	elif grep -nE "$BAD" "$OUT/console.log" >"$OUT/bad"; then
		printf 'not ok - kunit: nothing bad in the kernel log\n'
		head -n 40 "$OUT/bad" | sed 's/^/# /'
	else
		printf 'ok - kunit: nothing bad in the kernel log\n'
	fi
}

main()
{
	local version build

	setup
	lock_tree
	rm -rf "$OUT"
	mkdir -p "$OUT"
	version=$(source_version "$KERNEL")
	write_config "$version"
	build=$(build_dir "$version")
	prepare_build "$version" "$build"
	run_suites "$version" "$build" ${SUITES:+"$SUITES"}
	show_results >"$OUT/output"
	check_log >>"$OUT/output"
	cat "$OUT/output"
	! grep -q '^not ok' "$OUT/output"
}

main
