#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From a fresh Debian 12 or 13 to everything that the test machine needs. See README.md beside it.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$RIG_DIR/apt.sh"
. "$RIG_DIR/kernels.sh"

# perl and python3 for what kernel builds and tests run
HOST_PACKAGES=(gcc make libc6-dev cpio kmod xz-utils libjansson-dev pkg-config perl python3 groff-base)
QEMU_MIN=8

usage()
{
	cat <<-END
	Usage: setup.sh [--print-kdir] [KERNEL]
	Prepares this machine to build for and run KERNEL (6.12 unless given; 6.1, 7, a whole release, ...).
	  --print-kdir  afterwards print the directory to build modules with (make KDIR=...)
	END
}

qemu_usable()
{
	local version devices

	command -v qemu-system-x86_64 >/dev/null || return 1
	version=$(qemu-system-x86_64 --version | sed -n 's/^QEMU.*version \([0-9]*\).*/\1/p')
	[ "${version:-0}" -ge "$QEMU_MIN" ] || return 1
	devices=$(qemu-system-x86_64 -M none -device help 2>/dev/null)
	grep -q '^name "igb"' <<<"$devices"
}

# The newest that the machine may have without changing its configuration: its own release if that is new enough.
setup_qemu()
{
	local codename version

	if qemu_usable; then
		return
	fi
	apt_need_lists
	codename=$(os_codename)
	version=$(apt-cache -c "$APT_DIR/apt.conf" show --no-all-versions qemu-system-x86 |
		sed -n 's/^Version: \([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p')
	if [ "${version:-0}" -ge "$QEMU_MIN" ]; then
		apt_install "QEMU, of $codename" qemu-system-x86
	else
		apt_install "QEMU, of $codename-backports" "qemu-system-x86/$codename-backports"
	fi
	qemu_usable || die "the QEMU that was installed is older than $QEMU_MIN or has no igb device"
}

main()
{
	local kernel=6.12 print=

	while [ $# -gt 0 ]; do
		case $1 in
		--print-kdir) print=1 ;;
		-h | --help) usage; exit 0 ;;
		-*) usage >&2; exit 2 ;;
		*) kernel=$1 ;;
		esac
		shift
	done
	[ "$(dpkg --print-architecture)" = amd64 ] || die "the test machine is an amd64 one, and so must this one be"
	lock_cache
	apt_need_locked "to build and to test" "${HOST_PACKAGES[@]}"
	setup_qemu
	apt_keep busybox busybox-static
	kernel_setup "$kernel"
	if [ -n "$print" ]; then
		kernel_kdir "$(kernel_release "$kernel")"
	fi
}

main "$@"
