# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel tree that has this project in it, and a small x86-64 kernel built from it. To be sourced after rig/lib.sh,
# rig/apt.sh and kunit/source.sh.
#
# The tree is one of links to the source that make kunit unpacked, which nobody may write to; only what changes is
# copied. So it takes a moment to make. It is always at the same place: what is built from it stays good.

# Where we are in it
# shellcheck disable=SC2034 # for who sources this
PLACE=drivers/pci/cfgblk

TREES=$CACHE/tree

TREE_PACKAGES=(gcc make libc6-dev flex bison bc libelf-dev xz-utils perl git)

# Those of the tree's own files that a project in it has to change
TREE_PARENTS=(MAINTAINERS drivers/pci/Kconfig drivers/pci/Makefile samples/Kconfig samples/Makefile
	Documentation/PCI/index.rst)

tree_setup()
{
	local kernel=$1

	apt_need "to build in a kernel tree" "${TREE_PACKAGES[@]}"
	lock_cache
	source_setup "$kernel"
	exec 9>&-
}

# One tree of a version, one run at a time
tree_lock()
{
	mkdir -p "$TREES"
	exec 8>"$TREES/lock"
	if ! flock -n 8; then
		say "waiting for another run in a kernel tree"
		flock 8
	fi
}

# Each directory above these files, those that are above first
tree_directories()
{
	local dir

	for dir in "$@"; do
		while [ "$dir" != . ]; do
			dir=$(dirname "$dir")
			printf '%s\n' "$dir"
		done
	done | LC_ALL=C sort -u
}

# tree_make SOURCE TREE: links, but for what changes, and what is beside it
tree_make()
{
	local source=$1 tree=$2 dir file
	local real=("${TREE_PARENTS[@]}" drivers/Kconfig drivers/Makefile include/linux/x include/uapi/linux/x
		Documentation/ABI/testing/x tools/x)

	rm -rf "$tree"
	while read -r dir; do
		[ "$dir" = . ] || rm "$tree/$dir"
		mkdir -p "$tree/$dir"
		ln -s "$source/$dir"/* "$tree/$dir/"
	done < <(tree_directories "${real[@]}")
	for file in "${TREE_PARENTS[@]}" drivers/Kconfig drivers/Makefile; do
		rm "$tree/$file"
		cp "$source/$file" "$tree/$file"
	done
	# What tests/kunit/source.sh adds
	rm -f "$tree/drivers/cfgblk"
	sed -i '/drivers\/cfgblk\/Kconfig/d' "$tree/drivers/Kconfig"
	sed -i '/^obj-y += cfgblk\/$/d' "$tree/drivers/Makefile"
}

# The two lines that link a project into the tree. Not $(CONFIG_CFGBLK): an object that a UML kernel without the drivers
# needs is in there as well (kunit/sim_irqs.c).
tree_link_in()
{
	local tree=$1

	sed -i '/^source "drivers\/pci\/switch\/Kconfig"$/i source "drivers/pci/cfgblk/Kconfig"' "$tree/drivers/pci/Kconfig"
	grep -q cfgblk "$tree/drivers/pci/Kconfig" || die "drivers/pci/Kconfig has no place for us"
	printf 'obj-y\t\t\t\t+= cfgblk/\n' >>"$tree/drivers/pci/Makefile"
}

# tree_configure TREE BUILD m|y: nothing but what our files depend on
tree_configure()
{
	local tree=$1 build=$2 value=$3

	mkdir -p "$build"
	{
		cat "$TOP_DIR/tests/tree/config"
		printf 'CONFIG_%s\n' "CFGBLK=$value" "CFGBLK_HVIF=$value" "CFGBLK_KUNIT_TEST=$value" SAMPLE_CFGBLK=m
	} >"$build/fragment"
	MAKEFLAGS='' make -C "$tree" O="$build" ARCH=x86 KCONFIG_ALLCONFIG="$build/fragment" allnoconfig
}

# vmlinux as well: what modules may call is in it
tree_build()
{
	local tree=$1 build=$2

	MAKEFLAGS='' nice make -C "$tree" O="$build" ARCH=x86 -j "$(nproc)" vmlinux modules
}
