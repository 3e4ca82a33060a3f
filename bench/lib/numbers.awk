# SPDX-License-Identifier: GPL-2.0
#
# Ranks of numbers: to be given to awk before the program that needs them.

# Quicksort of v[first..last]
function sort(v, first, last,    low, high, pivot, swap)
{
	if (first >= last)
		return
	low = first
	high = last
	pivot = v[int((first + last) / 2)]
	while (low <= high) {
		while (v[low] < pivot)
			low++
		while (v[high] > pivot)
			high--
		if (low <= high) {
			swap = v[low]
			v[low++] = v[high]
			v[high--] = swap
		}
	}
	sort(v, first, high)
	sort(v, low, last)
}

# A list of words to sorted numbers v[1..n]; returns n
function sorted(list, v,    n, i)
{
	n = split(list, v, " ")
	for (i = 1; i <= n; i++)
		v[i] += 0
	sort(v, 1, n)
	return n
}

# By nearest rank: always a value that was measured
function percentile(list, percent,    n, v, rank)
{
	n = sorted(list, v)
	rank = int((n * percent + 99) / 100)
	return v[rank ? rank : 1]
}

function median(list)
{
	return percentile(list, 50)
}
