# shellcheck shell=sh disable=SC2016
# SPDX-License-Identifier: GPL-2.0
#
# VFs are taken away, and the PF's driver, while a guest has a VF: on a slot of the guest's machine, which gives it
# back, and on the bus of its machine, which does not (contract rows 23, 25, 29). What is in '' is expanded in the guest.

. /send/guests/lib.sh

# In the background: take COMMAND, whose end nobody can hurry but the guest
take()
{
	dmesg -c >/dev/null
	sh -c "$1" >"$TMP/taken" 2>&1 &
	TAKER=$!
}

take_vfs()
{
	take "echo 0 >$SYS/$PF/sriov_numvfs"
}

# The log tells the administrator who is waited for
told()
{
	dmesg | grep "VF 0.*vfio-pci"
}

guest_with_vf()
{
	guest_up 0 "$1" && vf_up 0 && guest 0 'cfgblk ping $VF'
}

# The kernel says so when a signal comes, and waits on
kill_in_vain()
{
	kill -9 $TAKER && within 60 eval 'dmesg | grep "blocked until device is released"' && kill -0 $TAKER
}

check "the host has a VF for a guest" host_up 1
cfgblk define "$PF" 1 --all
publish 0 1 host

check "a guest has the VF on a slot" guest_with_vf plug
take_vfs
ended "row 23: slot: the VFs can be taken away: the guest gives its VF back" 0 $TAKER
check "row 23: slot: the log says what was waited for" told
equal "row 25: slot: no VF is left" 0 "$(cat "$SYS/$PF/sriov_numvfs")"
equal "row 24: slot: the guest runs on, without a VF" 0 "$(guest 0 'ls /dev/cfgblk 2>/dev/null | wc -l')"
check "row 24: slot: and its modules can go" guest 0 'rmmod cfgblk_vf cfgblk'
guest_kill 0

check "row 25: the VF is there again" numvfs 1
check "a guest has the VF on a slot" guest_with_vf plug
take "rmmod cfgblk_pf"
ended "row 23: slot: the PF's module can go: the guest gives its VF back" 0 $TAKER
check "row 23: slot: the log says what was waited for" told
equal "row 24: slot: the guest runs on, without a VF" 0 "$(guest 0 'ls /dev/cfgblk 2>/dev/null | wc -l')"
guest_kill 0

check "the host has a VF again" host_up 1
cfgblk define "$PF" 1 --all
publish 0 1 host
check "a guest has the VF on the bus" guest_with_vf pcie.0
take_vfs
check "row 29: bus: the log says what is waited for" within 20 told
check "row 23: bus: whoever takes the VFs away cannot be killed" kill_in_vain
equal "row 23: bus: the guest reads on" host "$(guest 0 'cfgblk read $VF 1')"
check "row 23: bus: the host publishes" publish 0 1 more
equal "row 23: bus: and the guest reads that" more "$(guest 0 'cfgblk read $VF 1')"
check "row 23: bus: the guest is killed" guest_kill 0
ended "row 23: bus: that ends the wait" 137 $TAKER
equal "row 25: bus: no VF is left" 0 "$(cat "$SYS/$PF/sriov_numvfs")"

check "row 25: the VF is there again" numvfs 1
check "a guest has the VF on the bus" guest_with_vf pcie.0
take "rmmod cfgblk_pf"
check "row 29: bus: the log says what is waited for" within 20 told
check "row 23: bus: rmmod waits" kill -0 $TAKER
check "row 23: bus: the guest ends by itself" eval 'guest 0 "poweroff -f"; guest_wait 0'
ended "row 23: bus: that ends the wait, and the module is gone" 0 $TAKER
check "row 23: and all of it can be loaded again" host_up 1
check "a guest has the VF" guest_with_vf plug
guest_kill 0
check "row 23: it all goes" eval 'numvfs 0 && rmmod cfgblk_pf cfgblk'
end
