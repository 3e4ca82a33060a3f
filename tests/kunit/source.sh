# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernel source, Debian's, unpacked in the cache, with this project linked into it as drivers/cfgblk.
# To be sourced after lib.sh and apt.sh.

SOURCES=$CACHE/kunit/source

# The package version that a kernel name stands for; fails when it was never set up.
source_version()
{
	local name=$1

	cat "$SOURCES/names/$name" 2>/dev/null
}

source_dir()
{
	printf '%s/%s\n' "$SOURCES" "$1"
}

# The source package of a name such as 6.12, newest, or a whole release such as 6.12.9+deb13-amd64; 7 is the newest 7.x.
source_package()
{
	local name=$1 series

	case $name in
	newest) series='[0-9]+' ;;
	*) series=$(printf '%s\n' "$name" | sed -E 's/^([0-9]+(\.[0-9]+)?).*/\1/; s/\./\\./g') ;;
	esac
	apt_names linux-source- | { grep -E "^linux-source-$series(\\.[0-9]+)?\$" || true; } | sort -rV | sed -n 1p
}

# Ends with PACKAGE set, and APT_DIR to the view of apt that has it.
source_find()
{
	local name=$1 own=$APT_DIR further

	PACKAGE=$(source_package "$name")
	if [ -n "$PACKAGE" ] && [ "$name" != newest ]; then
		return
	fi
	apt_look_further
	further=$(source_package "$name")
	if [ "$(newer "$PACKAGE" "$further")" = "$further" ]; then
		PACKAGE=$further
	else
		APT_DIR=$own
	fi
}

source_package_version()
{
	apt-cache -c "$APT_DIR/apt.conf" show --no-all-versions "$1" | sed -n 's/^Version: //p'
}

# UML maps at most 128 areas of 16 MiB: too few for 64 VFs with two BARs each. Smaller areas, more of them.
source_patch()
{
	local tree=$1

	sed -i 's/^#define AREA_SHIFT\t24$/#define AREA_SHIFT\t20/' "$tree/lib/logic_iomem.c"
	grep -q '^#define AREA_SHIFT.20$' "$tree/lib/logic_iomem.c" ||
		die "lib/logic_iomem.c has another AREA_SHIFT than 24"
	printf 'source "drivers/cfgblk/Kconfig"\n' >>"$tree/drivers/Kconfig"
	printf 'obj-y += cfgblk/\n' >>"$tree/drivers/Makefile"
}

# What writes gcov's counters is a destructor with a priority, in a section of its own that UML's linker scripts leave
# out. Once is enough: make would link again.
source_patch_counters()
{
	local tree=$1 script

	for script in arch/um/kernel/dyn.lds.S arch/um/include/asm/common.lds.S; do
		if ! grep -qF '.fini_array.*' "$tree/$script"; then
			sed -i 's/\*(\.fini_array)/*(.fini_array .fini_array.*)/' "$tree/$script"
		fi
		grep -qF '*(.fini_array .fini_array.*)' "$tree/$script" || die "$script has another .fini_array than known"
	done
}

source_unpack()
{
	local package=$1 version=$2 new tarball

	new=$(source_dir "$version").new
	say "unpacking the source of Linux $version into $(source_dir "$version")"
	rm -rf "$new" "$(source_dir "$version")"
	apt_unpack "$new" "$package"
	tarball=$(printf '%s\n' "$new"/usr/src/linux-source-*.tar.xz)
	progress "unpacking $(basename "$tarball") ..."
	mkdir "$new/tree"
	tar -C "$new/tree" --strip-components=1 -xf "$tarball"
	source_patch "$new/tree"
	mv "$new/tree" "$(source_dir "$version")"
	rm -rf "$new"
	progress_end
}

# Ends with the source of that name unpacked. Never looks at the network when it is there already.
source_setup()
{
	local name=$1 version PACKAGE APT_DIR=$APT_DIR

	if version=$(source_version "$name") && [ -e "$(source_dir "$version")/Makefile" ]; then
		return
	fi
	apt_need_lists
	source_find "$name"
	[ -n "$PACKAGE" ] || die "no package linux-source-$name in $(os_codename) or its backports"
	version=$(source_package_version "$PACKAGE")
	if ! [ -e "$(source_dir "$version")/Makefile" ]; then
		source_unpack "$PACKAGE" "$version"
	fi
	mkdir -p "$SOURCES/names"
	printf '%s\n' "$version" >"$SOURCES/names/$name"
}

# drivers/cfgblk: a link for each source file, and for nothing else. A link to the whole checkout would let make find
# the objects of an ordinary build there, and take them for its own.
source_link()
{
	local dir=$1/drivers/cfgblk

	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$TOP_DIR" && find Kbuild Kconfig common pf vf kunit include -type f \
		\( -name 'K*' -o -name '*.[ch]' ! -name '*.mod.c' \)) |
		while read -r file; do
			mkdir -p "$dir/$(dirname "$file")"
			ln -s "$TOP_DIR/$file" "$dir/$file"
		done
}
