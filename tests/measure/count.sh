#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine, under QEMU's trace: EXCHANGES times each kind of exchange, a mark in the trace around each
# kind. Prints one line for each kind, separated by tabs:
#   mark, name, exchanges, PF interrupts, VF interrupts, 1/100 s that it took

# shellcheck source=tests/measure/machine.sh
. /send/machine.sh
EXCHANGES=$(cat /send/exchanges)

IDLE_SECONDS=3
EVENTS=/tmp/events
WHOLE=3		# a block of 128 bytes
SMALL=4		# a block of 16 bytes

phase=0

# QEMU traces writes to the PF's configuration space as well, and nobody uses this byte of it once the firmware
# has: the interrupt line. Its numbers are small; ours have the highest bit.
mark()
{
	# shellcheck disable=SC2059 # the octal number is the format
	printf "\\$(printf %03o $((128 + $1)))" |
		dd of="$SYSFS/$PF/config" bs=1 seek=60 conv=notrunc 2>/dev/null || exit
}

# How many interrupts a function has had, all its vectors on all processors.
interrupts()
{
	awk -v name="$1" '
		NR == 1 { cpus = NF }
		$NF == name { for (i = 2; i <= cpus + 1; i++) n += $i }
		END { print n + 0 }' /proc/interrupts
}

hundredths()
{
	sed 's/^\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime
}

# measure NAME N COMMAND...
measure()
{
	name=$1
	exchanges=$2
	shift 2
	phase=$((phase + 1))
	pf=$(interrupts "$PF")
	vf=$(interrupts "$VF")
	start=$(hundredths)
	mark $phase
	done=0
	while [ $done -lt "$exchanges" ]; do
		done=$((done + 1))
		"$@" || exit
	done
	[ "$exchanges" -gt 0 ] || "$@"
	mark 0
	printf '%d\t%s\t%d\t%d\t%d\t%d\n' $phase "$name" "$exchanges" $(($(interrupts "$PF") - pf)) \
		$(($(interrupts "$VF") - vf)) $(($(hundredths) - start))
}

# hex BYTES: that many, as the command takes them
hex()
{
	printf "%0$(($1 * 2))d" 7
}

read_block()
{
	cfgblk read "$VF" "$1" --length "$2" >/dev/null
}

write_block()
{
	cfgblk write "$VF" "$1" --hex "$2"
}

events()
{
	[ "$(wc -l <$EVENTS)" -eq "$1" ]
}

# The next one only when the watcher has this one: two that meet are one mask.
invalidate()
{
	invalidated=$((invalidated + 1))
	cfgblk invalidate "$PF" --vf 0 $WHOLE || return
	wait_until events $invalidated
}

publish()
{
	cfgblk define "$PF" "$1" --vf 0 --size "$2" &&
		cfgblk write "$PF" "$1" --vf 0 --quiet --hex "$(hex "$2")"
}

# The watcher listens when it has heard of a first invalidation, which is not measured.
start_watcher()
{
	invalidated=0
	cfgblk watch "$VF" >$EVENTS &
	invalidate || exit
}

# QEMU makes two accesses of a 64-bit one, so that it could not show what they save.
start_pair wide_buffer=0
publish $WHOLE 128 || exit
publish $SMALL 16 || exit

measure idle 0 sleep $IDLE_SECONDS
measure "write 128 bytes" "$EXCHANGES" write_block $WHOLE "$(hex 128)"
measure "read 128 bytes" "$EXCHANGES" read_block $WHOLE 128
measure "write 16 bytes" "$EXCHANGES" write_block $SMALL "$(hex 16)"
measure "read 16 bytes" "$EXCHANGES" read_block $SMALL 16
measure "write 1 byte" "$EXCHANGES" write_block $SMALL "$(hex 1)"
start_watcher
measure "invalidate" "$EXCHANGES" invalidate
