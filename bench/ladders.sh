#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ladders.sh: do the steps of each ladder in Documentation/cost.rst add up to the accesses that were recorded?
#
# A ladder begins with "KIND,BYTES,BITS" in a line of its own heading; each step ends with "| VF R, W, PF R, W".

set -euo pipefail

DIR=$(dirname "${BASH_SOURCE[0]}")

awk '
	function bad(text)
	{
		print "not ok - ladders: " text
		failed = 1
	}

	function compare(    key, n)
	{
		if (ladder == "")
			return
		if (!(ladder in recorded))
			bad(ladder ": not in accesses.csv")
		else if (recorded[ladder] != vr "," vw "," pr "," pw)
			bad(ladder ": the steps are " vr "," vw "," pr "," pw ", counted are " recorded[ladder])
		else
			print "ok - ladders: " ladder ": the steps add up"
		ladder = ""
		vr = vw = pr = pw = 0
		n_ladders++
	}
	FILENAME ~ /csv$/ {
		split($0, cell, ",")
		key = cell[1] "," cell[2] "," cell[3]
		if (!(key in recorded))
			recorded[key] = cell[5] "," cell[6] "," cell[7] "," cell[8]
		next
	}
	$1 ~ /^[a-z]+,[0-9]+,(32|64)$/ { compare(); ladder = $1; next }
	ladder != "" && / [|] +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+$/ {
		vr += $(NF - 3); vw += $(NF - 2); pr += $(NF - 1); pw += $NF
		next
	}
	ladder != "" { compare() }
	END {
		compare()
		if (n_ladders < 5)
			bad("there are " n_ladders + 0 ", and five or more were drawn")
		exit failed
	}' "$DIR/accesses.csv" "$DIR/../Documentation/cost.rst"
