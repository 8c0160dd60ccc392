/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_KERNEL_RANKS_H
#define XPOT_KERNEL_RANKS_H

#include "kernel/kernel.h"

/* How many of the keys are smaller than each of them. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_canonical_ranks, (const double *keys, int count, int *ranks));

#endif
