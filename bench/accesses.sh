#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# accesses.sh [--record] LOG: register accesses and interrupts of each kind of exchange, as the suite of KUnit that
# counts them says in its log ("cost: KIND,BYTES,..."), against those recorded in accesses.csv beside this. Not one may
# grow.
#
# Prints "ok - accesses: ..." or "not ok - accesses: ..." with a table of what grew. --record makes what the log says the
# recorded numbers.

set -euo pipefail

RECORDED=$(dirname "${BASH_SOURCE[0]}")/accesses.csv
HEAD=kind,bytes,bits,vfs,vf_reads,vf_writes,pf_reads,pf_writes,pf_interrupts,vf_interrupts

# The lines of the log, without what KUnit puts before them
counted()
{
	sed -n 's/.*\bcost: //p' "$1" | tr -d ' \r'
}

record()
{
	{
		printf '%s\n' "$HEAD"
		counted "$1" | sort -t , -k 3,3n -k 4,4n -k 1,1 -k 2,2n
	} >"$RECORDED.new"
	mv "$RECORDED.new" "$RECORDED"
}

# The first file is what is recorded, the second what was counted.
compare()
{
	awk -F , '
		function bad(text) { problems = problems "# " text "\n"; n_bad++ }
		FNR == 1 { file++ }
		file == 1 && FNR == 1 { split($0, column, ","); next }
		{ key = $1 "," $2 "," $3 "," $4 }
		NF != 10 { bad("a line of " NF " columns: " $0); next }
		file == 1 { recorded[key] = $0; next }
		{ seen[key] = 1; rows++ }
		!(key in recorded) { bad("not recorded: " $0); next }
		{
			split(recorded[key], old, ",")
			for (i = 5; i <= 10; i++) {
				if ($i > old[i] + 0)
					bad(sprintf("%-32s %-14s %4d -> %4d", key, column[i], old[i], $i))
				if ($i < old[i] + 0)
					less = less sprintf("# %-32s %-14s %4d -> %4d\n", key, column[i], old[i], $i)
			}
		}
		END {
			for (key in recorded)
				if (!(key in seen))
					bad("recorded, and not counted: " key)
			if (n_bad)
				printf "not ok - accesses: none grew (%d)\n%s", n_bad, problems
			else
				printf "ok - accesses: none grew, of %d kinds of exchange\n", rows
			if (less)
				printf "# less than recorded; record it with bench/accesses.sh --record LOG:\n%s", less
			exit n_bad > 0
		}' "$1" "$2"
}

main()
{
	local log=${*: -1} costs

	if [ $# -eq 0 ] || ! [ -r "$log" ]; then
		printf 'not ok - accesses: there is a log (%s)\n' "$log"
		return 1
	fi
	costs=$(counted "$log")
	if [ -z "$costs" ]; then
		printf 'not ok - accesses: the log has what an exchange costs (%s)\n' "$log"
		return 1
	fi
	if [ "$1" = --record ]; then
		record "$log"
	fi
	if ! [ -s "$RECORDED" ]; then
		printf 'not ok - accesses: there are recorded numbers (bench/accesses.sh --record %s)\n' "$log"
		return 1
	fi
	compare "$RECORDED" <(printf '%s\n' "$costs")
}

main "$@"
