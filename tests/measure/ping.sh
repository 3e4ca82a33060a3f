#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine: round trips with all interrupts on processor 0 and the caller on the same or the other one.
# Prints one line for each measurement, separated by tabs:
#   bytes, same or other, median, 90th percentile (ns)

# shellcheck source=tests/measure/machine.sh
. /send/machine.sh

COUNT=1000
WARM_UP=50
SIZES="1 12 16 56 60 61 128"

# Link work runs where the interrupt came in, so this pins both drivers.
pin_interrupts()
{
	for irq in $(interrupts_of "$PF") $(interrupts_of "$VF"); do
		echo 1 >"/proc/irq/$irq/smp_affinity" || exit
	done
}

# A new affinity holds from the interrupt after the next one on.
check_interrupts()
{
	for irq in $(interrupts_of "$PF") $(interrupts_of "$VF"); do
		if [ "$(cat "/proc/irq/$irq/effective_affinity")" != 1 ]; then
			echo "interrupt $irq is not on processor 0" >&2
			exit 1
		fi
	done
}

number()
{
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" /tmp/ping
}

# ping_from same|other MASK BYTES
ping_from()
{
	taskset "$2" cfgblk ping "$VF" --count $COUNT --size "$3" --json >/tmp/ping || exit
	printf '%d\t%s\t%d\t%d\n' "$3" "$1" "$(number median_ns)" "$(number p90_ns)"
}

start_pair
pin_interrupts
cfgblk ping "$VF" --count $WARM_UP >/dev/null || exit
check_interrupts
for size in $SIZES; do
	ping_from same 1 "$size"
	ping_from other 2 "$size"
done
