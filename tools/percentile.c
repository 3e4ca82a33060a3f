// SPDX-License-Identifier: GPL-2.0
/* Percentiles by nearest rank: always a value that was measured */
#include <stdlib.h>

#include "percentile.h"

static int compare(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void samples_sort(__u64 *samples, size_t n)
{
	qsort(samples, n, sizeof(*samples), compare);
}

/* @n is at least 1; @percent 0 is the least, 100 the greatest */
__u64 percentile(const __u64 *sorted, size_t n, unsigned int percent)
{
	size_t rank = (n * percent + 99) / 100;

	return sorted[rank ? rank - 1 : 0];
}
