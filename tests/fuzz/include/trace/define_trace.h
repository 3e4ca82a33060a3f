/* SPDX-License-Identifier: GPL-2.0 */
/* tracepoint.h beside this has it all */
