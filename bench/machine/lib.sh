# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts of the bench need in the test machine (busybox sh). To be sourced.
#
# Two 82576: the first is ours, the second, if it is there, belongs to the stock pair.

SYSFS=/sys/bus/pci/devices
DRIVERS=/sys/bus/pci/drivers
DEBUGFS=/sys/kernel/debug/cfgblk_bench
BLOCK=3
PF2=${PFS#"$PF"}
PF2=${PF2# }

fail()
{
	echo "$*" >&2
	exit 1
}

# wait_until COMMAND...: gives it up to ten seconds.
wait_until()
{
	tries=10000
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "in vain for ten seconds: $*"
		usleep 1000
	done
}

# vf_of PF N: address of its VF
vf_of()
{
	basename "$(readlink "$SYSFS/$1/virtfn$2")"
}

# vfs_of PF N: addresses of its first N VFs
vfs_of()
{
	for n in $(seq 0 $(($2 - 1))); do
		vf_of "$1" "$n"
	done
}

attached()
{
	cfgblk ping "$1" --count 1 >/dev/null 2>&1
}

# bind FUNCTION DRIVER
bind()
{
	echo "$2" >"$SYSFS/$1/driver_override" || exit
	[ -e "$SYSFS/$1/driver" ] || echo "$1" >/sys/bus/pci/drivers_probe || exit
}

# enable_vfs N: so many VFs, and all of them attached
enable_vfs()
{
	echo "$1" >"$SYSFS/$PF/sriov_numvfs" || exit
	for vf in $(vfs_of "$PF" "$1"); do
		wait_until attached "$vf"
	done
}

# start_pair N: both drivers and N VFs, without limits. The kernel's messages go to an emulated serial line, which costs
# more than all that is measured here.
start_pair()
{
	dmesg -n 1
	[ -z "$PF2" ] || echo igb >"$SYSFS/$PF2/driver_override"
	modprobe cfgblk_pf || exit
	modprobe cfgblk_vf allow_parent=1 || exit
	cfgblk limit "$PF" --all --none || exit
	enable_vfs "$1"
	# shellcheck disable=SC2034 # for who sources this
	VF=$(vf_of "$PF" 0)
	[ ! -e /send/cfgblk_bench.ko ] || insmod /send/cfgblk_bench.ko || exit
}

# A block of 128 bytes, as the host published it
publish()
{
	cfgblk define "$PF" $BLOCK --all --size 128 &&
		head -c 128 /dev/zero | cfgblk write "$PF" $BLOCK --all --quiet || exit
}

stop_pair()
{
	echo 0 >"$SYSFS/$PF/sriov_numvfs" || exit
	echo "$PF" >$DRIVERS/cfgblk_pf/unbind || exit
}

# igb and igbvf; the PF's interrupt handler, which answers, is there while its interface is up
start_stock()
{
	modprobe igb || exit
	ip link set dev "$(ls "$SYSFS/$PF2/net")" up || exit
	echo 0 >"$SYSFS/$PF2/sriov_drivers_autoprobe"
	echo 1 >"$SYSFS/$PF2/sriov_numvfs" || exit
	VF2=$(vf_of "$PF2" 0)
	modprobe igbvf || exit
	bind "$VF2" igbvf
	wait_until [ -e "$SYSFS/$VF2/net" ]
}

# Interrupts of functions, by number; one without a driver has none
interrupts_of()
{
	for function in "$@"; do
		ls "$SYSFS/$function/msi_irqs" 2>/dev/null
	done
}

# pin CPU FUNCTION...: an interrupt that nobody asked for has no such file. The links take their steps where the interrupt came in,
# so this pins both drivers.
pin()
{
	mask=$((1 << $1))
	shift
	for irq in $(interrupts_of "$@"); do
		[ ! -e "/proc/irq/$irq" ] || echo $mask >"/proc/irq/$irq/smp_affinity" || exit
	done
}

# counted CPU FUNCTION...: how many interrupts of a mailbox, none of packets, they have had there; on all processors if
# CPU is "all"
counted()
{
	cpu=$1
	shift
	awk -v cpu="$cpu" -v irqs="$(interrupts_of "$@" | tr '\n' ' ')" '
		BEGIN { split(irqs, list, " "); for (i in list) ours[list[i] ":"] = 1 }
		NR == 1 { cpus = NF }
		$1 in ours && $NF !~ /-(TxRx|rx|tx)-/ { for (i = 0; i < cpus; i++) if (cpu == "all" || cpu == i) n += $(i + 2) }
		END { print n + 0 }' /proc/interrupts
}

# ask KIND BYTES COUNT GAP_US CPU VF...: a run of cfgblk_bench; prints exchanges, ns, and the ns of each exchange
ask()
{
	{ echo "$*" >&3 && cat <&3; } 3<>$DEBUGFS/run || fail "no run: $*"
}
