# shellcheck shell=sh disable=SC2016
# SPDX-License-Identifier: GPL-2.0
#
# Two guests at once, and a VF that the host keeps: each its own blocks; and what a reset from the host, a reboot and
# another driver in one guest do to it and to the other (contract rows 7, 22, 30). What is in '' is expanded in the guest.

. /send/guests/lib.sh

# A VF for the host itself
vf_keep()
{
	kept=$(vf "$1")
	modprobe cfgblk_vf allow_parent=1 &&
		echo cfgblk_vf >"$SYS/$kept/driver_override" &&
		echo "$kept" >/sys/bus/pci/drivers_probe &&
		within 60 attached "$kept"
}

# Until something ends them, with their last words
exchange_for_ever()
{
	guest 0 '/send/exchange $VF 5 100000000 1' >"$TMP/exchange" 2>&1 &
	LOOP=$!
	within 60 more_than "$(counter "$PF" requests --vf 0)" counter "$PF" requests --vf 0
}

exchange_at_once()
{
	guest 0 '/send/exchange $VF 5 200 1' &
	first=$!
	guest 1 '/send/exchange $VF 5 200 2' && wait $first
}

# Guest 0 has the channel as if it were new: what it had written is gone, and it reads what is published
begins_afresh()
{
	[ "$(guest 0 'cfgblk watch $VF --count 1 --timeout 60')" = "invalidated 1" ] &&
		[ "$(guest 0 'cfgblk read $VF 1')" = "for 0" ] &&
		guest 0 'cfgblk read $VF 5' 2>&1 | grep -q ENODATA
}

write_both()
{
	guest 0 'printf "by 0" | cfgblk write $VF 5' && guest 1 'printf "by 1" | cfgblk write $VF 5' &&
		holds 0 5 "by 0" && holds 1 5 "by 1"
}

guest_1_goes_on()
{
	[ "$handshakes" = "$(counter "$PF" handshakes --vf 1)" ] && holds 1 5 "by 1" && guest 1 'cfgblk ping $VF'
}

needed "the host has VFs for two guests and itself" host_up 3
cfgblk define "$PF" 1 --all
cfgblk define "$PF" 5 --all
cfgblk define "$PF" 6 --vf 1
publish 0 1 "for 0"
publish 1 1 "for 1"
publish 1 6 "for 1 alone"
check "row 30: the host keeps one" vf_keep 2
check "row 30: and is the parent partition" eval 'cfgblk show "$(vf 2)" | grep "partition *parent"'
needed "a guest with VF 0" guest_up 0
needed "a guest with VF 1" guest_up 1
check "its driver starts in the one" vf_up 0
check "and in the other" vf_up 1
check "row 30: the one is a child partition" guest 0 'cfgblk show $VF | grep "partition *child"'

equal "row 7: guest 0 reads its own" "for 0" "$(guest 0 'cfgblk read $VF 1')"
equal "row 7: guest 1 reads its own" "for 1" "$(guest 1 'cfgblk read $VF 1')"
refused "row 7: guest 0 does not see a block of guest 1" 1 ENOENT guest 0 'cfgblk read $VF 6'
refused "row 7: and cannot write it" 1 ENOENT guest 0 'cfgblk write $VF 6 --hex 00'
equal "row 7: guest 1 does" "for 1 alone" "$(guest 1 'cfgblk read $VF 6')"
check "row 7: both write the same id, and the host finds both" write_both
check "row 7: the host's own VF sees neither" eval 'cfgblk read "$(vf 2)" 5 2>&1 | grep ENODATA'
check "row 7: both exchange blocks at once" exchange_at_once
check "row 7: both write again" write_both

guest 0 'cfgblk watch $VF --count 1 --timeout 60' >"$TMP/first"
handshakes=$(counter "$PF" handshakes --vf 1)
check "row 22: guest 0 exchanges blocks" exchange_for_ever
before=$(resets 0)
check "row 22: the host resets its VF meanwhile" cfgblk reset "$PF" --vf 0
ended "row 22: that ends the guest's call" 1 "$LOOP"
equal "row 22: with ECONNRESET" "Connection reset by peer" "$(sed 's/.*: //' "$TMP/exchange")"
check "row 22: the PF saw the reset" within 60 more_than "$before" resets 0
check "row 22: guest 0 begins afresh, without a word from its host" begins_afresh
check "row 22: guest 1 noticed nothing" guest_1_goes_on

check "row 22: guest 0 writes" guest 0 'printf "by 0" | cfgblk write $VF 5'
before=$(resets 0)
refused "row 22: guest 0 reboots" 125 'booted anew' guest 0 'reboot -f'
check "row 22: the PF saw the reset" within 60 more_than "$before" resets 0
check "row 22: its driver starts again" vf_up 0
check "row 22: guest 0 begins afresh" begins_afresh
check "row 22: guest 1 noticed nothing" guest_1_goes_on

check "row 22: guest 0 writes" guest 0 'printf "by 0" | cfgblk write $VF 5'
check "row 22: its driver is loaded anew" guest 0 'rmmod cfgblk_vf && modprobe cfgblk_vf && within 60 attached $VF'
check "row 22: guest 0 begins afresh" begins_afresh
check "row 22: guest 1 noticed nothing" guest_1_goes_on

check "row 23: the modules can go in a guest" guest 1 'rmmod cfgblk_vf cfgblk'
check "the guests end" eval 'guest_kill 0; guest_kill 1'
check "row 23: and all goes in the host" eval 'rmmod cfgblk_vf && numvfs 0 && rmmod cfgblk_pf cfgblk'
end
