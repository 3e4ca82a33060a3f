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

KERNEL=${1:-${KERNEL:-6.12}}
SUITES=${SUITES:-}
OUT=$TOP_DIR/build/kunit
CONFIG=$OUT/kunitconfig

HOST_PACKAGES=(gcc make libc6-dev flex bison bc python3 xz-utils)

# Whole suite in a second or so; a kernel that hangs must not hold up everything.
RUN_TIMEOUT=${RUN_TIMEOUT:-300}

# Sleeps take no time, and VFs may be driven in the kernel that has the PF.
KERNEL_ARGS=(time-travel=inf-cpu cfgblk_vf.allow_parent=1 kmemleak.verbose=1)

# What the kernel says when something is wrong in it.
BAD='WARNING:|BUG:|Oops|Call Trace|possible .*deadlock|inconsistent lock|suspicious RCU|blocked for more than'
BAD="$BAD|scheduling while atomic|sleeping function called|refcount_t:|list_(add|del) corruption|UBSAN|KASAN: "
BAD="$BAD|Kernel panic|nobody cared|double free|use-after-free|DMA-API: .*(error|leak)|Trying to free already-free"
BAD="$BAD|ODEBUG:|unreferenced object|suspected memory leak|kobject.*(tried to|initialized)"

install_tools()
{
	local missing

	mapfile -t missing < <(apt_missing "${HOST_PACKAGES[@]}")
	if [ "${#missing[@]}" -gt 0 ]; then
		apt_install "to build a user-mode kernel" "${missing[@]}"
	fi
}

# What a kernel does not have for UML, kunit.py would not build without.
write_config()
{
	local version=$1 absent='^$'

	case $version in
	6.1.*) absent='^CONFIG_DEBUG_ATOMIC_SLEEP=' ;;
	esac
	grep -v "$absent" "$TOP_DIR/kunit/.kunitconfig" >"$CONFIG"
}

# One for each version and configuration.
build_dir()
{
	local version=$1 key

	key=$(sha256sum <"$CONFIG" | cut -c 1-12)
	printf '%s/kunit/build/%s-%s\n' "$CACHE" "$version" "$key"
}

# Our objects are of one checkout. Those of another may be newer than our files, and make would keep them.
claim_build()
{
	local build=$1

	mkdir -p "$build"
	if [ "$(cat "$build/checkout" 2>/dev/null)" != "$TOP_DIR" ]; then
		rm -rf "$build/drivers/cfgblk"
		printf '%s\n' "$TOP_DIR" >"$build/checkout"
	fi
}

kunit()
{
	local tree=$1 build=$2
	local args=() arg

	for arg in "${KERNEL_ARGS[@]}"; do
		args+=("--kernel_args=$arg")
	done
	if [ -n "$SUITES" ]; then
		args+=("$SUITES")
	fi
	(cd "$tree" && MAKEFLAGS='' /usr/bin/python3 tools/testing/kunit/kunit.py run --arch=um --jobs="$(nproc)" \
		--kunitconfig="$CONFIG" --build_dir="$build" --timeout="$RUN_TIMEOUT" \
		--json="$OUT/results.json" "${args[@]}")
}

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

# The cache as a whole is locked for as long as something is fetched into it, and not for the build.
setup()
{
	lock_cache
	install_tools
	source_setup "$KERNEL"
	exec 9>&-
}

# One tree, one run at a time.
lock_tree()
{
	exec 8>"$SOURCES/lock"
	if ! flock -n 8; then
		say "waiting for another run of KUnit"
		flock 8
	fi
}

main()
{
	local version tree build

	setup
	lock_tree
	rm -rf "$OUT"
	mkdir -p "$OUT"
	version=$(source_version "$KERNEL")
	tree=$(source_dir "$version")
	write_config "$version"
	build=$(build_dir "$version")
	source_link "$tree"
	claim_build "$build"
	find "$CACHE/kunit/build" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
	if ! [ -e "$build/vmlinux" ]; then
		say "building a user-mode Linux $version in $build: this takes minutes, once"
	fi
	rm -f "$build/test.log"
	kunit "$tree" "$build" >"$OUT/kunit.log" 2>&1 || true
	if [ -e "$build/test.log" ]; then
		cp "$build/test.log" "$OUT/console.log"
	fi
	/usr/bin/python3 "$TOP_DIR/tests/kunit/results.py" "$OUT/results.json" >"$OUT/output" || tail -n 60 "$OUT/kunit.log" >&2
	check_log >>"$OUT/output"
	cat "$OUT/output"
	! grep -q '^not ok' "$OUT/output"
}

main
