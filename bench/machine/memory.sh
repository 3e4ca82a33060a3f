#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the test machine: what the PF driver has in memory, from the kernel's own trace of its allocator. Prints
#   vf,VFs,bytes asked for,bytes given
#   block|block-rw,blocks,bytes of data in each,bytes asked for,bytes given

# shellcheck source=bench/machine/lib.sh
. /send/lib.sh

TRACING=/sys/kernel/tracing
BLOCKS=64
DATA=128

trace_on()
{
	echo 8192 >$TRACING/buffer_size_kb
	echo >$TRACING/trace
	for event in kmalloc kmem_cache_alloc kfree kmem_cache_free; do
		echo 1 >$TRACING/events/kmem/$event/enable
	done
}

trace_off()
{
	echo 0 >$TRACING/events/kmem/enable
}

# live LINES [BYTES]: bytes asked for and given of what such lines allocated and is still there, but for a piece of BYTES
live()
{
	awk -v lines="$1" -v but="${2:-0}" '
		function value(name) {
			if (!match($0, name "=[^ ]*"))
				return ""
			return substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 1)
		}
		{ ptr = value("ptr") }
		/ (kfree|kmem_cache_free): / { delete asked[ptr] }
		/ (kmalloc|kmem_cache_alloc): / && $0 ~ lines {
			if (value("bytes_req") == but)
				next
			asked[ptr] = value("bytes_req")
			given[ptr] = value("bytes_alloc")
		}
		END {
			for (ptr in asked) {
				a += asked[ptr]
				g += given[ptr]
			}
			printf "%d,%d\n", a, g
		}' $TRACING/trace
}

parameter()
{
	cat "/sys/module/cfgblk_bench/parameters/$1"
}

# The PF with all its VFs is one piece: the size of a VF in it, and a share of what else was allocated
measure_vf()
{
	vfs=$(cat "$SYSFS/$PF/sriov_totalvfs")
	piece=$(($(parameter pf_bytes) + vfs * $(parameter vf_bytes)))
	live 'call_site=[^ ]* [[]cfgblk_pf[]]' $piece | awk -F , -v vfs="$vfs" -v own="$(parameter vf_bytes)" \
		'{ printf "vf,%d,0,%d,%d\n", vfs, own + $1 / vfs, own + $2 / vfs }'
}

# define_blocks VF ACCESS
define_blocks()
{
	for id in $(seq 0 $((BLOCKS - 1))); do
		cfgblk define "$PF" "$id" --vf "$1" --size $DATA --access "$2" || exit
		head -c $DATA /dev/zero | cfgblk write "$PF" "$id" --vf "$1" --quiet || exit
	done
}

# measure_block NAME BYTES
measure_block()
{
	live '^ *cfgblk-.*call_site=([^ ]* [[]cfgblk_pf[]]|xas_)' | awk -F , -v blocks=$BLOCKS -v data="$2" \
		-v name="$1" '{ printf "%s,%d,%d,%.0f,%.0f\n", name, blocks, data, $1 / blocks, $2 / blocks }'
}

# On one processor, so that the trace is in the order of what happened
taskset -p 1 $$ >/dev/null || exit
dmesg -n 1
modprobe cfgblk_pf || exit
modprobe cfgblk_vf || exit
insmod /send/cfgblk_bench.ko || exit
echo "$PF" >"$DRIVERS/cfgblk_pf/unbind" || exit
trace_on
echo "$PF" >"$DRIVERS/cfgblk_pf/bind" || exit
trace_off
measure_vf
trace_on
define_blocks 0 ro
trace_off
measure_block block $DATA
# The VF's value has its place beside the host's
trace_on
define_blocks 1 rw
trace_off
measure_block block-rw $((2 * DATA))
