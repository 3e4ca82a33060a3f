#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make coverage: which lines of common/, pf/ and vf/ the KUnit suites run.
#
# Usage: coverage.sh [KERNEL]    (6.12 unless given)
#
# A second user-mode kernel, with UML's own support for gcov, no KASAN and no UBSAN. Prints a table, what was not run,
# and why (tests/coverage-reasons); build/coverage has it as JSON. Fails below the limits of kunit/coverage.py, and for
# a function that nothing runs and nobody has a reason for.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/kunit/kernel.sh"

KERNEL=${1:-${KERNEL:-6.12}}
OUT=$TOP_DIR/build/coverage
CONFIG=$OUT/kunitconfig

# libgcov brings a function of that name into the kernel's program, which has one already.
MAKE_OPTIONS=(KCFLAGS=-Dmangle_path=kernel_mangle_path)

# They add branches and calls that nobody wrote, and find nothing here that make kunit does not find. What else checks
# stays: suites ask for what comes with it, such as tracepoints.
SANITIZERS='KASAN|UBSAN'

coverage_config()
{
	grep -vE "CONFIG_($SANITIZERS)" "$TOP_DIR/kunit/.kunitconfig" >"$CONFIG"
	cat >>"$CONFIG" <<-END
	CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
	CONFIG_DEBUG_INFO_REDUCED=y
	CONFIG_GCOV=y
	END
}

# Counters add up from run to run until they are deleted.
forget_counters()
{
	find "$1" -name '*.gcda' -delete
}

# Suites that fail leave lines uncovered: their names say more than those of the lines.
check_suites()
{
	show_results >"$OUT/output"
	if grep '^not ok' "$OUT/output" >&2; then
		die "the suites must pass first: make kunit"
	fi
}

# gcov comes with the compiler, and its JSON is the same in Debian 12 and 13; that of gcovr is not, and says less.
read_counters()
{
	local build=$1

	find "$build/drivers/cfgblk" -name '*.gcda' -print0 |
		xargs -0 gcov --json-format --stdout >"$OUT/gcov.json" 2>"$OUT/gcov.log" || die "gcov failed: $OUT/gcov.log"
	[ -s "$OUT/gcov.json" ] || die "the kernel wrote no counters: $OUT/kunit.log"
}

main()
{
	local version build

	setup
	lock_tree
	rm -rf "$OUT"
	mkdir -p "$OUT"
	version=$(source_version "$KERNEL")
	source_patch_counters "$(source_dir "$version")"
	coverage_config
	build=$(build_dir "$version")
	prepare_build "$version" "$build"
	forget_counters "$build"
	run_suites "$version" "$build"
	check_suites
	read_counters "$build"
	/usr/bin/python3 "$TOP_DIR/tests/kunit/coverage.py" "$TOP_DIR" "$OUT/gcov.json" "$OUT/coverage.json"
}

main
