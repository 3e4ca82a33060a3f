#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh NAME: builds a kernel for the test machine with checks that a stock one does not have, from Debian's source,
# and puts it beside the stock ones: KERNEL=NAME is it from then on, for make vm and everything else.
#
# NAME is kasan or kcsan: base.config and NAME.config beside this file. One build for each version and configuration.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/kunit/source.sh"

DEBUG_DIR=$TOP_DIR/tests/debug
# The source that the checked kernels are made from
SERIES=6.12

BUILD_PACKAGES=(gcc make libc6-dev flex bison bc libelf-dev xz-utils kmod perl)

# The tree of make kunit has its drivers/cfgblk made anew at each run, in the middle of which no other kernel can be
# built. A tree of links to the same files, without ours.
debug_source()
{
	local version=$1 tree new

	tree=$CACHE/debug/source/$version
	new=$tree.new
	if [ -e "$tree/Makefile" ]; then
		return
	fi
	rm -rf "$new"
	mkdir -p "$CACHE/debug/source"
	cp -al "$(source_dir "$version")" "$new"
	rm -rf "$new/drivers/cfgblk"
	# sed -i writes a new file: the other tree keeps its own.
	sed -i '/drivers\/cfgblk\/Kconfig/d' "$new/drivers/Kconfig"
	sed -i '/cfgblk\//d' "$new/drivers/Makefile"
	mv "$new" "$tree"
}

fragments()
{
	cat "$DEBUG_DIR/base.config" "$DEBUG_DIR/$1.config"
}

# 6.12.117 of 6.12.117-1~deb12u1
upstream_version()
{
	printf '%s\n' "${1%%-*}"
}

# The release says what the kernel was built from: another configuration is another kernel.
debug_release()
{
	local name=$1 version=$2 key

	key=$({ printf '%s\n' "$version"; fragments "$name"; } | sha256sum | cut -c 1-8)
	printf '%s-%s-%s\n' "$(upstream_version "$version")" "$name" "$key"
}

# A setting that another one forbids is dropped without a word: then the kernel is not what the file says.
check_config()
{
	local name=$1 build=$2 line

	while read -r line; do
		grep -qxF "$line" "$build/.config" || die "$name.config: the kernel did not take: $line"
	done < <(fragments "$name" | grep -E '^(CONFIG_|# CONFIG_)')
}

configure()
{
	local name=$1 tree=$2 build=$3 release=$4

	{
		fragments "$name"
		printf 'CONFIG_LOCALVERSION="-%s"\n' "${release#*-}"
	} >"$build/fragment"
	make -C "$tree" O="$build" KCONFIG_ALLCONFIG="$build/fragment" allnoconfig
	check_config "$name" "$build"
}

# What setup.sh makes of a package: boot, lib/modules, build
arrange()
{
	local dir=$1 release=$2

	mkdir -p "$dir/boot"
	cp "$dir/build/arch/x86/boot/bzImage" "$dir/boot/vmlinuz-$release"
	make -C "$dir/build" INSTALL_MOD_PATH="$dir" modules_install
	rm -f "$dir/lib/modules/$release"/{build,source}
}

build_steps()
{
	local name=$1 tree=$2 dir=$3 release=$4

	mkdir -p "$dir/build"
	configure "$name" "$tree" "$dir/build" "$release"
	# Only for as long as nobody else wants the processors
	nice make -C "$dir/build" --jobs="$(nproc)" bzImage modules
	arrange "$dir" "$release"
}

# An interrupted build goes on where it was.
build()
{
	local name=$1 version=$2 release=$3 dir log

	dir=$(kernel_dir "$release")
	log=$dir/build.log
	if [ -e "$dir/ready" ]; then
		return
	fi
	mkdir -p "$dir"
	say "building Linux $release in $dir: this takes minutes, once"
	# A function in a condition runs on after errors: not this one.
	if ! "${BASH_SOURCE[0]}" --steps "$name" "$CACHE/debug/source/$version" "$dir" "$release" >"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "the build of $release failed; $log has the rest"
	fi
	touch "$dir/ready"
}

# Cache locked for as long as something is fetched, the build only against another of the same.
main()
{
	local name=$1 version release

	[ -e "$DEBUG_DIR/$name.config" ] || die "there is no $name.config"
	lock_cache
	apt_need_locked "to build a kernel" "${BUILD_PACKAGES[@]}"
	source_setup "$SERIES"
	version=$(source_version "$SERIES")
	debug_source "$version"
	exec 9>&-
	release=$(debug_release "$name" "$version")
	exec 8>"$CACHE/debug/lock-$name"
	flock 8
	build "$name" "$version" "$release"
	mkdir -p "$CACHE/kernels/names"
	printf '%s\n' "$release" >"$CACHE/kernels/names/$name"
	printf '%s\n' "$release"
}

if [ "${1:-}" = --steps ]; then
	shift
	build_steps "$@"
else
	[ $# -eq 1 ] || die "usage: kernel.sh NAME"
	main "$1"
fi
