#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make bench: what an exchange costs, measured in the test machine and beside the stock pair of drivers there, and a
# report of it. README.md beside it says how. CFGBLK_MODULES is what tests/build.sh prints; without it that is built.

set -euo pipefail
BENCH_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/rig/lib.sh
. "$BENCH_DIR/../tests/rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$BENCH_DIR/lib/stages.sh"
. "$BENCH_DIR/lib/report.sh"

BOOTS=${BOOTS:-3}
QUICK=${QUICK:-}
KERNEL=${KERNEL:-6.12}
WORK=$TOP_DIR/build/bench
STAGES=(counts times crowd memory pure)
REPORT_ONLY=

usage()
{
	cat <<-END
		usage: bench/bench.sh [--boots N] [--quick] [--report] [STAGE...]

		  --boots N  of the test machine, to measure times; default 3
		  --quick    a short run, whose results go to build/bench/quick and not here
		  --report   measure nothing, write the report anew from the CSV files that are there
		  STAGE      measure this alone, and keep the other results: ${STAGES[*]}
	END
}

parse_arguments()
{
	local stages=()

	while [ $# -gt 0 ]; do
		case $1 in
		--boots)
			BOOTS=${2-}
			shift
			;;
		--quick) QUICK=1 ;;
		--report) REPORT_ONLY=1 ;;
		--help)
			usage
			exit
			;;
		counts | times | crowd | memory | pure) stages+=("$1") ;;
		*)
			usage >&2
			exit 2
			;;
		esac
		shift
	done
	[[ $BOOTS =~ ^[1-9][0-9]*$ ]] || die "BOOTS: '$BOOTS' is not a number from 1 on"
	[ "${#stages[@]}" -eq 0 ] || STAGES=("${stages[@]}")
}

# What both kinds of run differ in
# shellcheck disable=SC2034 # for the stages
settings()
{
	RESULTS=$BENCH_DIR
	EXCHANGES=50
	ROUNDS=10
	COUNT=100
	CROWD_ROUNDS=5
	CROWD_COUNT=500
	PURE_ROUNDS=50
	if [ -n "$QUICK" ]; then
		RESULTS=$WORK/quick
		BOOTS=1
		EXCHANGES=10
		ROUNDS=2
		COUNT=50
		CROWD_ROUNDS=2
		CROWD_COUNT=200
		PURE_ROUNDS=10
	fi
	mkdir -p "$WORK" "$RESULTS"
}

install_tools()
{
	apt_need "to draw the pictures" gnuplot-nox
}

main()
{
	local stage

	parse_arguments "$@"
	settings
	install_tools
	trap progress_end EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	if [ -z "$REPORT_ONLY" ]; then
		build
		for stage in "${STAGES[@]}"; do
			"stage_$stage"
		done
	fi
	progress "writing the report"
	write_report
	progress_end
	say "results: ${RESULTS#"$TOP_DIR/"}/report.md"
}

main "$@"
