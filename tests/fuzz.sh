#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fuzzing: the pure sources and both ends of the link in user space, with libFuzzer, ASan and UBSan.
#
# Usage: SECONDS=60 fuzz.sh [TARGET...]   fuzz them, or all, for so long together (a second each at least)
#        fuzz.sh --again TARGET FILE      run one input and say what it does, step by step
#        fuzz.sh --mutants [PREFIX...]    plant one defect after another: each has to be found
#        fuzz.sh --coverage               lines of the sources that the inputs reach
#        fuzz.sh --minimise [TARGET...]   make tests/fuzz/corpus anew of all inputs that were ever found
#
# Prints "ok - fuzz: TARGET: ..." or "not ok - ..." for each. Every run begins with tests/fuzz/corpus. What is found
# beyond that is kept in the cache, and so are the inputs that fail, which are in build/fuzz as well.

# Bash counts seconds in this very variable, beginning with what it finds in the environment.
BUDGET=$SECONDS

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"

FUZZ=$TOP_DIR/tests/fuzz
OUT=$TOP_DIR/build/fuzz
STORE=$CACHE/fuzz

# libFuzzer is part of Debian's clang, and reads lines and functions with the symbolizer of llvm.
PACKAGES=(clang libclang-rt-dev llvm)

# Target, share of the time, sources of common/
TARGETS='
proto	1	common/proto common/status
frag	1	common/frag
state	1	common/state
rate	1	common/rate
args	1	pf/args
pf_link	4	common/pf_link common/journal common/proto common/frag common/rate common/status
vf_link	4	common/vf_link common/journal common/calls common/proto common/frag common/status
pair	4	common/pf_link common/vf_link common/journal common/calls common/proto common/frag common/rate common/status
'

# What is not set is not zero: otherwise bytes of the stack in a message would not be seen.
CFLAGS=(-std=gnu11 -g -O1 -fno-omit-frame-pointer -Wall -ftrivial-auto-var-init=pattern)
# shellcheck disable=SC2054 # one argument, with commas
SANITIZE=(-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all)

# An input is done in milliseconds; one that is not hangs.
RUN_FLAGS=(-max_len=512 -timeout=60 -rss_limit_mb=2048 -print_final_stats=1)

# Each mutant; most are found in the first one.
MUTANT_SECONDS=${MUTANT_SECONDS:-20}

# Without this git would look for a repository above the copy, and skip what is outside of it.
export GIT_CEILING_DIRECTORIES=$STORE/mutants

PASSED=0
FAILED=0

install_tools()
{
	apt_need "to build the fuzzers" "${PACKAGES[@]}"
}

target_names()
{
	printf '%s' "$TARGETS" | awk 'NF { print $1 }'
}

