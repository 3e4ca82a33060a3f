# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# A provider that comes and goes while VFs exchange blocks and one is reset (contract row 26): where a VF is served moves
# between a softirq and a thread.

. /send/cases/lib.sh

FLAP=/sys/module/provider_flap/parameters

exchanges()
{
	PIDS=
	for n in 0 1 2; do
		/send/exchange "$(vf $n)" 1 2000 $((n + 1)) >"$TMP/flap$n" 2>&1 &
		PIDS="$PIDS $!"
	done
}

# Each reset has what the VF wrote forgotten, by whoever serves it right then
resets()
{
	for n in 1 2 3 4 5 6 7 8 9 10; do
		echo 1 >"/sys/bus/pci/devices/$(vf 3)/reset" || return
		within 10 attached "$(vf 3)" || return
	done
}

restores()
{
	for n in 1 2 3 4 5; do
		cfgblk save "$PF" --vf 3 >"$TMP/state" && cfgblk restore "$PF" --vf 3 <"$TMP/state" &&
			within 10 attached "$(vf 3)" || return
	done
}

check "a PF and four VFs" start 4
check "a block for each" cfgblk define "$PF" 1 --all
check "a provider that comes and goes" insmod /send/provider_flap.ko device="$PF"
exchanges
check "row 26: a VF is reset meanwhile" resets
check "row 26: and its state restored" restores
check "row 26: no exchange of the others fails, and no block is another's" all_end "$TMP"/flap?
check "row 26: it was asked" [ "$(cat $FLAP/answers)" -gt 0 ]
check "row 26: and came and went" [ "$(cat $FLAP/turns)" -gt 10 ]
check "it goes for good" rmmod provider_flap
refused "row 26: and its block with it" 1 ENOENT cfgblk read "$(vf 0)" 9
check "row 26: what a VF wrote is with the store" cfgblk read "$PF" 1 --vf 0
check "all of it goes" stop
end
