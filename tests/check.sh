#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make check: builds, runs every test and ends in "N passed, N failed". make check-guest is check.sh guests: the suites
# with guests and nothing else. make check runs two of these. make quick is check.sh quick: what takes two minutes.
# check.sh cases: the suites in machines and nothing else; make matrix runs that for each kernel.
#
# A suite is a script of tests/cases or tests/guests that runs in a machine of its own and says "ok - ..." or
# "not ok - ..." for each test, and "end" when it got to its end.  A machine that ends before that, a bad line in its
# kernel log, and a suite without any test count as failures.  CASES="10 g30" runs only the suites
# whose names begin so, and not those of KUnit; one that no name begins with is an error.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$TOP_DIR/tests/suites.sh"
. "$TOP_DIR/tests/log.sh"

KERNEL=${KERNEL:-6.12}
CASES=${CASES:-}
TESTS=$TOP_DIR/tests
ONLY=${1:-}
OUT=${OUT:-$TOP_DIR/build/check${ONLY:+-$ONLY}}

case $ONLY in
guests) SUITES=("$TESTS"/guests/g[0-9]*.sh) ;;
quick) SUITES=("$TESTS"/cases/10-*.sh) ;;
*) SUITES=("$TESTS"/cases/[0-9]*.sh "$TESTS"/guests/g[13]0-*.sh) ;;
esac

# How many of the suites and other long parts run at once. Most need about one processor.
JOBS=2

# What is said at once is told one after the other.
aloud()
{
	{
		flock 7
		cat
	} 7>>"$OUT/aloud"
}

# One processor: with two, the emulator has hung in long runs, both processors asleep and no timer interrupt any more.
# SMP=2 make check takes two.
run_machine()
{
	mkdir -p "$2"
	TIMEOUT=900 SMP=${SMP:-1} suite_machine "$1" "$1" "$2" ""
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
	{
		sed -n 's/^.*INFRASTRUCTURE RETRY/# &/p' "$dir/stderr"
		grep -E '^(ok|not ok) |^# ' "$dir/output" || true
	} | aloud
}

# collect NAME COMMAND...: what the command says of its tests, of which there has to be one. If it fails, one of them
# has to say so. Shown are those that fail, with what comes after them, and how many pass.
collect()
{
	local name=$1 rc=0
	shift

	mkdir -p "$OUT/$name"
	"$@" >"$OUT/$name/output" || rc=$?
	if ! grep -q '^ok ' "$OUT/$name/output" || { [ "$rc" -ne 0 ] && ! grep -q '^not ok' "$OUT/$name/output"; }; then
		printf '\nnot ok - %s: its tests ran to their end (%s)\n' "$name" "$rc" >>"$OUT/$name/output"
	fi
	{
		grep -A 20 '^not ok' "$OUT/$name/output" || true
		printf '# %s: %s tests passed\n' "$name" "$(count '^ok ' "$OUT/$name/output")"
	} | aloud
}

# The pure parts of the command, and its messages
tools_tests()
{
	make -C "$TOP_DIR/tools" --no-print-directory check 2>&1 | sed -E 's/^(ok|not ok) [0-9]+ - /\1 - command: /'
}

# What needs no machine and no kernel of its own
run_short()
{
	collect contract "$TESTS/contract.sh"
	collect pages "$TESTS/pages.sh"
	collect symbols "$TESTS/symbols.sh"
	collect ladders "$TOP_DIR/bench/ladders.sh"
	collect command tools_tests
}

run_kunit()
{
	local modules=yes

	[ "$ONLY" != quick ] || modules=no
	collect kunit env MODULES="$modules" "$TESTS/kunit.sh" "$KERNEL"
	# What an exchange costs may not grow
	collect accesses "$TOP_DIR/bench/accesses.sh" "$TOP_DIR/build/kunit/console.log"
}

# Those that take longest come first, so that none of them is left to run alone at the end.
list_jobs()
{
	case $ONLY,$CASES in
	,) printf '%s\n' "$TESTS/cases/60-cycles.sh" kunit packages model lint fuzz examples docs builds series ;;
	quick,*) echo kunit ;;
	esac
	pick_suites "${SUITES[@]}"
}

# What takes several processors elsewhere has one here, as others run beside it; but not KUnit, which builds a kernel.
run_job()
{
	case $1 in
	*/*) run_suite "$1" ;;
	kunit) run_kunit ;;
	fuzz) collect fuzz env SECONDS=7 "$TESTS/fuzz.sh" ;;
	series) collect series "$TESTS/series.sh" --check ;;
	packages) collect packages env JOBS=1 "$TESTS/packages.sh" short ;;
	*) collect "$1" env JOBS=1 "$TESTS/$1.sh" ;;
	esac
}

# shellcheck disable=SC2317 # called by the trap
ended_early()
{
	local rc=$? name
	name=$(basename "$JOB" .sh)

	mkdir -p "$OUT/$name"
	printf '\nnot ok - %s: ended early (%s)\n' "$name" "$rc" | tee -a "$OUT/$name/output" | aloud
	exit 0
}

# job SUITE|NAME, in a shell of its own: if an error ends it, that is a test that failed, and the others go on.
job()
{
	JOB=$1
	trap ended_early EXIT
	run_job "$1"
	trap - EXIT
}

main()
{
	local jobs passed failed

	jobs=$(list_jobs | awk '!seen[$0]++')
	rm -rf "$OUT"
	mkdir -p "$OUT"
	CFGBLK_MODULES=$("$TESTS/build.sh" "$KERNEL")
	export CFGBLK_MODULES KERNEL
	build_programs
	say "kernel $(kernel_release "$KERNEL"), $(qemu-system-x86_64 --version | head -n 1); logs in ${OUT#"$TOP_DIR/"}"
	[[ $ONLY == guests || $ONLY == cases ]] || run_short
	at_once "$JOBS" job <<<"$jobs"
	passed=$(count '^ok ' "$OUT"/*/output)
	failed=$(count '^not ok ' "$OUT"/*/output)
	printf '\n%s passed, %s failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

main
