# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What both scripts of measure.sh need in the test machine (busybox sh). To be sourced.

SYSFS=/sys/bus/pci/devices

# wait_until COMMAND...: gives it up to ten seconds.
wait_until()
{
	tries=10000
	until "$@"; do
		tries=$((tries - 1))
		if [ $tries -eq 0 ]; then
			echo "in vain for ten seconds: $*" >&2
			exit 1
		fi
		usleep 1000
	done
}

attached()
{
	cfgblk ping "$VF" --count 1 >/dev/null 2>&1
}

# start_pair PARAMETER...: both drivers, loaded with these. The kernel's messages go to an emulated serial line, which
# costs more than all that is measured here.
start_pair()
{
	dmesg -n 1
	modprobe cfgblk_pf "$@" || exit
	modprobe cfgblk_vf allow_parent=1 "$@" || exit
	echo 1 >"$SYSFS/$PF/sriov_numvfs" || exit
	VF=$(basename "$(readlink "$SYSFS/$PF/virtfn0")")
	wait_until attached
}

# Numbers of the interrupts of a function, whose handlers carry its PCI address.
interrupts_of()
{
	awk -v name="$1" '$NF == name { sub(":", "", $1); print $1 }' /proc/interrupts
}
