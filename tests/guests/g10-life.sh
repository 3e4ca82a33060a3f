# shellcheck shell=sh disable=SC2016
# SPDX-License-Identifier: GPL-2.0
#
# One guest: what was published before it boots, while it boots and while it runs; it is killed while it writes, and
# another one gets its VF (contract rows 4, 14, 16, 22, 30). What is in '' is expanded in the guest.

. /send/guests/lib.sh

# Writes the numbers from 1 on, each as 128 digits, and says so once the write has returned
WRITE_NUMBERS='n=0; while n=$((n + 1)); do printf %0128d $n | cfgblk write $VF 5 && echo $n || break; done'

# What the host finds is whole, and no older than what the guest knows to be written
number_is_whole()
{
	acknowledged=$(tail -n 1 "$TMP/numbers")
	found=$(cfgblk read "$PF" 5 --vf 0) || return
	[ ${#found} -eq 128 ] || return
	case $found in *[!0-9]*) return 1 ;; esac
	[ "$(echo "$found" | sed 's/^0*//')" -ge "${acknowledged:-1}" ]
}

twenty_numbers()
{
	round=0
	while [ $round -lt 20 ]; do
		number_is_whole || { echo "found $found, acknowledged $acknowledged"; return 1; }
		round=$((round + 1))
	done
}

needed "the host has a VF for a guest" host_up 1
cfgblk define "$PF" 1 --all
cfgblk define "$PF" 2 --all
cfgblk define "$PF" 3 --all
cfgblk define "$PF" 5 --all
check "row 14: the host publishes before the guest boots" publish 0 1 before
guest_start 0
check "row 14: and while it boots" publish 0 2 booting
guest_booted 0 || guest_again 0
needed "the guest is up" guest_alive 0
check "row 30: the VF driver starts by itself in a guest" vf_up 0
check "row 30: which is the child partition" guest 0 'cfgblk show $VF | grep "partition *child"'
equal "row 14: the guest is told to read both blocks" "invalidated 1 2" \
	"$(guest 0 'cfgblk watch $VF --count 1 --timeout 60')"
equal "row 3: it reads the one" before "$(guest 0 'cfgblk read $VF 1')"
equal "row 3: and the other" booting "$(guest 0 'cfgblk read $VF 2')"

check "row 16: the guest watches" guest 0 'watch_to /run/watch $VF --count 1 --timeout 60'
check "row 10: the host publishes while it runs" publish 0 3 running
equal "row 16: the guest's watcher hears of it" "invalidated 3" \
	"$(guest 0 'within 60 test -s /run/watch; cat /run/watch')"
equal "row 3: and it reads the block" running "$(guest 0 'cfgblk read $VF 3')"
check "row 4: the host watches" watch_to "$TMP/watch" "$PF" --count 1 --timeout 60
check "row 4: the guest writes" guest 0 'printf "from the guest" | cfgblk write $VF 5'
equal "row 4: the host's watcher hears of it" "vf 0 wrote block 5 (14 bytes)" \
	"$(within 60 test -s "$TMP/watch"; cat "$TMP/watch")"
equal "row 4: and it reads the block" "from the guest" "$(cfgblk read "$PF" 5 --vf 0)"

guest 0 "$WRITE_NUMBERS" >"$TMP/numbers" 2>"$TMP/end" &
LOOP=$!
check "row 4: the guest writes in a loop" within 60 test -s "$TMP/numbers"
within 60 number_is_whole
check "row 4: what the host reads is whole, and all that was acknowledged is there" twenty_numbers
before=$(resets 0)
check "row 22: the guest is killed in the middle" guest_kill 0
ended "the guest's loop ends with it" 125 "$LOOP"
check "row 22: the PF sees the reset" within 60 more_than "$before" resets 0
check "row 22: what the guest wrote is erased" within 60 nothing_in 0 5
check "row 22: what the host published stays" holds 0 3 running

needed "another guest gets the VF" guest_up 0
check "row 22: its driver starts" vf_up 0
equal "row 22: it is told to read all that is published" "invalidated 1 2 3" \
	"$(guest 0 'cfgblk watch $VF --count 1 --timeout 60')"
refused "row 22: it sees nothing of the first guest's" 1 ENODATA guest 0 'cfgblk read $VF 5'
equal "row 22: it reads what the host published" "before booting running" \
	"$(guest 0 'echo $(cfgblk read $VF 1; echo; cfgblk read $VF 2; echo; cfgblk read $VF 3)')"
check "row 4: and it writes" guest 0 'printf second | cfgblk write $VF 5'
check "row 4: and the host reads that" holds 0 5 second
equal "row 9: the PF found nothing malformed" 0 "$(counter "$PF" malformed --vf 0)"
check "the guest ends" guest_kill 0
check "row 25: the VF can go" numvfs 0
check "row 23: and so can the modules" rmmod cfgblk_pf cfgblk
end
