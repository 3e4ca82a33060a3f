# SPDX-License-Identifier: GPL-2.0
#
# Before a program that reads CSV files with a head: at("name") is that column of the line.

BEGIN {
	FS = ","
}

FNR == 1 {
	split("", column)
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}

function at(name)
{
	if (!(name in column)) {
		print FILENAME ": no column " name | "cat >&2"
		exit 1
	}
	return $column[name]
}
