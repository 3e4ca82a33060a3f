# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The stages of the bench: each measures one thing and writes one CSV file into $RESULTS. To be sourced by bench.sh.

TRACE_EVENTS=(e1000e_core_read e1000e_core_write igb_write_config)
SIZES_COUNTED="1 12 16 56 60 61 64 120 128"
SIZES_TIMED="1 4 12 16 32 48 56 60 61 64 96 120 121 128"

# The stock VF looks for its answer in steps of 500 us: what takes longer than this (ns) has waited for one.
STOCK_STEP=400000

NUMBERS=$BENCH_DIR/lib/numbers.awk

# A boot that takes longer hangs.
BOOT_SECONDS=400

# The emulator keeps its timers exact with these: the gaps of time.sh are 2 ms, and not ticks of 4.
TIMERS="highres=on"

quietly_to()
{
	local log=$1
	shift

	if ! "$@" >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		die "failed: $*"
	fi
}

# The module beside a copy of the drivers' sources, the programs for the machine static: it has no libraries.
build()
{
	local kdir modules

	if [ -z "${CFGBLK_MODULES:-}" ]; then
		CFGBLK_MODULES=$("$TOP_DIR/tests/build.sh" "$KERNEL")
		export CFGBLK_MODULES
	fi
	rm -f "$WORK/retries"
	modules=$CFGBLK_MODULES/bench
	progress "building the bench"
	kdir=$(kernel_kdir "$(kernel_release "$KERNEL")")
	copy_for_kbuild "$modules" bench/modules/.
	quietly_to "$WORK/log" make -C "$kdir" M="$modules" KBUILD_EXTRA_SYMBOLS="$CFGBLK_MODULES/Module.symvers" W=1 modules
	cc -O2 -Wall -Wextra -Werror -static -I"$TOP_DIR/include/uapi" -o "$WORK/ioctl_loop" \
		"$BENCH_DIR/programs/ioctl_loop.c"
	(cd "$TOP_DIR" && cc -std=gnu11 -O2 -Wall -Itests/fuzz -Itests/fuzz/include -Iinclude -Icommon -o "$WORK/pure" \
		bench/programs/pure.c common/frag.c common/proto.c)
}

# boot_once SCRIPT OUT: two processors, so that the callers and the interrupts can be on one or on both.
boot_once()
{
	SMP=2 IGBS=2 TIMEOUT=$BOOT_SECONDS APPEND=$TIMERS RUN=$BENCH_DIR/machine/$1 LOG=$WORK/$1.log \
		SEND="$BENCH_DIR/machine/lib.sh $WORK/settings $WORK/ioctl_loop $CFGBLK_MODULES/bench/cfgblk_bench.ko" \
		"$RIG_DIR/vm.sh" >"$2" 2>"$WORK/$1.stderr"
}

# machine SCRIPT OUT: with two processors the emulator has hung; a machine that did is started once more.
machine()
{
	local rc=0

	boot_once "$1" "$2" || rc=$?
	if [ "$rc" -eq 125 ]; then
		say "INFRASTRUCTURE RETRY: $1: $(sed -n 's/^vm.sh: //p' "$WORK/$1.stderr" | head -n 1); once more"
		printf '%s\n' "$1" >>"$WORK/retries"
		rc=0
		boot_once "$1" "$2" || rc=$?
	fi
	if [ "$rc" -ne 0 ]; then
		tail -n 5 "$2" | cut -c 1-150 >&2
		tail -n 20 "$WORK/$1.stderr" >&2
		die "$1 failed in the test machine ($rc)"
	fi
}

# set_up NAME=VALUE...: what the script in the machine reads
set_up()
{
	printf "%s\n" "$@" >"$WORK/settings"
}

stage_counts()
{
	local QEMU_EXTRA=${QEMU_EXTRA:-}

	progress "counting register accesses"
	set_up EXCHANGES="$EXCHANGES" SIZES="'$SIZES_COUNTED'"
	QEMU_EXTRA="$QEMU_EXTRA $(printf -- '-trace %s ' "${TRACE_EVENTS[@]}") -D $WORK/trace"
	export QEMU_EXTRA
	machine count.sh "$WORK/kinds"
	export -n QEMU_EXTRA
	awk -f "$BENCH_DIR/lib/trace.awk" "$WORK/trace" >"$WORK/accesses" || die "the trace cannot be counted"
	paste "$WORK/kinds" "$WORK/accesses" | awk -f "$BENCH_DIR/lib/counts.awk" >"$WORK/counts.csv" ||
		die "the numbers of accesses do not add up"
	mv "$WORK/counts.csv" "$RESULTS/counts.csv"
}

# over_boots NAME SCRIPT: runs it in as many machines; $WORK/NAME has all lines behind the boot's number and a comma
over_boots()
{
	local name=$1 boot

	: >"$WORK/$name"
	for ((boot = 1; boot <= BOOTS; boot++)); do
		progress "$name: boot $boot of $BOOTS"
		machine "$2" "$WORK/$name.$boot"
		sed "s/^/$boot,/" "$WORK/$name.$boot" >>"$WORK/$name"
	done
}

stage_times()
{
	set_up ROUNDS="$ROUNDS" COUNT="$COUNT" SIZES="'$SIZES_TIMED'"
	over_boots times time.sh
	{
		printf 'boot,round,kind,path,bytes,gap_us,cpu,exchanges,median_ns,p90_ns,slow,fast_median_ns\n'
		awk -v slow=$STOCK_STEP -f "$NUMBERS" -f "$BENCH_DIR/lib/samples.awk" "$WORK/times"
	} >"$RESULTS/times.csv"
}

stage_crowd()
{
	set_up ROUNDS="$CROWD_ROUNDS" COUNT="$CROWD_COUNT"
	over_boots crowd crowd.sh
	{
		printf 'boot,round,layout,vfs,exchanges,ns,callers_exchanges,median_ns,p90_ns\n'
		sed -n 's/^\([0-9]*\),rate,/\1,/p' "$WORK/crowd" | awk -f "$NUMBERS" -f "$BENCH_DIR/lib/samples.awk"
	} >"$RESULTS/crowd.csv"
	{
		printf 'boot,round,layout,vfs,exchanges,pf_interrupts,pf_works,pf_ns,missed\n'
		sed -n 's/^\([0-9]*\),pf,/\1,/p' "$WORK/crowd"
	} >"$RESULTS/pf_time.csv"
}

stage_memory()
{
	progress "looking at memory"
	set_up
	machine memory.sh "$WORK/memory"
	{
		printf 'what,number,data_bytes,bytes_asked,bytes_given\n'
		cat "$WORK/memory"
	} >"$RESULTS/memory.csv"
}

stage_pure()
{
	progress "timing pure code"
	"$WORK/pure" "$PURE_ROUNDS" >"$WORK/pure.csv"
	{
		printf 'round,block_ns,memcpy_ns,kernel_ns,mask_ns,atomic_ns\n'
		cat "$WORK/pure.csv"
	} >"$RESULTS/pure.csv"
}
