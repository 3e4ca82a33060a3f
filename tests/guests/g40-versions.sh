# shellcheck shell=sh disable=SC2016
# SPDX-License-Identifier: GPL-2.0
#
# A host and a guest whose protocol versions differ: both say both ranges in one line, and go on when there is one in
# common (contract row 21). What is in '' is expanded in the guest.
# VERSIONS=2-2 1-2

. /send/guests/lib.sh

# The guest's modules, of those versions: guest_loads MIN-MAX
guest_loads()
{
	guest 0 "dmesg -c >/dev/null; rmmod cfgblk_vf cfgblk 2>/dev/null; insmod /send/*-$1/cfgblk.ko && insmod /send/*-$1/cfgblk_vf.ko"
}

# The host's, and a VF
host_loads()
{
	insmod /send/*-"$1"/cfgblk.ko && insmod /send/*-"$1"/cfgblk_pf.ko && numvfs 1
}

is_refused()
{
	guest 0 'within 60 eval "cfgblk show \$VF | grep \"link *refused\""'
}

# lines of both ends that name both ranges: refusals VF PF
host_says()
{
	dmesg | grep -c "VF 0: refused: its driver speaks protocol versions $1, this one $2;"
}

guest_says()
{
	guest 0 "dmesg | grep -c 'refused by the PF: it speaks protocol versions $2, this driver $1;'"
}

needed "a host of version 1" host_up 1
cfgblk define "$PF" 1 --all
publish 0 1 host
needed "a guest" guest_up 0
check "row 21: newer guest: a driver of version 2 alone is loaded" guest_loads 2-2
check "row 21: newer guest: its link is refused" is_refused
equal "row 21: newer guest: it says both ranges in one line" 1 "$(guest_says "2 to 2" "1 to 1")"
equal "row 21: newer guest: and so does the host" 1 "$(host_says "2 to 2" "1 to 1")"
refused "row 21: newer guest: a read is refused" 1 EPROTONOSUPPORT guest 0 'cfgblk read $VF 1'
refused "row 21: newer guest: a write is refused" 1 EPROTONOSUPPORT guest 0 'cfgblk write $VF 1 --hex 00'
check "row 21: newer guest: the host tells" eval 'cfgblk show "$PF" | grep refused'
check "row 21: guest of both: a driver of versions 1 and 2 is loaded" guest_loads 1-2
check "row 21: guest of both: its link comes up" guest 0 'within 60 attached $VF'
check "row 21: guest of both: with version 1" guest 0 'cfgblk show $VF | grep "version 1,"'
equal "row 21: guest of both: and it reads" host "$(guest 0 'cfgblk read $VF 1')"
check "the guest ends" guest_kill 0
check "the host's modules go" eval 'numvfs 0 && rmmod cfgblk_pf cfgblk'

needed "a host of version 2 alone" host_loads 2-2
cfgblk define "$PF" 1 --all
publish 0 1 host
needed "a guest" guest_up 0
dmesg -c >/dev/null
check "row 21: newer host: a driver of version 1 is loaded" guest 0 'modprobe cfgblk_vf'
check "row 21: newer host: its link is refused" is_refused
equal "row 21: newer host: it says both ranges in one line" 1 "$(guest_says "1 to 1" "2 to 2")"
equal "row 21: newer host: and so does the host" 1 "$(host_says "1 to 1" "2 to 2")"
refused "row 21: newer host: a read is refused" 1 EPROTONOSUPPORT guest 0 'cfgblk read $VF 1'
check "row 21: both newer: a driver of versions 1 and 2 is loaded" guest_loads 1-2
check "row 21: both newer: its link comes up" guest 0 'within 60 attached $VF'
check "row 21: both newer: with version 2" guest 0 'cfgblk show $VF | grep "version 2,"'
equal "row 21: both newer: and it reads" host "$(guest 0 'cfgblk read $VF 1')"
check "the guest ends" guest_kill 0
check "row 23: it all goes" eval 'numvfs 0 && rmmod cfgblk_pf cfgblk'
end
