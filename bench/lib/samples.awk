# SPDX-License-Identifier: GPL-2.0
#
# Lines of a run, some fields, a tab, and the ns of each exchange, to the fields, the number of exchanges, their median
# and their 90th percentile. Needs numbers.awk.
#
# -v slow=NS: also how many took longer, and the median of the others, "-" if there are none.

BEGIN {
	FS = "\t"
}

function rank(n, percent)
{
	return int((n * percent + 99) / 100)
}

{
	n = sorted($2, v)
	printf "%s,%d,%d,%d", $1, n, v[rank(n, 50)], v[rank(n, 90)]
	if (slow) {
		for (fast = n; fast && v[fast] > slow; fast--)
			;
		printf ",%d,%s", n - fast, fast ? v[rank(fast, 50)] : "-"
	}
	print ""
}
