#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine: round trips of seven VFs at once, while the eighth is quiet and while it floods.  All
# interrupts and all callers are on processor 0, the hostile VF's thread is on processor 1.
#
#   CFGBLK_MODULES=$(tests/build.sh) && export CFGBLK_MODULES && SMP=2 RUN=bench/machine/hostile.sh \
#       SEND="bench/machine/lib.sh $CFGBLK_MODULES/modules/hostile_vf.ko" tests/rig/vm.sh
#
# Prints one line for each phase, separated by tabs:
#   what VF 7 does, median of the seven medians and the worst of them (us), PF interrupts for each 100 round trips,
#   PF interrupts, messages served for VF 7 and its rounds, a second each, and, while nobody else calls, the median and
#   the 99th percentile of the time in the PF's interrupt handler (us)
# and then the medians of the first column over all rounds, and how they compare to the quiet case.
#
# "no-bell" writes the same register as fast and rings nothing: what that costs is the emulator's one lock, and no
# driver's doing.

# shellcheck source=bench/machine/lib.sh
. /send/lib.sh

ATTACK=/sys/module/hostile_vf/parameters/attack
TRACING=/sys/kernel/tracing
COUNT=${COUNT:-1000}
ROUNDS=${ROUNDS:-5}
ATTACKS=${ATTACKS:-no-bell flood-req flood-both flood-echo reset}
RESULTS=/tmp/results

vf()
{
	basename "$(readlink "$SYSFS/$PF/virtfn$1")"
}

all_attached()
{
	for n in 0 1 2 3 4 5 6 7; do
		cfgblk ping "$(vf $n)" --count 1 >/dev/null 2>&1 || return
	done
}

start_eight()
{
	dmesg -n 1
	modprobe cfgblk_pf || exit
	modprobe cfgblk_vf allow_parent=1 || exit
	echo 8 >"$SYSFS/$PF/sriov_numvfs" || exit
	wait_until all_attached
	for irq in $(interrupts_of "$PF") $(for n in 0 1 2 3 4 5 6; do interrupts_of "$(vf $n)"; done); do
		echo 1 >"/proc/irq/$irq/smp_affinity" || exit
	done
}

# The eighth VF changes hands
take_hostile()
{
	hostile=$(vf 7)
	echo "$hostile" >/sys/bus/pci/drivers/cfgblk_vf/unbind || exit
	echo hostile_vf >"$SYSFS/$hostile/driver_override" || exit
	insmod /send/hostile_vf.ko cpu=1 || exit
	[ -e "$SYSFS/$hostile/driver" ] || echo "$hostile" >/sys/bus/pci/drivers_probe || exit
}

interrupts()
{
	awk -v name="$PF" '$NF == name { print $2 + $3 }' /proc/interrupts
}

served()
{
	cfgblk stats "$PF" --vf 7 | awk '
		$1 == "spurious" || $1 == "fragments_in" || $1 == "resets" { n += $2 }
		END { print n + 0 }'
}

rounds()
{
	awk '{ print $3 + 0 }' $ATTACK
}

hundredths()
{
	sed 's/^\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime
}

number()
{
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$2"
}

# Seven at once
ping_all()
{
	pids=
	for n in 0 1 2 3 4 5 6; do
		taskset 1 cfgblk ping "$(vf $n)" --count "$COUNT" --json >/tmp/ping$n &
		pids="$pids $!"
	done
	# shellcheck disable=SC2086 # a list of words
	wait $pids
}

# Time in the handler, from a trace of half a second
handler()
{
	echo >$TRACING/trace
	for event in entry exit; do
		echo "irq == $(interrupts_of "$PF")" >$TRACING/events/irq/irq_handler_$event/filter
		echo 1 >$TRACING/events/irq/irq_handler_$event/enable
	done
	usleep 500000
	echo 0 >$TRACING/events/irq/enable
	awk '
		{ sub(":", "", $4) }
		/irq_handler_entry/ { entry = $4 }
		/irq_handler_exit/ && entry { print int(($4 - entry) * 1000000 + 0.5); entry = 0 }
	' $TRACING/trace | sort -n |
		awk '{ v[NR] = $1 } END { printf "%d\t%d", v[int((NR + 1) / 2)], v[int(NR * 0.99 + 0.5)] }'
}

per_second()
{
	echo $((($2 - $1) * 100 / took))
}

# measure NAME
measure()
{
	irqs=$(interrupts) work=$(served) turns=$(rounds) begin=$(hundredths)
	ping_all
	took=$(($(hundredths) - begin)) irqs_end=$(interrupts) work_end=$(served) turns_end=$(rounds)
	for n in 0 1 2 3 4 5 6; do
		number median_ns /tmp/ping$n
	done | sort -n >/tmp/medians
	[ "$(wc -l </tmp/medians)" -eq 7 ] || { echo "$1: a ping failed" >&2; exit 1; }
	printf '%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n' "$1" $(($(sed -n 4p /tmp/medians) / 1000)) \
		$(($(sed -n 7p /tmp/medians) / 1000)) $(((irqs_end - irqs) * 100 / (7 * COUNT))) \
		"$(per_second "$irqs" "$irqs_end")" "$(per_second "$work" "$work_end")" \
		"$(per_second "$turns" "$turns_end")" "$(handler)" | tee -a $RESULTS
}

summary()
{
	sort -k 1,1 -k 2,2n $RESULTS | awk -F '\t' '
		{ v[$1, ++n[$1]] = $2 }
		END {
			for (name in n)
				half[name] = v[name, int((n[name] + 1) / 2)]
			for (name in n)
				printf "%s: %d us, %.2f times quiet\n", name, half[name], half[name] / half["quiet"]
		}'
}

start_eight
take_hostile
ping_all
round=0
while [ $round -lt "$ROUNDS" ]; do
	round=$((round + 1))
	for attack in quiet $ATTACKS; do
		[ "$attack" = quiet ] || echo "$attack $round" >$ATTACK || exit
		# Long enough to be over the limit
		sleep 3
		measure "$attack"
		echo stop >$ATTACK
		sleep 1
	done
done
summary
