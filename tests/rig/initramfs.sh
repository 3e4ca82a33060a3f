#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh KERNEL OUT: the root file system of the test machine.
#
# Three archives, one behind the other (the kernel unpacks all): a base of busybox and stock modules, kept in the
# cache, and small ones, made each time, with our own modules and command, and with what this run adds: the script
# RUN, the files SEND, and START, which the shell begins with. None is compressed: the machine would take longer to
# unpack them than to read them.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RUN=${RUN:-}
SEND=${SEND:-}
START=${START:-}

# What is there for modprobe, with whatever it depends on; MODULES are more of them.
# shellcheck disable=SC2206 # a list of words
STOCK_MODULES=(igb igbvf vfio-pci pci-hyperv-intf ${MODULES:-})
OUR_MODULES=(cfgblk cfgblk_pf cfgblk_vf)

# A machine with a root file system of its own: what it takes to mount it, and nothing of ours.
if [ -n "${ROOT:-}" ]; then
	STOCK_MODULES=(virtio_pci 9p 9pnet_virtio)
	OUR_MODULES=()
fi

MODULES_FROM=${CFGBLK_MODULES:-$TOP_DIR}
COMMAND=${CFGBLK_COMMAND:-$TOP_DIR/tools/cfgblk}

# pack DIR: an archive of DIR on stdout, everything owned by root whoever packs it.
pack()
{
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z | cpio --quiet -0 -o -H newc -R 0:0)
}

# The shared libraries that a program names, to the places where its loader looks for them.
copy_libraries()
{
	local program=$1 root=$2 library

	{ ldd "$program" 2>/dev/null || true; } | { grep -o '/[^ ]*' || true; } | while read -r library; do
		mkdir -p "$root$(dirname "$library")"
		cp -L "$library" "$root$library"
	done
}

# modules.dep of the whole kernel is made once, outside the unpacked package.
stock_module_files()
{
	local kernel=$1 tree=$2 release=$3 name

	mkdir -p "$tree/lib/modules/$release"
	ln -sfn "$kernel/lib/modules/$release/kernel" "$tree/lib/modules/$release/kernel"
	cp "$kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$release/"
	depmod -b "$tree" "$release"
	for name in "${STOCK_MODULES[@]}"; do
		# A kernel of tests/debug has no more than the suites ask for.
		if modinfo -b "$tree" -k "$release" "$name" >/dev/null 2>&1; then
			modprobe -d "$tree" -S "$release" --show-depends "$name"
		fi
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# copy_module FILE TREE: without compression, which busybox does not know in all its forms.
copy_module()
{
	local from=$1 to=$2

	mkdir -p "$(dirname "$to")"
	case $from in
	*.xz) xz -dc "$from" >"${to%.xz}" ;;
	*.zst) zstd -qdc "$from" >"${to%.zst}" ;;
	*.gz) gzip -dc "$from" >"${to%.gz}" ;;
	*) cp "$from" "$to" ;;
	esac
}

base_modules()
{
	local release=$1 root=$2
	local kernel scan file

	kernel=$(kernel_dir "$release")
	scan=$root.scan
	stock_module_files "$kernel" "$scan" "$release" >"$root.list"
	while read -r file; do
		copy_module "$file" "$root/${file#"$scan/"}"
	done <"$root.list"
	cp "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$release/"
}

# Its place differs between releases: /bin, and /usr/bin since both are one.
busybox_file()
{
	local dir

	for dir in bin usr/bin; do
		if [ -f "$CACHE/busybox/$dir/busybox" ]; then
			printf '%s\n' "$CACHE/busybox/$dir/busybox"
			return
		fi
	done
	die "no busybox in $CACHE/busybox: run setup.sh"
}

base_busybox()
{
	local root=$1 busybox applet

	busybox=$(busybox_file)
	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,run,tmp,root,etc,send}
	cp "$busybox" "$root/bin/busybox"
	"$busybox" --list-full | while read -r applet; do
		[ "$applet" = bin/busybox ] || ln -s /bin/busybox "$root/$applet"
	done
	ln -sf /bin/busybox "$root/bin/sh"
	# The shell prefers its own commands to those on the PATH, but a function to either.
	printf 'insmod() { /sbin/insmod "$@"; }\n' >"$root/etc/functions"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\n' >"$root/etc/group"
}

