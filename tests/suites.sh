# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The suites of tests/cases and tests/guests and the machine that each of them gets: what make check, make check-guest
# and make check-debug share. To be sourced after rig/lib.sh. Expects TESTS, OUT, CASES, and CFGBLK_MODULES from
# tests/build.sh.

# pick_suites SCRIPT...: one a line; CASES="10 20" for those whose names begin so
pick_suites()
{
	pick_names "$CASES" "$@"
}

# Static: the machine has no libraries but the command's
build_programs()
{
	local program

	for program in exchange poke; do
		cc -O2 -Wall -Wextra -Werror -static -I"$TOP_DIR/include/uapi" -o "$OUT/$program" \
			"$TESTS/programs/$program.c"
	done
}

# What suites find in /send: also the modules that only they use, and the samples
suite_files()
{
	local module

	printf '%s ' "$TESTS/cases" "$TESTS/guests" "$OUT/exchange" "$OUT/poke"
	for module in "$CFGBLK_MODULES"/modules/*.ko "$CFGBLK_MODULES"/samples/*.ko "$CFGBLK_MODULES/cfgblk_hvif.ko"; do
		printf '%s ' "$module"
	done
}

# Directories of modules that speak other versions of the protocol, for a suite that says "# VERSIONS=2-2 ..."
other_versions()
{
	local versions

	while read -r versions; do
		printf ' %s' "$("$TESTS/build.sh" "$KERNEL" "${versions%-*}" "${versions#*-}")"
	done < <(sed -n 's/^# VERSIONS=//p' "$1" | tr ' ' '\n')
}

# suite_machine SUITE SCRIPT DIR FILES: runs the script, which is the suite or has it in it, in the machine that the
# suite asks for; those of tests/guests need one that can have guests. What the machine said is in DIR afterwards.
# iomem=relaxed lets a test write registers of a device that a driver has.
suite_machine()
{
	local suite=$1 script=$2 dir=$3 files=$4 machine=vm.sh

	[[ $suite != */guests/* ]] || machine=nested.sh
	IGBS=$(sed -n 's/^# IGBS=//p' "$suite") RUN=$script SEND="$(suite_files)$files$(other_versions "$suite")" LOG=$dir APPEND=iomem=relaxed \
		"$RIG_DIR/$machine" >"$dir/output" 2>"$dir/stderr" || printf '%s\n' $? >"$dir/status"
}

# A processor that sleeps, and whose next timer interrupt never came: that is the emulator's, and no driver's, doing.
timer_lost()
{
	grep -q 'Possible timer handling issue' "$1/console.log" && grep -q 'RIP: .*safe_halt' "$1/console.log"
}

# check_end DIR NAME LINE...: each of these lines has to be in the output, and a test. A status without a test that
# failed is the machine's: it hung or died after the last line, in its shutdown for example.
check_end()
{
	local dir=$1 name=$2 line early=
	shift 2

	for line in "$@"; do
		grep -qxF "$line" "$dir/output" || early=": no line '$line'"
	done
	grep -q '^ok ' "$dir/output" || early=": no test passed"
	if [ -e "$dir/status" ] && ! grep -q '^not ok ' "$dir/output"; then
		early=": the machine did not (status $(cat "$dir/status"))"
	fi
	if [ -n "$early" ]; then
		printf '\nnot ok - %s: ran to its end%s\n' "$name" "$early"
		tail -n 60 "$dir/stderr" | sed 's/^/# /'
	fi
}

count()
{
	local pattern=$1
	shift

	cat "$@" | grep -cE "$pattern" || true
}
