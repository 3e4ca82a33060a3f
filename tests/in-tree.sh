#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The project linked into a kernel tree as README says: are the top Kconfig and Kbuild all that it takes, for modules
# and for drivers that are built in?
#
# Usage: in-tree.sh [KERNEL]    (6.12 unless given)
#
# Prints "ok - in tree: ..." or "not ok - ...". The small x86-64 kernel is kept in the cache: the first run takes
# minutes, one after a change one. What passed is not built again, until a file changes. Logs are in build/in-tree.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"
. "$TOP_DIR/tests/tree/lib.sh"

KERNEL=${1:-${KERNEL:-6.12}}
OUT=$TOP_DIR/build/in-tree
MODULES=(cfgblk cfgblk_pf cfgblk_vf cfgblk_hvif cfgblk_kunit)

list_files()
{
	find Kbuild Kconfig common pf vf kunit include -type f \( -name 'K*' -o -name '*.[ch]' ! -name '*.mod.c' \) |
		LC_ALL=C sort
}

key()
{
	(cd "$TOP_DIR" && {
		printf '%s\n' "$LINUX"
		gcc --version
		list_files | xargs sha256sum
		sha256sum tests/in-tree.sh tests/tree/*
	}) | sha256sum | cut -c 1-24
}

copy_in()
{
	mkdir -p "$TREE/$PLACE"
	(cd "$TOP_DIR" && list_files | xargs cp --parents --preserve=timestamps -t "$TREE/$PLACE")
}

# of_ours LOG: warnings about our files
of_ours()
{
	{ grep -E -A 3 "$PLACE.*(warning|error):|modpost.*(cfgblk|$PLACE)" "$1" || true; } | sed -n 1,40p
}

# result NAME LOG COMMAND...
result()
{
	local name=$1 log=$2 ours
	shift 2

	ours=$(of_ours "$log")
	if [ -z "$ours" ] && "$@"; then
		printf 'ok - in tree: %s\n' "$name"
		return
	fi
	printf 'not ok - in tree: %s\n' "$name"
	if [ -z "$ours" ]; then
		ours=$(tail -n 20 "$log")
	fi
	printf '%s\n' "$ours" | sed 's/^/# /'
}

modules_are_there()
{
	local module

	for module in "${MODULES[@]}"; do
		[ -e "$BUILD/$PLACE/$module.ko" ] || return 1
	done
}

# The kernel calls them at boot
drivers_are_built_in()
{
	local module

	for module in cfgblk cfgblk_pf cfgblk_vf cfgblk_hvif; do
		grep -q "__initcall__kmod_${module}__" "$BUILD/System.map" || return 1
	done
}

# Nothing of an earlier build may pass for one of this
build_as()
{
	local value=$1 log=$2

	rm -rf "${BUILD:?}/$PLACE"
	{ tree_configure "$TREE" "$BUILD" "$value" && tree_build "$TREE" "$BUILD"; } >"$log" 2>&1 || true
	grep -q "^CONFIG_CFGBLK=$value\$" "$BUILD/.config" || die "the configuration has no CONFIG_CFGBLK=$value; see $log"
}

main()
{
	local known

	tree_setup "$KERNEL"
	LINUX=$(source_version "$KERNEL")
	TREE=$TREES/$LINUX
	BUILD=$TREES/build-$LINUX
	known=$TREES/known/$(key)
	if [ -e "$known" ]; then
		touch "$known"
		cat "$known"
		return
	fi
	tree_lock
	mkdir -p "$OUT" "$TREES/known"
	find "$TREES/known" -type f -mtime +30 -delete
	[ -e "$BUILD/vmlinux" ] || say "building a small kernel from the source of $LINUX in $BUILD: this takes minutes, once"
	tree_make "$(source_dir "$LINUX")" "$TREE"
	tree_link_in "$TREE"
	copy_in
	build_as m "$OUT/modules.log"
	result "Linux $LINUX: ${MODULES[*]} as modules, without a warning" "$OUT/modules.log" modules_are_there |
		tee "$OUT/output"
	build_as y "$OUT/built-in.log"
	result "Linux $LINUX: the drivers built in, without a warning" "$OUT/built-in.log" drivers_are_built_in |
		tee -a "$OUT/output"
	! grep -q '^not ok' "$OUT/output" || return 1
	cp "$OUT/output" "$known"
}

main
