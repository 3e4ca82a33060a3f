# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# VFs on and off, and modules in and out, again and again, with nothing left behind (contract rows 23, 25).

. /send/cases/lib.sh

pings()
{
	n=0
	while [ $n -lt "$1" ]; do
		cfgblk ping "$(vf $n)" --count 1 >/dev/null || return
		n=$((n + 1))
	done
}

nodes()
{
	ls /dev/cfgblk 2>/dev/null | wc -l
}

# On, a word with each VF, off, and no node but the PF's
cycle()
{
	numvfs "$1" && [ "$(nodes)" -eq $(($1 + 1)) ] && pings "$1" || return
	numvfs 0 && [ "$(nodes)" -eq 1 ]
}

twenty_cycles()
{
	round=0
	while [ $round -lt 20 ]; do
		cycle "$1" || return
		round=$((round + 1))
	done
}

left_behind()
{
	nodes
	ls /sys/class/cfgblk /sys/kernel/debug/cfgblk 2>/dev/null
	grep -E 'cfgblk|0000:0' /proc/interrupts | grep "$PF\|:10\." | grep -v "$OTHERS"
	grep cfgblk /proc/devices /proc/iomem
	lsmod | grep cfgblk
}

nothing_left()
{
	equal "row 23: $1: nothing is left behind" 0 "$(left_behind)"
}

# Lines of /proc/interrupts that were there before us
OTHERS=$(grep -c . /proc/interrupts)nothing

check "rows 23, 25: both drivers" eval "modprobe cfgblk_pf && modprobe cfgblk_vf allow_parent=1"
for n in 1 2 3 4 5 6 7 8; do
	check "row 25: 0 to $n VFs and back, 20 times" twenty_cycles $n
done
equal "row 25: more VFs than there are is out of range" 1 "$(numvfs 9 2>&1 | grep -c 'out of range')"
check "row 25: three VFs" numvfs 3
equal "row 25: another number while they are on is refused" 1 "$(numvfs 2 2>&1 | grep -c busy)"
check "row 25: the same number is accepted" numvfs 3
equal "row 23: the shared module is in use" 1 "$(rmmod cfgblk 2>&1 | grep -c 'in use\|unavailable\|busy')"

check "row 23: VFs on: the PF's module first" rmmod cfgblk_pf
check "row 23: then the VF's" rmmod cfgblk_vf
check "row 23: then the shared one" rmmod cfgblk
nothing_left "PF, VF"

check "row 23: all again" start 3
check "row 23: VFs on: the VF's module first" rmmod cfgblk_vf
check "row 23: then the PF's" rmmod cfgblk_pf
check "row 23: then the shared one" rmmod cfgblk
nothing_left "VF, PF"

check "row 23: all again" start 8
check "row 23: VFs off first" numvfs 0
check "row 23: then the VF's module" rmmod cfgblk_vf
check "row 23: then the PF's" rmmod cfgblk_pf
check "row 23: then the shared one" rmmod cfgblk
nothing_left "off, VF, PF"

check "row 23: all again" start 8
check "row 23: VFs off first" numvfs 0
check "row 23: then the PF's module" rmmod cfgblk_pf
check "row 23: then the VF's" rmmod cfgblk_vf
check "row 23: then the shared one" rmmod cfgblk
nothing_left "off, PF, VF"

check "the stock driver takes the card again" eval "modprobe igb && ls $SYS/$PF/driver | grep -q . && rmmod igb"
end
