#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make check-debug: the suites of tests/cases in kernels that watch what the modules do: one with KASAN, lockdep, debug
# objects, kmemleak and more (tests/debug/kasan.config), one that looks for data races (tests/debug/kcsan.config).
#
# KERNELS  kasan, kcsan or both, which is what there is unless given
# CASES    "10 20" for the suites whose names begin so
# SMP      processors; 2 unless given, as races need two
# JOBS     machines at once; 1 unless given
#
# A report of the kernel about anything is a failure, but for data races wholly in the core kernel: those are listed
# (tests/debug/reports.py says how they are told apart).

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$TOP_DIR/tests/suites.sh"

KERNELS=${KERNELS:-kasan kcsan}
CASES=${CASES:-}
JOBS=${JOBS:-1}
TESTS=$TOP_DIR/tests
OUT=$TOP_DIR/build/check-debug

# Each access of the kernel costs several, on an emulated processor
SUITE_SECONDS=2400

# KERNEL-SUITE that get one processor: with two, QEMU was seen to lose the timer of the first. The clock of the machine
# stands still then, so that not even the kernel notices.
ONE_PROCESSOR="kcsan-60-cycles"

run_machine()
{
	local kernel=$1 suite=$2 dir=$3 smp=$4

	mkdir -p "$dir"
	{ printf 'SUITE=%s\n' "$(basename "$suite" .sh)"; cat "$TESTS/debug/machine.sh"; } >"$dir/run.sh"
	KERNEL=$kernel TIMEOUT=$SUITE_SECONDS SMP=$smp MEM=${MEM:-768} \
		suite_machine "$suite" "$dir/run.sh" "$dir" "$TESTS/debug/watchers.sh"
}

# Two things that QEMU does with two processors: it loses the timer of one, and both sleep for ever; and it ends itself
# when one processor resets a function while the other reads its registers.
emulator_failed()
{
	if timer_lost "$1"; then
		echo "the emulator lost a timer interrupt and hung"
	else
		sed -n 's/^qemu-.*\(iotlb_to_section: Assertion .* failed\).*/the emulator ended itself: \1/p' \
			"$1/qemu.stderr"
	fi
}

# What failed, and what the kernel said, before the emulator did counts all the same.
keep_lost()
{
	local dir=$1 lost=$2 name=$3 kernel=$4

	mv "$dir" "$lost"
	mv "$lost/output" "$lost/output.lost"
	sed '/detected stalls on CPUs/,$d' "$lost/console.log" >"$lost/console.before"
	grep '^not ok ' "$lost/output.lost" >"$lost/output" || true
	"$TESTS/debug/reports.py" "$lost/console.before" "$name, before the emulator failed" >>"$lost/output" || true
	show_results "$lost" "$kernel"
}

show_results()
{
	sed -i -E "s/^(ok|not ok) - /\1 - $2: /" "$1/output"
	grep -E '^(ok|not ok) |^# ' "$1/output" || true
}

processors()
{
	if [ -z "${SMP:-}" ] && [[ " $ONE_PROCESSOR " == *" $1 "* ]]; then
		echo 1
	else
		echo "${SMP:-2}"
	fi
}

# Once more with as many processors, then with one: that says less, and is said.
run_suite()
{
	local kernel=$1 suite=$2 name dir smp began=$SECONDS tries=0 why
	name=$(basename "$suite" .sh)
	dir=$OUT/$kernel-$name
	smp=$(processors "$kernel-$name")

	run_machine "$kernel" "$suite" "$dir" "$smp"
	while why=$(emulator_failed "$dir") && [ -n "$why" ] && [ "$tries" -lt 2 ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 2 ] || smp=1
		say "INFRASTRUCTURE RETRY: $kernel, $name: $why; once more, with $smp processors"
		keep_lost "$dir" "$OUT/lost-$tries-$kernel-$name" "$name" "$kernel"
		run_machine "$kernel" "$suite" "$dir" "$smp"
	done
	check_end "$dir" "$name" end 'end of checks' >>"$dir/output"
	"$TESTS/debug/reports.py" "$dir/console.log" "$name" >>"$dir/output" || true
	show_results "$dir" "$kernel"
	printf '# %s, %s: %s seconds, processors: %s\n' "$kernel" "$name" $((SECONDS - began)) "$smp"
	if [ "$smp" != "${SMP:-2}" ]; then
		printf '# %s, %s: one processor, as QEMU fails with two\n' "$kernel" "$name"
	fi
}

run_kernel()
{
	local kernel=$1

	CFGBLK_MODULES=$("$TESTS/build.sh" "$kernel")
	export CFGBLK_MODULES
	say "kernel $(kernel_release "$kernel"), $(qemu-system-x86_64 --version | head -n 1); logs in build/check-debug"
	at_once "$JOBS" run_suite "$kernel" <<<"$SUITES"
}

main()
{
	local kernel passed failed

	SUITES=$(pick_suites "$TESTS"/cases/[0-9]*.sh)
	for kernel in $KERNELS; do
		[ -e "$TESTS/debug/$kernel.config" ] || die "KERNELS: there is no tests/debug/$kernel.config"
	done
	rm -rf "$OUT"
	mkdir -p "$OUT"
	build_programs
	for kernel in $KERNELS; do
		"$TESTS/debug/kernel.sh" "$kernel" >/dev/null
		run_kernel "$kernel"
	done
	passed=$(count '^ok ' "$OUT"/*/output)
	failed=$(count '^not ok ' "$OUT"/*/output)
	printf '\n%s passed, %s failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

main
