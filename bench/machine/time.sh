#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine: the stock pair and ours in alternation, each with one VF on a PF of its own. All interrupts
# are on processor 0, the caller on the same or the other one. Prints one line for each run:
#   round, kind, path, bytes, gap (us), same or other, and behind a tab the ns of each exchange

# shellcheck source=bench/machine/lib.sh
. /send/lib.sh
# shellcheck source=/dev/null # bench.sh writes it
. /send/settings

GAP=2000
FUNCTIONS=

cpu_of()
{
	[ "$1" = same ] && echo 0 || echo 1
}

# ours_or_stock KIND: the VF
vf_for()
{
	[ "$1" = stock ] && echo "$VF2" || echo "$VF"
}

# in_kernel KIND BYTES GAP same|other
in_kernel()
{
	printf '%d,%s,kernel,%d,%d,%s\t' "$round" "$1" "$2" "$3" "$4"
	ask "$1" "$2" "$COUNT" "$3" "$(cpu_of "$4")" "$(vf_for "$1")" | cut -d ' ' -f 3- || exit
}

# from_user KIND BYTES same|other
from_user()
{
	printf '%d,%s,user,%d,0,%s\t' "$round" "$1" "$2" "$3"
	taskset $((1 << $(cpu_of "$3"))) /send/ioctl_loop "/dev/cfgblk/$VF" "$1" "$BLOCK" "$2" "$COUNT" || exit
}

compare()
{
	for bytes in 12 128; do
		in_kernel stock 12 0 "$1"
		for kind in write read; do
			in_kernel $kind $bytes 0 "$1"
			from_user $kind $bytes "$1"
		done
	done
}

compare_with_gap()
{
	for kind in stock write read; do
		in_kernel $kind 12 $GAP "$1"
	done
}

by_size()
{
	for bytes in $SIZES; do
		in_kernel write "$bytes" 0 "$1"
		in_kernel read "$bytes" 0 "$1"
	done
}

# A new affinity holds from the interrupt after the next one on.
warm_up()
{
	for kind in stock write read; do
		ask $kind 12 20 0 0 "$(vf_for $kind)" >/dev/null
	done
}

start_pair 1
publish
start_stock
FUNCTIONS="$PF $VF $PF2 $VF2"
# shellcheck disable=SC2086 # a list of words
pin 0 $FUNCTIONS
warm_up
# shellcheck disable=SC2086 # a list of words
astray=$(counted 1 $FUNCTIONS)
for round in $(seq "$ROUNDS"); do
	for cpu in same other; do
		compare $cpu
		compare_with_gap $cpu
		by_size $cpu
	done
done
# shellcheck disable=SC2086 # a list of words
[ "$(counted 1 $FUNCTIONS)" -eq "$astray" ] || fail "interrupts came in on the other processor"
