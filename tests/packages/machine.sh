# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# In a machine that runs what the packages were installed into: loaded, bound, the file applied, upgraded, removed.
# Expects the version that is there and the next one in the kernel's command line.

usleep()
{
	sleep "$(printf '0.%06d' "$1")"
}

# shellcheck source=/dev/null
. /run/send/cases/lib.sh

CONFIG=/etc/cfgblk/$PF.json
UNIT=cfgblk-apply@$PF.service
RULE=/etc/udev/rules.d/60-cfgblk-card.rules
NEXT=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^CFGBLK_NEXT=//p')

# outside COMMAND: in this root file system, but by the machine that emulates this one, which is faster
outside()
{
	echo "$*" >/root/ask.new
	mv /root/ask.new /root/ask
	within 300 test -e /root/answer || return
	status=$(cat /root/answer)
	rm /root/answer
	# What was read here before may no longer be so.
	echo 3 >/proc/sys/vm/drop_caches
	cat /root/told
	return "$status"
}

driver_of()
{
	basename "$(readlink "$SYS/$1/driver")"
}

loaded()
{
	grep -c '^cfgblk' /proc/modules
}

# README.md, "On a card of yours"
hand_over()
{
	modprobe cfgblk_pf && bind_to cfgblk_pf
}

bind_to()
{
	echo "$1" >"$SYS/$PF/driver_override"
	echo "$PF" >"$SYS/$PF/driver/unbind"
	echo "$PF" >/sys/bus/pci/drivers_probe
}

give_back()
{
	bind_to ''
}

holds()
{
	[ "$(cfgblk read "$PF" 3 --vf 1)" = "$1" ]
}

# Who waits for the unit sees that it has run, or that it never will.
ran()
{
	systemctl show -P Result "$UNIT" | grep -qx "$1" &&
		systemctl show -P ExecMainExitTimestampMonotonic "$UNIT" | grep -qv '^0*$'
}

site()
{
	printf '{ "%s": { "vfs": { "all": { "blocks": [ { "id": 3, "access": "ro", "text": "%s" } ] } } } }\n' "$PF" "$1" >"$CONFIG"
}

udevadm settle
within 6 test -e "$SYS/$PF/driver"
equal "the network driver has the card" igb "$(driver_of "$PF")"
equal "and nothing of ours loads by itself" 0 "$(loaded)"

check "without a file the PF is bound" hand_over
udevadm settle
check "and its unit was asked for" within 6 eval "systemctl show -P ConditionTimestampMonotonic $UNIT | grep -qv '^0*$'"
equal "and has nothing to do" no "$(systemctl show -P ConditionResult "$UNIT")"
equal "and has not failed" success "$(systemctl show -P Result "$UNIT")"
refused "and there is no block" 1 ENOENT cfgblk read "$PF" 3 --vf 1
check "the card is given back" give_back
equal "to the network driver" igb "$(driver_of "$PF")"

site first
check "with a file the PF is bound" bind_to cfgblk_pf
check "and the file is applied" within 6 holds first
check "by the unit" within 6 ran success
site second
check "it is changed and applied by hand" systemctl start "$UNIT"
check "and holds" holds second
# First, or udev would have igbvf take them
check "the VF driver is loaded" modprobe cfgblk_vf allow_parent=1
check "VFs come" numvfs 2
equal "and one reads what the file says" second "$(cfgblk read "$(vf 1)" 3)"
equal "no unit is asked for a VF" 1 "$(systemctl list-units --all --plain --no-legend 'cfgblk-apply@*' | wc -l)"

site third
check "everything is upgraded: the modules" outside "dpkg -i /root/debs/$NEXT/cfgblk-dkms_${NEXT}_all.deb"
check "and the command" dpkg -i "/root/debs/$NEXT/cfgblk-tools_${NEXT}_amd64.deb"
equal "and systemd, which has read the unit," "the upgrade" "$(systemctl show -P Description "$UNIT")"
equal "what was loaded goes on" second "$(cfgblk read "$(vf 1)" 3)"
check "the VFs go" numvfs 0
check "it is unloaded" rmmod cfgblk_vf cfgblk_pf cfgblk
check "and loaded anew" modprobe cfgblk_pf
echo "$PF" >/sys/bus/pci/drivers_probe
equal "the new driver has the card" cfgblk_pf "$(driver_of "$PF")"
check "and the file is applied again" within 6 holds third
equal "the version is the new one" "cfgblk/$NEXT, $(uname -r), x86_64: installed" "$(outside 'dkms status')"
check "and so are the modules" eval 'modinfo -F description cfgblk_pf | grep "the upgrade"'

echo '{' >"$CONFIG"
refused "a file with an error fails" 1 . systemctl start "$UNIT"
check "and the journal says where" eval 'journalctl -u "$UNIT" | grep "line 2, column"'

# As at boot, when nobody has the card yet, with the rule of Documentation/packages.rst
site fourth
check "nobody has the card" eval 'echo >"$SYS/$PF/driver_override" && echo "$PF" >"$SYS/$PF/driver/unbind"'
check "and no module is loaded" eval "rmmod cfgblk_pf cfgblk && modprobe -r igb"
check "a rule may give it to us" eval 'sed -n "s/^ *\(.*driver_override}=\"cfgblk_pf.*\)/\1/p" /run/send/packages.rst | grep "$PF" >$RULE'
udevadm control --reload
check "when the card comes" udevadm trigger --action=add --settle "$SYS/$PF"
equal "we have it" cfgblk_pf "$(driver_of "$PF")"
check "and the network driver, which comes then," modprobe igb
equal "has not" cfgblk_pf "$(driver_of "$PF")"
check "and the file is applied once more" within 6 holds fourth
rm "$RULE" "$CONFIG"

check "the card goes back" give_back
check "the modules go" rmmod cfgblk_pf cfgblk
# For good: a kernel that has this set does not let go of it
echo 1 >/sys/module/module/parameters/sig_enforce
refused "where only known keys count" 1 'Key was rejected by service' modprobe cfgblk_pf
check "the command is purged" dpkg -P cfgblk-tools
check "and so are the modules, for good" outside dpkg -P cfgblk-dkms
refused "which nobody can load any more" 1 'not found' modprobe cfgblk_pf
equal "and none is there" 0 "$(loaded)"
equal "of our units none is left" 0 "$(systemctl list-unit-files --no-legend 'cfgblk*' | wc -l)"
rm -f /root/told
end
