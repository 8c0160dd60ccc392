/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_KERNEL_RANKS_H
#define XPOT_KERNEL_RANKS_H

#include "kernel/kernel.h"

/* Keys that are counted for together. */
enum { XP_CANONICAL_BLOCK = 16 };

/* How many of the keys are smaller than each of them. Whole blocks are read and written: keys and ranks have room for
 * XP_CANONICAL_BLOCK more than count. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_canonical_ranks, (const double *keys, int count, int *ranks));

#endif
