#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the modules for a kernel of the test machine, and the command, and prints the directory of the modules.
# The build has a directory of its own for each kernel, so that several may be kept and the checkout stays clean.
#
# build.sh KERNEL MIN MAX: the same modules as if they spoke other versions of the protocol; the directory's name ends
# in -MIN-MAX.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

KERNEL=${1:-6.12}
MIN=${2:-}
MAX=${3:-}
LOG=$TOP_DIR/build/log

# The build's own output is for the log; who waits wants to see only what went wrong.
quietly()
{
	if ! "$@" >"$LOG" 2>&1; then
		cat "$LOG" >&2
		die "the build failed: $*"
	fi
}

# no_warnings DIR: warnings at W=1 are failures, as for any kernel code. Those of the compiler are errors (W=1e), so
# that it says them until they are gone; modpost would say nothing the next time, so that all is built again.
no_warnings()
{
	if grep -E 'warning:|WARNING:' "$LOG" >&2; then
		rm -rf "$1"
		die "the build for $KERNEL has warnings"
	fi
}

build_modules()
{
	local kdir=$1 dir=$2

	copy_for_kbuild "$dir" Kbuild common pf vf include
	quietly make -C "$kdir" M="$dir" W=1e ${MIN:+KCFLAGS="-DCFGBLK_VERSION_MIN=$MIN -DCFGBLK_VERSION_MAX=$MAX"} modules
	no_warnings "$dir"
}

# Those that only tests use; they are no part of what is shipped
build_test_modules()
{
	local kdir=$1 dir=$2

	copy_for_kbuild "$dir/modules" tests/modules/. kunit/./fake_hyperv.{c,h}
	quietly make -C "$kdir" M="$dir/modules" KBUILD_EXTRA_SYMBOLS="$dir/Module.symvers" W=1e modules
	no_warnings "$dir"
}

# As the author of another driver would
build_samples()
{
	local kdir=$1 dir=$2

	copy_for_kbuild "$dir/samples" samples/.
	quietly make -C "$kdir" M="$dir/samples" W=1e modules
	no_warnings "$dir"
}

main()
{
	local kdir dir

	mkdir -p "$TOP_DIR/build"
	kdir=$("$RIG_DIR/setup.sh" --print-kdir "$KERNEL")
	dir=$TOP_DIR/build/$(kernel_release "$KERNEL")${MIN:+-$MIN-$MAX}
	progress "building for $(basename "$dir")"
	build_modules "$kdir" "$dir"
	if [ -z "$MIN" ]; then
		build_test_modules "$kdir" "$dir"
		build_samples "$kdir" "$dir"
		quietly make -C "$TOP_DIR/tools"
	fi
	progress_end
	printf '%s\n' "$dir"
}

main
