# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# One of eight VFs does its worst (contract rows 7, 9, 22, 35): tests/modules/hostile_vf.c drives its mailbox by hand.
# Round trips of the others meanwhile: bench/machine/hostile.sh.

. /send/cases/lib.sh

ATTACK=/sys/module/hostile_vf/parameters/attack
OTHERS="0 1 2 3 4 5 6"
SEED=$(date +%s)

# Messages a second that VF 7 may send: few, so that an emulated processor can send more
LIMIT=2000

# The eighth VF to DRIVER
hand_over()
{
	if [ -e "$SYS/$VF7/driver" ]; then
		echo "$VF7" >"$SYS/$VF7/driver/unbind" || return
	fi
	echo "$1" >"$SYS/$VF7/driver_override" && echo "$VF7" >/sys/bus/pci/drivers_probe &&
		[ "$(basename "$(readlink "$SYS/$VF7/driver")")" = "$1" ]
}

# Its rounds, 0 when none is under way
rounds()
{
	awk '{ print $3 + 0 }' $ATTACK
}

going_on()
{
	[ "$(rounds)" -gt "$1" ]
}

# Each of the seven others writes and reads 150 times, all at once, and compares every byte
seven_exchange()
{
	PIDS=
	for n in $OTHERS; do
		/send/exchange "$(vf "$n")" 1 150 $((SEED + n)) >"$TMP/seven$n" 2>&1 &
		PIDS="$PIDS $!"
	done
	all_end "$TMP"/seven?
}

# What the host published for them is there, on both sides; and so is what they wrote
stores_are_theirs()
{
	for n in $OTHERS; do
		[ "$(cfgblk read "$PF" 2 --vf "$n")" = "host $n" ] || return
		[ "$(cfgblk read "$(vf "$n")" 2)" = "host $n" ] || return
		[ "$(cfgblk read "$PF" 1 --vf "$n" --hex)" = "$(cfgblk read "$(vf "$n")" 1 --hex)" ] || return
		[ "$(counter "$PF" limited --vf "$n") $(counter "$PF" resets --vf "$n")" = "0 $(cat "$TMP/resets$n")" ] ||
			return
	done
}

others_resets()
{
	for n in $OTHERS; do
		counter "$PF" resets --vf "$n" >"$TMP/resets$n"
	done
}

more_than()
{
	[ "$(counter "$PF" "$1" --vf 7)" -gt "$2" ]
}

written_by_tenant()
{
	cfgblk read "$PF" 3 --vf 7 --hex
}

# A driver that behaves, on the VF as the attack left it
next_tenant()
{
	hand_over cfgblk_vf && within 20 attached "$VF7" || return
	cfgblk read "$VF7" 3 2>&1 | grep -q ENODATA || return
	[ "$(cfgblk read "$VF7" 2)" = "host 7" ] || return
	/send/exchange "$VF7" 1 50 "$SEED" && printf next | cfgblk write "$VF7" 3 && [ "$(cfgblk read "$VF7" 3)" = next ]
}

# attack NAME COUNTER: COUNTER of VF 7 has to show it
attack()
{
	attack=$1 shown=$2
	was=$(counter "$PF" "$shown" --vf 7)
	check "$attack: the VF is the attacker's" hand_over hostile_vf
	echo "# $attack: seed $SEED"
	echo "$attack $SEED" >$ATTACK
	check "row 35: $attack: it goes on" within 10 going_on 0
	check "rows 4, 7: $attack: seven VFs exchange at once meanwhile, every byte compared" seven_exchange
	check "row 35: $attack: the host is told of the PF meanwhile" timeout 30 cfgblk show "$PF"
	check "row 35: $attack: $shown counts it" within 10 more_than "$shown" "$was"
	if [ "$attack" = mutate ]; then
		check "row 22: $attack: the attacker has written a block" within 10 written_by_tenant
	fi
	check "row 35: $attack: it still goes on" within 10 going_on "$(rounds)"
	echo stop >$ATTACK
	check "row 7: $attack: nothing of the others was touched" stores_are_theirs
	check "row 22: $attack: the next tenant works, and sees nothing of it" next_tenant
}

# kB: what the kernel keeps for itself
kernel_memory()
{
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "SUnreclaim:" || $1 == "VmallocUsed:" || $1 == "Percpu:" { n += $2 } END { print n }' /proc/meminfo
}

grew_by_less()
{
	echo "from $1 kB to $2 kB"
	[ $(($2 - $1)) -lt "$3" ]
}

# Lines of the PF driver since the attacks began
log_lines()
{
	dmesg | sed "1,$MARK d" | grep -E "cfgblk_pf.* $PF|$PF.*cfgblk_pf" | grep -cE "$1"
}

at_most()
{
	echo "$2 lines, at most $1"
	[ "$2" -le "$1" ]
}

check "a PF and eight VFs" start 8
VF7=$(vf 7)
for block in 1 2 3; do
	cfgblk define "$PF" $block --all
done
for n in $OTHERS 7; do
	printf 'host %s' "$n" | cfgblk write "$PF" 2 --vf "$n" --quiet
done
check "a limit for VF 7" cfgblk limit "$PF" --vf 7 --rate $LIMIT --burst $LIMIT
insmod /send/hostile_vf.ko cpu=0
others_resets
MARK=$(dmesg | wc -l)
BEGAN=$(cut -d . -f 1 /proc/uptime)

# The first is a rehearsal as well: what is needed once is there after it
attack random malformed
memory=$(kernel_memory)
attack mutate late
attack flood-req limited
attack flood-ack limited
attack flood-both limited
attack flood-echo limited
attack hog requests
attack ack spurious
attack reset resets
attack scribble fragments_in
attack fragments answers_failed
attack silent fragments_out
attack lengths answers_failed

check "row 35: no memory is lost" grew_by_less "$memory" "$(kernel_memory)" 1024
minutes=$((($(cut -d . -f 1 /proc/uptime) - BEGAN) / 60 + 1))
equal "row 35: one line says that the VF floods" 1 "$(log_lines 'VF 7: (sends|rings) more')"
check "row 35: who comes and goes is logged five times a minute at most" \
	at_most $((5 * minutes)) "$(log_lines 'VF 7: (attached|refused)')"
equal "row 35: nothing else is logged, of no VF" 0 "$(dmesg | sed "1,$MARK d" | grep "$PF" |
	grep -cvE 'VF 7: ((sends|rings) more|attached|refused)')"
rmmod hostile_vf
check "all of it goes away again" stop
end
