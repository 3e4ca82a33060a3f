# shellcheck shell=sh disable=SC2016
# SPDX-License-Identifier: GPL-2.0
#
# The host takes the VFs away, or the PF's driver, while a guest has a VF: on a slot of the guest's machine, from which
# it can be unplugged, and on the bus of that machine, from which it cannot (contract rows 23, 25, 29). What is in '' is
# expanded in the guest.

. /send/guests/lib.sh

guest_with_vf()
{
	guest_up 0 "$1" && vf_up 0 && guest 0 'cfgblk ping $VF'
}

guest_reads()
{
	publish 0 1 "$1" && [ "$(guest 0 'cfgblk read $VF 1')" = "$1" ]
}

told()
{
	dmesg | grep "VF 0.*vfio-pci"
}

vfs_stay()
{
	dmesg -c >/dev/null
	refused "row 29: VF on $1: sriov_numvfs 0 is refused" 1 busy sh -c "echo 0 >$SYS/$PF/sriov_numvfs"
	check "row 29: VF on $1: the log says which VF, and through what a guest has it" told
	equal "row 29: VF on $1: the VF stays" 1 "$(cat "$SYS/$PF/sriov_numvfs")"
	check "row 29: VF on $1: and works on" guest_reads "after the refusal"
}

# What a guest has heard from a PF that is served again: everything
told_again()
{
	cfgblk define "$PF" 1 --all && publish 0 1 again &&
		guest 0 'within 60 attached $VF' &&
		[ "$(guest 0 'cfgblk watch $VF --count 1 --timeout 60')" = "invalidated 1" ] &&
		[ "$(guest 0 'cfgblk read $VF 1')" = again ]
}

module_goes()
{
	dmesg -c >/dev/null
	check "row 23: VF on $1: the PF's module can go" rmmod cfgblk_pf
	check "row 29: VF on $1: the log says that a guest keeps the VF" told
	equal "row 23: VF on $1: the VF stays" 1 "$(cat "$SYS/$PF/sriov_numvfs")"
}

nobody_answers()
{
	refused "row 23: VF on $1: the guest's calls end with ETIMEDOUT" 1 ETIMEDOUT guest 0 'cfgblk read $VF 1'
	check "row 23: VF on $1: the PF's driver comes back" modprobe cfgblk_pf
	check "row 23: VF on $1: and the guest begins afresh with it" told_again
}

# In the background: the administrator takes the VF from vfio-pci
unbind_vf()
{
	dmesg -c >/dev/null
	sh -c "echo $(vf 0) >/sys/bus/pci/drivers/vfio-pci/unbind" &
	TAKER=$!
}

# The kernel says so when a signal comes, and waits on
kill_in_vain()
{
	within 60 eval 'dmesg | grep "Relaying device request to user"' && kill -9 $TAKER &&
		within 60 eval 'dmesg | grep "blocked until device is released"' && kill -0 $TAKER
}

needed "the host has a VF for a guest" host_up 1
cfgblk define "$PF" 1 --all
needed "a guest has the VF on the bus" guest_with_vf pcie.0
check "it reads" guest_reads first
vfs_stay "the bus"
module_goes "the bus"
nobody_answers "the bus"
unbind_vf
check "row 23: VF on the bus: who takes it from vfio-pci waits, and cannot be killed" kill_in_vain
check "row 23: VF on the bus: the guest works on" guest_reads "while somebody waits"
check "row 23: VF on the bus: the guest ends" eval 'guest 0 "poweroff -f"; guest_wait 0'
ended "row 23: VF on the bus: that ends the wait" 137 "$TAKER"
check "row 25: VF on the bus: now it can go" numvfs 0

check "row 25: the VF is there again" numvfs 1
needed "a guest has the VF on a slot" guest_with_vf plug
vfs_stay "a slot"
unbind_vf
ended "row 23: VF on a slot: it can be taken from vfio-pci: the guest gives it back" 0 "$TAKER"
equal "row 24: VF on a slot: the guest runs on, without a VF" 0 "$(guest 0 'ls /dev/cfgblk 2>/dev/null | wc -l')"
check "row 24: VF on a slot: and its modules can go" guest 0 'rmmod cfgblk_vf cfgblk'
check "row 25: VF on a slot: now it can go" numvfs 0
guest_kill 0
check "row 23: and so can the modules" rmmod cfgblk_pf cfgblk
end
