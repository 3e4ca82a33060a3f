#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The test machine with what it takes to run guests in it: an IOMMU, a processor with virtualisation, and the files of
# this machine, read only, of which it takes QEMU, the kernel and the root file system of the guests.
#
# RUN is a script for the host, which has the functions of host.sh; START for a shell there. SEND goes to the guests
# as well. Everything else is as vm.sh has it, and so is the exit status.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

KERNEL=${KERNEL:-6.12}
RUN=${RUN:-}
SEND=${SEND:-}
DIE_STATUS=125

# With two processors the machine was seen to hang.
export SMP=1 MEM=${MEM:-1536} TIMEOUT=${TIMEOUT:-900} KERNEL RUN
# The interrupts of an assigned device need remapping, and that an interrupt controller without the kernel's help.
export MACHINE=q35,kernel-irqchip=off SHARE=/
export MODULES="kvm-amd vfio_iommu_type1 virtio_pci 9p 9pnet_virtio"
# What the kernel does not know becomes environment.
APPEND="${APPEND:-} intel_iommu=on iommu=nopt ROLE=host"
QEMU_EXTRA="-device intel-iommu,intremap=on,caching-mode=on ${QEMU_EXTRA:-}"
export APPEND QEMU_EXTRA

if [ -n "$RUN" ]; then
	export UP='Run /init as init process' UP_NAME='its kernel had booted' SILENCE=120
fi

guest_image()
{
	RUN=$RIG_DIR/agent.sh START='' MODULES='' SEND=$SEND "$RIG_DIR/initramfs.sh" "$KERNEL" "$1"
}

# Where the host finds what it starts guests with, by names that are those of this machine
guest_config()
{
	local release
	release=$(kernel_release "$KERNEL")

	printf "GUEST_KERNEL='%s'\n" "$(kernel_dir "$release")/boot/vmlinuz-$release"
	printf "GUEST_IMAGE='%s'\n" "$1"
}

main()
{
	local work

	if ! kernel_release "$KERNEL" >/dev/null; then
		"$RIG_DIR/setup.sh" "$KERNEL" || exit "$DIE_STATUS"
	fi
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # as it is now
	trap "rm -rf '$work'" EXIT
	guest_image "$work/image" || exit "$DIE_STATUS"
	guest_config "$work/image" >"$work/guest.conf"
	SEND="$SEND $RIG_DIR/host.sh $work/guest.conf" "$RIG_DIR/vm.sh"
}

main
