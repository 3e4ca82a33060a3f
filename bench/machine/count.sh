#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine, under QEMU's trace: EXCHANGES times each kind of exchange, a mark in the trace around each
# kind. Prints one line for each, separated by tabs:
#   mark, kind, bytes, enabled VFs, busy VFs, exchanges, PF interrupts, VF interrupts, 1/100 s that it took

# shellcheck source=bench/machine/lib.sh
. /send/lib.sh
# shellcheck source=/dev/null # bench.sh writes it
. /send/settings

EVENTS=/tmp/events
STOCK_MARK=63
MARK=0

# QEMU traces writes to the PF's configuration space as well, and nobody uses this byte of it once the firmware
# has: the interrupt line. Its numbers are small; ours have the highest bit.
mark()
{
	# shellcheck disable=SC2059 # the octal number is the format
	printf "\\$(printf %03o $((128 + $1)))" |
		dd of="$SYSFS/$PF/config" bs=1 seek=60 conv=notrunc 2>/dev/null || exit
}

hundredths()
{
	sed 's/^\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime
}

# measure KIND BYTES BUSY PF-FUNCTION VF-FUNCTIONS COMMAND...: the command prints how many exchanges it made
measure()
{
	kind=$1 bytes=$2 busy=$3 pf=$4 functions=$5
	shift 5
	MARK=$((MARK + 1))
	pf_irqs=$(counted all "$pf")
	# shellcheck disable=SC2086 # a list of words
	vf_irqs=$(counted all $functions)
	start=$(hundredths)
	mark $MARK
	done=$("$@") || exit
	mark 0
	took=$(($(hundredths) - start))
	# shellcheck disable=SC2086 # a list of words
	printf '%d\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n' $MARK "$kind" "$bytes" "$(cat "$SYSFS/$pf/sriov_numvfs")" "$busy" "$done" \
		$(($(counted all "$pf") - pf_irqs)) $(($(counted all $functions) - vf_irqs)) $took
}

idle()
{
	sleep "$1"
	echo 0
}

# run KIND BYTES CPU VF...: until one of the VFs has made EXCHANGES, each after one that the answer does not count
run()
{
	kind=$1 bytes=$2 cpu=$3
	shift 3
	counted=$(ask "$kind" "$bytes" "$EXCHANGES" 0 "$cpu" "$@" | cut -d ' ' -f 1)
	echo $((counted + $#))
}

events()
{
	[ "$(wc -l <$EVENTS)" -eq "$1" ]
}

# The next one only when the watcher has this one: two that meet are one mask.
invalidate()
{
	heard=$(wc -l <$EVENTS)
	for n in $(seq "$1"); do
		cfgblk invalidate "$PF" --vf 0 "$BLOCK" || return
		wait_until events $((heard + n))
	done
	echo "$1"
}

# Nobody takes the mask: the VF's driver is away
invalidate_pending()
{
	for n in $(seq "$1"); do
		cfgblk invalidate "$PF" --vf 0 "$BLOCK" || return
	done
	echo "$1"
}

# The watcher listens when it has heard of a first invalidation, which is not measured.
start_watcher()
{
	: >$EVENTS
	cfgblk watch "$VF" >$EVENTS &
	watcher=$!
	invalidate 1 >/dev/null || exit
}

measure_ours()
{
	measure idle 0 1 "$PF" "$VF" idle 3
	for bytes in $SIZES; do
		measure write "$bytes" 1 "$PF" "$VF" run write "$bytes" 0 "$VF"
		measure read "$bytes" 1 "$PF" "$VF" run read "$bytes" 0 "$VF"
	done
}

measure_invalidations()
{
	start_watcher
	measure invalidate 0 1 "$PF" "$VF" invalidate "$EXCHANGES"
	kill $watcher
	echo "$VF" >"$DRIVERS/cfgblk_vf/unbind"
	invalidate_pending 1 >/dev/null
	sleep 2
	measure invalidate-pending 0 1 "$PF" "$VF" invalidate_pending 10
}

# The PF's end on one processor, VFs and callers on the other
measure_crowds()
{
	for busy in 1 8; do
		functions=$(vfs_of "$PF" $busy | tr '\n' ' ')
		for bytes in 12 128; do
			# shellcheck disable=SC2086 # a list of words
			measure write $bytes $busy "$PF" "$functions" run write $bytes 1 $functions
		done
	done
}

# Its watchdog reads registers once in two seconds, so the least of several is free of it.
measure_stock()
{
	MARK=$STOCK_MARK
	for n in 1 2 3; do
		measure stock 12 1 "$PF2" "$VF2" run stock 12 0 "$VF2"
		usleep 300000
	done
}

start_pair 1
publish
pin 0 "$PF" "$VF"
measure_ours
measure_invalidations
echo 0 >"$SYSFS/$PF/sriov_numvfs"
enable_vfs 8
pin 0 "$PF"
# shellcheck disable=SC2046 # a list of words
pin 1 $(vfs_of "$PF" 8)
measure_crowds
stop_pair
start_stock
pin 0 "$PF2" "$VF2"
measure_stock
