#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# KUnit: the suites of kunit/ in a user-mode kernel, with the drivers linked into its tree as drivers/cfgblk.
#
# Usage: kunit.sh [KERNEL]       (6.12 unless given)
#        SUITES=GLOB kunit.sh    only the suites of that name, and no modules
#        MODULES=no kunit.sh     no modules
#
# Source and objects are kept in the cache: the first run takes minutes, those after it seconds. Prints
# "ok - kunit: SUITE: CASE" or "not ok - ..." for each case, and one such line each for the compiler's warnings and the
# kernel's log. Then the same for the modules, in a kernel of their own: "ok - kunit modules: SUITE: CASE".

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/kunit/kernel.sh"
. "$TOP_DIR/tests/kunit/modules.sh"

KERNEL=${1:-${KERNEL:-6.12}}
SUITES=${SUITES:-}
MODULES=${MODULES:-yes}
OUT=$TOP_DIR/build/kunit
CONFIG=$OUT/kunitconfig

# All suites, with the drivers built in
run_built_in()
{
	local version=$1 build

	write_config "$version"
	build=$(build_dir "$version")
	prepare_build "$version" "$build"
	run_suites "$version" "$build" ${SUITES:+"$SUITES"}
	show_results >"$OUT/output"
	{
		check_warnings "$build"
		check_log kunit
	} >>"$OUT/output"
}

main()
{
	local version outputs=("$OUT/output")

	setup
	lock_tree
	rm -rf "$OUT"
	mkdir -p "$OUT"
	version=$(source_version "$KERNEL")
	run_built_in "$version"
	cat "$OUT/output"
	if [ -z "$SUITES" ] && [ "$MODULES" = yes ]; then
		run_modules "$version" "$OUT/modules"
		cat "$OUT/modules/output"
		outputs+=("$OUT/modules/output")
	fi
	! grep -q '^not ok' "${outputs[@]}"
}

main