# Prints the names given, or all of them.
pick_targets()
{
	local name

	if [ $# -eq 0 ]; then
		target_names
	fi
	for name in "$@"; do
		target_names | grep -xF -- "$name" || die "no such target: $name"
	done
}

target_share()
{
	printf '%s' "$TARGETS" | awk -v name="$1" '$1 == name { print $2 }'
}

# build TREE BINARY TARGET FLAG...
build()
{
	local tree=$1 binary=$2 target=$3 sources=() name
	shift 3

	for name in $(printf '%s' "$TARGETS" | awk -v name="$target" '$1 == name { $1 = $2 = ""; print }'); do
		sources+=("$name.c")
	done
	(cd "$tree" && clang "${CFLAGS[@]}" "$@" -Itests/fuzz -Itests/fuzz/include -Iinclude -Icommon \
		-ffile-prefix-map="$PWD/=" "tests/fuzz/$target.c" tests/fuzz/kernel.c "${sources[@]}" -o "$binary.new")
	mv "$binary.new" "$binary"
}

# Of the same sources comes the same program, in whatever checkout they are.
build_key()
{
	(cd "$TOP_DIR" && { clang --version && find common pf include tests/fuzz.sh tests/fuzz -name '*.[ch]' -o -name fuzz.sh |
		LC_ALL=C sort | xargs cat; } | sha256sum | cut -c 1-16)
}

# build_all KIND FLAG...: builds what is not there, and prints the directory.
build_all()
{
	local kind=$1 dir target
	shift

	dir=$STORE/build/$(build_key)-$kind
	mkdir -p "$dir"
	touch "$dir"
	find "$STORE/build" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
	for target in $(target_names); do
		if ! [ -e "$dir/$target" ]; then
			progress "building $target ..."
			build "$TOP_DIR" "$dir/$target" "$target" "$@"
		fi
	done
	progress_end
	printf '%s\n' "$dir"
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

# fuzz LABEL LOG PROGRAM ARGUMENT...: its status is that of the program
fuzz()
{
	local label=$1 log=$2 pid
	shift 2

	nice "$@" >"$log" 2>&1 &
	pid=$!
	while [ -t 2 ] && kill -0 "$pid" 2>/dev/null; do
		progress "$label: $(sed -n 's/^#\([0-9]*\).*/\1/p' "$log" | tail -n 1) executions ..."
		sleep 1
	done
	wait "$pid"
}

executions()
{
	sed -n 's/^stat::number_of_executed_units: *//p' "$1"
}

# What a program said about its end, in one line
reason()
{
	{ grep -m 1 -oE 'CHECK failed: .*|[^ ]+: runtime error: .*|ERROR: (Address|Leak)Sanitizer: [^(]*|ERROR: libFuzzer: .*' "$1" ||
		tail -n 1 "$1"; } | sed -e 's/ on unknown address.*//' -e 's/ *$//'
}

# Every later run begins with it, until it passes.
keep_input()
{
	if [ -n "$1" ]; then
		cp "$1" "$2/"
	fi
}

# run_target PROGRAM TARGET SECONDS
run_target()
{
	local program=$1 target=$2 seconds=$3 log=$OUT/$2.log input
	local found=$STORE/corpus/$2

	mkdir -p "$found"
	if fuzz "$target" "$log" "$program" "${RUN_FLAGS[@]}" -max_total_time="$seconds" \
		-artifact_prefix="$OUT/$target-" "$found" "$FUZZ/corpus/$target"; then
		verdict ok - "fuzz: $target: $(executions "$log") executions," \
			"$(sed -n 's/^#.*DONE *cov: \([0-9]*\) ft: \([0-9]*\).*/\2 features, \1 edges/p' "$log")"
	else
		input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
		verdict not ok - "fuzz: $target: $(reason "$log"); input ${input:-none, see $log}"
		printf '# again: tests/fuzz.sh --again %s %s\n' "$target" "$input"
		keep_input "$input" "$found"
	fi
}

run_targets()
{
	local names targets target dir shares=0 seconds

	names=$(pick_targets "$@")
	mapfile -t targets <<<"$names"
	dir=$(build_all fuzz "${SANITIZE[@]}")
	for target in "${targets[@]}"; do
		shares=$((shares + $(target_share "$target")))
	done
	for target in "${targets[@]}"; do
		seconds=$((BUDGET * $(target_share "$target") / shares))
		run_target "$dir/$target" "$target" "$((seconds > 0 ? seconds : 1))"
	done
	[ "$FAILED" -eq 0 ]
}

run_again()
{
	local target=$1 input=$2 dir

	pick_targets "$target" >/dev/null
	dir=$(build_all fuzz "${SANITIZE[@]}")
	FUZZ_TRACE=1 "$dir/$target" "$input"
}

# The copy is one for all: two runs at once would plant two defects.
lock_copy()
{
	mkdir -p "$STORE/mutants"
	exec 7>"$STORE/mutants/lock"
	if ! flock -n 7; then
		say "waiting for another run of mutants"
		flock 7
	fi
}

copy_tree()
{
	local copy=$1

	rm -rf "$copy"
	mkdir -p "$copy"
	(cd "$TOP_DIR" && find common pf include tests/fuzz -name '*.[ch]' -print0 | xargs -0 cp --parents -t "$copy")
}

field()
{
	sed -n "s/^$2: //p;/^---/q" "$1"
}

# The corpus of the checkout, and so many seconds to look for more
run_mutant()
{
	local patch=$1 name target copy=$STORE/mutants/tree
	name=$(basename "$patch" .patch)
	target=$(field "$patch" Caught-by)

	rm -rf "$STORE/mutants/found" "$STORE/mutants/failed"-*
	mkdir "$STORE/mutants/found"
	if [ -z "$target" ] || [ -z "$(field "$patch" Breaks)" ]; then
		verdict not ok - "mutant $name: does not say what it breaks, or what catches it"
	elif ! (cd "$copy" && git apply "$patch") 2>"$STORE/mutants/log"; then
		verdict not ok - "mutant $name: does not apply"
	elif ! build "$copy" "$STORE/mutants/program" "$target" "${SANITIZE[@]}" 2>"$STORE/mutants/log"; then
		verdict not ok - "mutant $name: does not build"
	elif fuzz "mutant $name" "$STORE/mutants/log" "$STORE/mutants/program" "${RUN_FLAGS[@]}" \
		-max_total_time="$MUTANT_SECONDS" -artifact_prefix="$STORE/mutants/failed-" \
		"$STORE/mutants/found" "$FUZZ/corpus/$target"; then
		verdict not ok - "mutant $name: survives $(executions "$STORE/mutants/log") executions of $target"
	else
		verdict ok - "mutant $name: caught by $target in $(executions "$STORE/mutants/log") executions:" \
			"$(reason "$STORE/mutants/log")"
	fi
	copy_tree "$copy"
}

# A target that fails without a mutant would catch them all.
check_unpatched()
{
	local dir target log=$STORE/mutants/log

	dir=$(build_all fuzz "${SANITIZE[@]}")
	for target in $(target_names); do
		if fuzz "$target" "$log" "$dir/$target" "${RUN_FLAGS[@]}" -runs=0 \
			-artifact_prefix="$STORE/mutants/failed-" "$FUZZ/corpus/$target"; then
			verdict ok - "fuzz: $target: passes its corpus without a mutant"
		else
			verdict not ok - "fuzz: $target: passes its corpus without a mutant: $(reason "$log")"
		fi
	done
	[ "$FAILED" -eq 0 ]
}

run_mutants()
{
	local patches patch

	patches=$(pick_names "$*" "$FUZZ"/mutants/*.patch)
	lock_copy
	copy_tree "$STORE/mutants/tree"
	check_unpatched || return 1
	for patch in $patches; do
		run_mutant "$patch"
	done
	printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
	[ "$FAILED" -eq 0 ]
}

# For a report: which lines do all the inputs together reach?
run_coverage()
{
	local dir target objects=() raw=$OUT/coverage

	dir=$(build_all coverage -fsanitize=fuzzer -fprofile-instr-generate -fcoverage-mapping)
	rm -rf "$raw"
	mkdir -p "$raw"
	for target in $(target_names); do
		mkdir -p "$STORE/corpus/$target"
		progress "$target ..."
		LLVM_PROFILE_FILE=$raw/$target.profraw "$dir/$target" -runs=0 "$STORE/corpus/$target" \
			"$FUZZ/corpus/$target" >"$raw/$target.log" 2>&1
		objects+=(-object "$dir/$target")
	done
	progress_end
	llvm-profdata merge -o "$raw/profile" "$raw"/*.profraw
	(cd "$TOP_DIR" && llvm-cov report -instr-profile="$raw/profile" "${objects[@]:1}" common/*.c)
	(cd "$TOP_DIR" && llvm-cov show -instr-profile="$raw/profile" "${objects[@]:1}" common/*.c >"$raw/lines")
	say "each line: $raw/lines"
}

# Edges only: counts of how often would make it ten times as many files. Named inputs were put there by hand and stay.
run_minimise()
{
	local targets dir target corpus new

	targets=$(pick_targets "$@")
	dir=$(build_all fuzz "${SANITIZE[@]}")
	for target in $targets; do
		corpus=$FUZZ/corpus/$target
		new=$STORE/minimised/$target
		rm -rf "$new"
		mkdir -p "$new" "$corpus" "$STORE/corpus/$target"
		fuzz "$target" "$OUT/$target.log" "$dir/$target" "${RUN_FLAGS[@]}" -merge=1 -use_counters=0 \
			"$new" "$corpus" "$STORE/corpus/$target"
		find "$corpus" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -delete
		cp "$new"/* "$corpus/"
		say "$target: $(find "$corpus" -type f | wc -l) inputs, $(du -bs "$corpus" | cut -f 1) bytes"
	done
}

main()
{
	local what=${1:-}

	[ "$BUDGET" -gt 0 ] || BUDGET=60
	mkdir -p "$OUT" "$STORE"
	install_tools
	case $what in
	--again) [ $# -eq 3 ] || die "--again TARGET FILE" ;;
	esac
	case $what in
	--again) run_again "$2" "$3" ;;
	--mutants) run_mutants "${@:2}" ;;
	--coverage) run_coverage ;;
	--minimise) run_minimise "${@:2}" ;;
	-*) die "no such option: $what" ;;
	*) run_targets "$@" ;;
	esac
}

main "$@"
