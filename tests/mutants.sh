#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Do the KUnit suites see what they are there to see?  Each patch of tests/mutants plants one defect and names the
# test that must catch it.
#
# Usage: mutants.sh [PREFIX...]   only the mutants whose names begin so
#
# A patch begins with the lines "Breaks: RULE" and "Caught-by: SUITE: CASE".  One that does not apply or build, or
# that its test does not catch, is a failure.  So is one that hangs, unless its test had failed before.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

PATCHES=$TOP_DIR/tests/mutants
KERNEL=${KERNEL:-6.12}

# Always the same directory, so that make finds what did not change.
COPY=$CACHE/mutants/tree

# A run takes a second or so; a mutant may hang.
export RUN_TIMEOUT=${RUN_TIMEOUT:-60}

# What may be asked of kunit.sh from outside would hide tests from us. The modules take longer, and show no mutant more.
unset SUITES
export MODULES=no

# Without this git would look for a repository above the copy, and skip what is outside of it.
export GIT_CEILING_DIRECTORIES=$CACHE/mutants

PASSED=0
FAILED=0

# The copy is one for all: two runs at once would plant two defects.
lock_copy()
{
	mkdir -p "$CACHE/mutants"
	exec 7>"$CACHE/mutants/lock"
	if ! flock -n 7; then
		say "waiting for another run of mutants"
		flock 7
	fi
}

# What git knows or would add. Times are not kept: make must not take the objects of the last mutant for current.
copy_tree()
{
	rm -rf "$COPY"
	mkdir -p "$COPY"
	(cd "$TOP_DIR" && git ls-files -z -co --exclude-standard | while IFS= read -r -d '' file; do
		if [ -e "$file" ]; then
			printf '%s\0' "$file"
		fi
	done | xargs -0 cp --parents -t "$COPY")
}

# Ends with the results in build/kunit/output of the copy, whatever they are.
run_suites()
{
	nice env SUITES="${1:-}" "$COPY/tests/kunit.sh" "$KERNEL" \
		>"$CACHE/mutants/output" 2>"$CACHE/mutants/stderr" || true
}

# The suite of a test; none for the kernel's log, which all suites fill
suite_of()
{
	case $1 in
	cfgblk_*:*) printf '%s\n' "${1%%:*}" ;;
	esac
}

verdict()
{
	progress_end
	printf '%s\n' "$*"
	case $1 in
	ok) PASSED=$((PASSED + 1)) ;;
	*) FAILED=$((FAILED + 1)) ;;
	esac
}

# To know why without running it again
explain()
{
	{ grep '^not ok' "$CACHE/mutants/output" || true; } | head -n 20 | sed 's/^/# /'
	tail -n 20 "$CACHE/mutants/stderr" | sed 's/^/# /'
}

field()
{
	sed -n "s/^$2: //p;/^---/q" "$1"
}

# The tests that failed, a case with parameters once
failed_tests()
{
	sed -nE 's/^not ok - kunit: ([^:]*(: [^:]*)?).*/\1/p' "$CACHE/mutants/output" | sort -u
}

# kunit.sh says so when no kernel came out of the build, or no results out of the kernel.
has_results()
{
	grep -q '^ok - kunit: cfgblk_' "$CACHE/mutants/output"
}

check_unpatched()
{
	progress "running the suites without a mutant ..."
	run_suites
	if has_results && ! grep -q '^not ok' "$CACHE/mutants/output"; then
		verdict ok - the suites pass without a mutant
	else
		verdict not ok - the suites pass without a mutant
		explain
		return 1
	fi
}

judge()
{
	local name=$1 test=$2 others

	if ! has_results; then
		verdict not ok - "mutant $name: does not build or run"
		explain
	elif failed_tests | grep -qxF "$test"; then
		others=$(failed_tests | { grep -vxF "$test" || true; } | paste -sd ';' | sed 's/;/; /g')
		verdict ok - "mutant $name: caught by $test${others:+ (also $others)}"
	elif [ -n "$(failed_tests)" ]; then
		verdict not ok - "mutant $name: not caught by $test, but by $(failed_tests | paste -sd ';' | sed 's/;/; /g')"
	else
		verdict not ok - "mutant $name: survives"
	fi
}

# Patches are taken back by git as well, which leaves the file newer than its object.
run_mutant()
{
	local patch=$1 name test
	name=$(basename "$patch" .patch | sed 's/-/ /')
	test=$(field "$patch" Caught-by)

	progress "mutant $name: $(field "$patch" Breaks)"
	if [ -z "$test" ] || [ -z "$(field "$patch" Breaks)" ]; then
		verdict not ok - "mutant $name: does not say what it breaks, or what catches it"
	elif ! (cd "$COPY" && git apply "$patch") 2>"$CACHE/mutants/stderr"; then
		verdict not ok - "mutant $name: does not apply"
	else
		run_suites "$(suite_of "$test")"
		judge "$name" "$test"
		(cd "$COPY" && git apply -R "$patch")
	fi
}

main()
{
	local names patches patch

	names=$(pick_names "$*" "$PATCHES"/[0-9]*.patch)
	mapfile -t patches <<<"$names"
	lock_copy
	copy_tree
	if check_unpatched; then
		for patch in "${patches[@]}"; do
			run_mutant "$patch"
		done
	fi
	printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
	[ "$FAILED" -eq 0 ]
}

main "$@"
