/* SPDX-License-Identifier: GPL-2.0 */
/* Also what errno.h of the C library leads to: no more than the numbers */
#include <asm/errno.h>