# The key covers all that goes into the base, so a changed /init or module list makes a new one.
base_key()
{
	{
		cat "${BASH_SOURCE[0]}" "$RIG_DIR/init" "$RIG_DIR/insmod" "$(busybox_file)"
		printf '%s\n' "${STOCK_MODULES[@]}"
	} | sha256sum | cut -c 1-16
}

base_image()
{
	local release=$1 out tree

	out=$CACHE/initramfs/$release-$(base_key)
	# Its age is how long nobody asked for it.
	touch -c "$out"
	if ! [ -e "$out/ready" ]; then
		say "packing the base of the test machine into $out"
		mkdir -p "$CACHE/initramfs"
		tree=$(mktemp -d "$CACHE/initramfs/new.XXXXXX")
		base_busybox "$tree/root"
		base_modules "$release" "$tree/root"
		install -m 755 "$RIG_DIR/init" "$tree/root/init"
		rm "$tree/root/sbin/insmod"
		install -m 755 "$RIG_DIR/insmod" "$tree/root/sbin/insmod"
		pack "$tree/root" >"$tree/base.cpio"
		rm -rf "$tree/root.scan" "$tree/root.list"
		touch "$tree/ready"
		# Those that nobody uses any more
		find "$CACHE/initramfs" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
		# Another run may have been faster; its result is as good.
		mv -T "$tree" "$out" 2>/dev/null || rm -rf "$tree"
	fi
	printf '%s\n' "$out"
}

# A module that was built for another kernel would only fail in the machine, with less of an explanation.
check_module()
{
	local file=$1 release=$2 built_for

	built_for=$(modinfo -F vermagic "$file" | cut -d ' ' -f 1)
	[ "$built_for" = "$release" ] ||
		die "$file was built for $built_for, the machine runs $release: make KDIR=$(kernel_kdir "$release")"
}

our_modules()
{
	local release=$1 base=$2 root=$3 name
	local modules=$root/lib/modules/$release

	mkdir -p "$modules/updates"
	for name in "${OUR_MODULES[@]}"; do
		if [ -e "$MODULES_FROM/$name.ko" ]; then
			check_module "$MODULES_FROM/$name.ko" "$release"
			cp "$MODULES_FROM/$name.ko" "$modules/updates/"
		fi
	done
	# depmod has to see the stock modules too; the links to them are not packed.
	ln -s "$base/root/lib/modules/$release/kernel" "$modules/kernel"
	cp "$base/root/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$modules/"
	depmod -b "$root" "$release"
	rm "$modules/kernel"
}

our_command()
{
	local root=$1

	if ! [ -f "$COMMAND" ] || ! [ -x "$COMMAND" ]; then
		return
	fi
	mkdir -p "$root/usr/bin"
	cp "$COMMAND" "$root/usr/bin/cfgblk"
	copy_libraries "$COMMAND" "$root"
}

# What this one run adds.
this_run()
{
	local root=$1 file

	mkdir -p "$root"/{rig,send,etc}
	if [ -n "$RUN" ]; then
		cp "$RUN" "$root/rig/"
	fi
	if [ -n "${ROOT:-}" ]; then
		mkdir "$root/rig-root"
		cp "$RIG_DIR/root.sh" "$RIG_DIR/rig.service" "$root/rig-root/"
	fi
	if [ -n "$START" ]; then
		cp "$START" "$root/etc/start"
	fi
	# shellcheck disable=SC2086 # a list of words
	for file in $SEND; do
		[ -e "$file" ] || die "SEND: there is no file or directory $file"
		cp -RH "$file" "$root/send/"
	done
}

main()
{
	local release base

	[ $# -eq 2 ] || die "usage: initramfs.sh KERNEL OUT"
	release=$(kernel_release "$1") || die "kernel $1 is not set up: run setup.sh $1"
	base=$(base_image "$release")
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
	our_modules "$release" "$base" "$WORK/ours"
	our_command "$WORK/ours"
	this_run "$WORK/run"
	{ cat "$base/base.cpio" && pack "$WORK/ours" && pack "$WORK/run"; } >"$2"
}

main "$@"
