#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make check: builds, runs every test and ends in "N passed, N failed".
#
# A suite is a script of tests/cases that runs in a machine of its own and says "ok - ..." or "not ok - ..." for each
# test, and "end" when it got to its end.  A machine that ends before that, a bad line in its kernel log, and a suite
# without any test count as failures.  CASES="10 20" runs only the suites whose names begin so, and not those of KUnit.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$TOP_DIR/tests/suites.sh"

KERNEL=${KERNEL:-6.12}
CASES=${CASES:-}
TESTS=$TOP_DIR/tests
OUT=$TOP_DIR/build/check

# Machines at once: each has two processors, and waits much of its time.
JOBS=2

# What the kernel says when something is wrong in it.
BAD='WARNING:|BUG:|Oops|general protection|Call Trace|possible .*deadlock|inconsistent lock|blocked for more than'
BAD="$BAD|scheduling while atomic|sleeping function called|refcount_t:|list_(add|del) corruption|UBSAN|KASAN"
BAD="$BAD|Kernel panic|nobody cared|double free|use-after-free|DMA-API|Trying to free already-free"

# One processor: with two, the emulator has hung in long runs, both processors asleep and no timer interrupt any more.
# SMP=2 make check takes two.
run_machine()
{
	mkdir -p "$2"
	TIMEOUT=600 SMP=${SMP:-1} suite_machine "$1" "$1" "$2" ""
}

# One suite in one machine; its verdict is read from its files afterwards.
run_suite()
{
	local suite=$1 name dir
	name=$(basename "$suite" .sh)
	dir=$OUT/$name

	run_machine "$suite" "$dir"
	if timer_lost "$dir"; then
		say "INFRASTRUCTURE RETRY: $name: the emulator lost a timer interrupt and hung; running it once more"
		mv "$dir" "$OUT/lost-$name"
		mv "$OUT/lost-$name/output" "$OUT/lost-$name/output.lost"
		run_machine "$suite" "$dir"
	fi
	check_end "$dir" "$name" end >>"$dir/output"
	check_log "$dir" "$name" >>"$dir/output"
	grep -E '^(ok|not ok) |^# ' "$dir/output" || true
}

check_log()
{
	local dir=$1 name=$2

	if grep -E "$BAD" "$dir/console.log" >"$dir/bad"; then
		printf 'not ok - %s: nothing bad in the kernel log\n' "$name"
		sed 's/^/# /' "$dir/bad"
	else
		printf 'ok - %s: nothing bad in the kernel log\n' "$name"
	fi
}

# What Documentation/contract.rst promises of the tests
run_contract()
{
	mkdir -p "$OUT/contract"
	"$TESTS/contract.sh" >"$OUT/contract/output" || true
	if ! [ -s "$OUT/contract/output" ]; then
		printf 'not ok - contract: it was looked at\n' >"$OUT/contract/output"
	fi
	cat "$OUT/contract/output"
}

# The pure parts of the command, and its messages
run_tools()
{
	mkdir -p "$OUT/tools"
	make -C "$TOP_DIR/tools" --no-print-directory check >"$OUT/tools/output" 2>&1 || true
	sed -E -i 's/^(ok|not ok) [0-9]+ - /\1 - command: /' "$OUT/tools/output"
	if ! grep -q '^ok ' "$OUT/tools/output"; then
		printf 'not ok - command: its tests ran\n' >>"$OUT/tools/output"
	fi
	grep -A 20 '^not ok' "$OUT/tools/output" || true
	printf '# command: %s tests passed\n' "$(count '^ok ' "$OUT/tools/output")"
}

# The suites of kunit/, in a user-mode kernel of their own
run_kunit()
{
	mkdir -p "$OUT/kunit"
	"$TESTS/kunit.sh" "$KERNEL" >"$OUT/kunit/output" || true
	if ! grep -q '^ok ' "$OUT/kunit/output"; then
		printf 'not ok - kunit: its tests ran\n' >>"$OUT/kunit/output"
	fi
	grep -A 20 '^not ok' "$OUT/kunit/output" || true
	printf '# kunit: %s tests passed\n' "$(count '^ok ' "$OUT/kunit/output")"
}

# A few seconds of each fuzzer, after the inputs that are kept
run_fuzz()
{
	mkdir -p "$OUT/fuzz"
	env SECONDS=7 "$TESTS/fuzz.sh" >"$OUT/fuzz/output" || true
	if ! grep -q '^ok ' "$OUT/fuzz/output"; then
		printf 'not ok - fuzz: it ran\n' >>"$OUT/fuzz/output"
	fi
	grep -A 20 '^not ok' "$OUT/fuzz/output" || true
	printf '# fuzz: %s targets passed\n' "$(count '^ok ' "$OUT/fuzz/output")"
}

run_suites()
{
	local suite running=0

	while read -r suite; do
		if [ "$running" -ge "$JOBS" ]; then
			wait -n
			running=$((running - 1))
		fi
		run_suite "$suite" </dev/null &
		running=$((running + 1))
	done < <(pick_suites)
	wait
}

main()
{
	local failed

	rm -rf "$OUT"
	mkdir -p "$OUT"
	CFGBLK_MODULES=$("$TESTS/build.sh" "$KERNEL")
	export CFGBLK_MODULES KERNEL
	build_programs
	say "kernel $(kernel_release "$KERNEL"), $(qemu-system-x86_64 --version | head -n 1); logs in build/check"
	run_contract
	run_tools
	if [ -z "$CASES" ]; then
		run_kunit
		run_fuzz
	fi
	run_suites
	failed=$(count '^not ok ' "$OUT"/*/output)
	printf '\n%s passed, %s failed\n' "$(count '^ok ' "$OUT"/*/output)" "$failed"
	[ "$failed" -eq 0 ]
}

main
