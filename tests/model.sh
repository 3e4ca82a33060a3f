#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The model of the link, searched by spin: tests/model/link.pml says what it is and what it leaves out.
#
# Usage: model.sh                  every configuration and every mutant
#        model.sh NAME...          only those
#        model.sh -t NAME [ARG...] the story of the last error of one of them; ARGs go to spin
#
# Prints "ok - model: NAME: N states" for each of tests/model/configurations that has no error and was searched to its
# end, and "ok - model: MUTANT is found: PROPERTY" for each of tests/model/mutants.  JOBS=N searches N at once (2 unless
# given); one takes up to 1 GB.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"
. "$RIG_DIR/apt.sh"

MODEL=$TOP_DIR/tests/model
OUT=$TOP_DIR/build/model
JOBS=${JOBS:-2}

PACKAGES=(spin gcc libc6-dev)

# Safety only: there is no cycle to look for.
CFLAGS=(-O2 -w -DSAFETY -DNOCLAIM -DMEMLIM=2000)
DEPTH=1000000
HASH=24

# A bit for each state of both ends, see link.pml.
ALL_STATES=4095

install_tools()
{
	apt_need "to search a model of the link" "${PACKAGES[@]}"
}

# Lines of a list without its comments.
entries()
{
	grep -v -e '^#' -e '^$' "$1"
}

# What spin is told of a configuration or a mutant.
flags_of()
{
	local wanted=$1 name property flags

	while read -r name flags; do
		if [ "$name" = "$wanted" ]; then
			printf '%s\n' "$flags"
			return
		fi
	done < <(entries "$MODEL/configurations")
	while read -r name property flags; do
		if [ "$name" = "$wanted" ]; then
			printf '%s %s\n' "-DMUTANT_${name//+/ -DMUTANT_}" "$flags"
			return
		fi
	done < <(entries "$MODEL/mutants")
	die "neither a configuration nor a mutant: $wanted"
}

# Each in a directory of its own: spin and the compiler write where they are.
search()
{
	local dir=$OUT/$1
	local flags

	read -ra flags <<<"$2"
	rm -rf "$dir"
	mkdir -p "$dir"
	cp "$MODEL/link.pml" "$dir"
	printf '%s\n' "$2" >"$dir/flags"
	(
		cd "$dir"
		spin -a "${flags[@]}" link.pml >spin.log 2>&1
		gcc "${CFLAGS[@]}" -o pan pan.c >gcc.log 2>&1
		./pan -n -m"$DEPTH" -w"$HASH" >pan.log 2>&1
	) || true
}

replay()
{
	local dir=$OUT/$1 flags

	shift
	[ -e "$dir/link.pml.trail" ] || die "no trail in $dir: nothing was found there, or not searched yet"
	read -ra flags <"$dir/flags"
	(cd "$dir" && spin -t "${@:--B}" -DREPLAY "${flags[@]}" link.pml)
}

# The property that the trail breaks; without a name it is an invalid end state.
broken()
{
	replay "$1" | awk '/BROKEN: / { print $2; found = 1; exit } END { if (!found) print "INVALID_END_STATE" }' || true
}

# Spin says so if it gave up anywhere: out of memory, too deep, or after an error.
complete()
{
	local log=$OUT/$1/pan.log

	grep -q 'errors: 0$' "$log" && ! grep -qiE 'not completed|too small|out of memory|max search depth' "$log"
}

states()
{
	sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$OUT/$1/pan.log"
}

configuration()
{
	local name=$1

	search "$name" "$2"
	if [ -e "$OUT/$name/link.pml.trail" ]; then
		printf 'not ok - model: %s: %s, tests/model.sh -t %s shows how\n' "$name" "$(broken "$name")" "$name"
	elif complete "$name"; then
		printf 'ok - model: %s: %s states\n' "$name" "$(states "$name")"
	else
		printf 'not ok - model: %s: searched to its end, see build/model/%s\n' "$name" "$name"
	fi
}

mutant()
{
	local name=$1 property=$2 found

	search "$name" "$3"
	if ! [ -e "$OUT/$name/link.pml.trail" ]; then
		printf 'not ok - model: %s is found\n' "$name"
		return
	fi
	found=$(broken "$name")
	if [ "$found" = "$property" ]; then
		printf 'ok - model: %s is found: %s\n' "$name" "$property"
	else
		printf 'not ok - model: %s is found: %s, not %s\n' "$name" "$found" "$property"
	fi
}

# One line of either list; the name tells which.
run_one()
{
	local name=$1 property flags

	flags=$(flags_of "$name")
	property=$(entries "$MODEL/mutants" | awk -v name="$name" '$1 == name { print $2 }')
	if [ -n "$property" ]; then
		mutant "$name" "$property" "$flags"
	else
		configuration "$name" "$flags"
	fi
}

# A state that no configuration comes to would be one that nothing was checked in.
check_states()
{
	local seen=0 name flags n

	while read -r name flags; do
		n=$(sed -n 's/^states worked in: //p' "$OUT/$name/pan.log")
		seen=$((seen | ${n:-0}))
	done < <(entries "$MODEL/configurations")
	if [ "$seen" -eq "$ALL_STATES" ]; then
		printf 'ok - model: every state of both ends was worked in\n'
	else
		printf 'not ok - model: every state of both ends was worked in (bits %x of %x)\n' "$seen" "$ALL_STATES"
	fi
}

run_all()
{
	printf '%s\0' "$@" | xargs -0 -n 1 -P "$JOBS" "${BASH_SOURCE[0]}" --one
}

main()
{
	local names=("$@") name

	install_tools
	mkdir -p "$OUT"
	if [ "${#names[@]}" -eq 0 ]; then
		mapfile -t names < <(entries "$MODEL/configurations" | cut -f 1; entries "$MODEL/mutants" | cut -f 1)
	fi
	for name in "${names[@]}"; do
		flags_of "$name" >/dev/null
	done
	run_all "${names[@]}" | tee "$OUT/output"
	if [ "$#" -eq 0 ]; then
		check_states | tee -a "$OUT/output"
	fi
	! grep -q '^not ok' "$OUT/output"
}

case ${1:-} in
--one) run_one "$2" ;;
-t) shift; replay "$@" ;;
*) main "$@" ;;
esac
