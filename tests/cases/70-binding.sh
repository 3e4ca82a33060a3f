# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# A card that the network driver holds: never taken by itself, handed over and given back as README.md says.

. /send/cases/lib.sh

driver_of()
{
	basename "$(readlink "$SYS/$1/driver")"
}

# README.md, "On a card of yours"
hand_over()
{
	modprobe cfgblk_pf &&
		echo cfgblk_pf >"$SYS/$PF/driver_override" &&
		echo "$PF" >"$SYS/$PF/driver/unbind" &&
		echo "$PF" >/sys/bus/pci/drivers_probe
}

give_back()
{
	numvfs 0 &&
		echo >"$SYS/$PF/driver_override" &&
		echo "$PF" >"$SYS/$PF/driver/unbind" &&
		echo "$PF" >/sys/bus/pci/drivers_probe
}

for module in cfgblk cfgblk_pf cfgblk_vf; do
	equal "loading is explicit: $module names no device to load it for" 0 \
		"$(grep -c 'alias=pci:' "/lib/modules/$(uname -r)/updates/$module.ko")"
done
modprobe cfgblk_vf
echo cfgblk_vf >"$SYS/$PF/driver_override"
refused "a device that the driver does not know is not taken" 1 . sh -c "echo $PF >/sys/bus/pci/drivers/cfgblk_vf/bind"
equal "and one line says why" 1 "$(dmesg | grep -c 'not driven: its mailbox is not known')"
echo >"$SYS/$PF/driver_override"
rmmod cfgblk_vf cfgblk

check "the network driver has the card" modprobe igb
check "our driver is loaded" modprobe cfgblk_pf
equal "and does not take the card" igb "$(driver_of "$PF")"
refused "the command says who has it" 1 igb cfgblk show "$PF"

check "the card is handed over" hand_over
equal "and is ours" cfgblk_pf "$(driver_of "$PF")"
check "VFs come up" numvfs 2
check "and their driver" modprobe cfgblk_vf allow_parent=1
check "and speak" cfgblk ping "$(vf 1)"

rmmod cfgblk_vf
check "the card is given back" give_back
equal "to the network driver" igb "$(driver_of "$PF")"
check "which has its VFs again" numvfs 2
check "and its VF driver" modprobe igbvf
equal "and the VFs are that driver's" igbvf "$(driver_of "$(vf 0)")"
equal "our node is gone" 0 "$(ls /dev/cfgblk 2>/dev/null | wc -l)"
check "it goes" eval "rmmod igbvf; numvfs 0; rmmod igb"
check "and so do we" rmmod cfgblk_pf cfgblk
end
