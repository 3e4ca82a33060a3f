#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine: several VFs busy at once, each with one caller that writes 12 bytes. "one": everything on
# one processor; "two": the PF's end on one, the VFs' on the other. Prints lines of two kinds:
#   rate,round,one|two,busy VFs,exchanges,ns <tab> ns of each exchange
#   pf,round,one|two,busy VFs,exchanges,PF interrupts,calls of its work,ns of both,missed

# shellcheck source=bench/machine/lib.sh
. /send/lib.sh
# shellcheck source=/dev/null # bench.sh writes it
. /send/settings

BYTES=12

layout()
{
	vf_cpu=$([ "$1" = one ] && echo 0 || echo 1)
	# shellcheck disable=SC2046 # a list of words
	pin "$vf_cpu" $(vfs_of "$PF" 8)
	crowd 8 20 >/dev/null
}

# crowd VFS COUNT
crowd()
{
	# shellcheck disable=SC2046 # a list of words
	ask write $BYTES "$2" 0 "$vf_cpu" $(vfs_of "$PF" "$1")
}

rate()
{
	crowd "$2" "$COUNT" | awk -v what="rate,$round,$1,$2" '{
		printf "%s,%d,%d\t", what, $1, $2
		$1 = $2 = ""
		print
	}'
}

# What the probe of an empty function costs is taken off each call. The first exchange of each VF is in the times, and
# not in the answer.
pf_time()
{
	echo 1 >"$DEBUGFS/pf_time" || fail "no probes: $(dmesg | grep cfgblk_bench)"
	exchanges=$(crowd "$2" "$COUNT" | cut -d ' ' -f 1)
	awk -v what="pf,$round,$1,$2,$((exchanges + $2))" '
		{ calls[$1] = $2; ns[$1] = $3; missed += $4 }
		END {
			empty = ns["empty"] / calls["empty"]
			ours = ns["pf_interrupt"] + ns["pf_work"]
			ours -= empty * (calls["pf_interrupt"] + calls["pf_work"])
			printf "%s,%d,%d,%d,%d\n", what, calls["pf_interrupt"], calls["pf_work"], ours, missed
		}' "$DEBUGFS/pf_time"
}

# each COMMAND VFS...
each()
{
	command=$1
	shift
	for round in $(seq "$ROUNDS"); do
		for vfs in "$@"; do
			$command "$layout" "$vfs"
		done
	done
}

start_pair 8
publish
pin 0 "$PF"
# The probes stay once they are there.
for layout in one two; do
	layout $layout
	each rate 1 2 3 4 5 6 7 8
done
for layout in one two; do
	layout $layout
	each pf_time 1 8
done
