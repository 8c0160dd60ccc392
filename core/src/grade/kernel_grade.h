/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_KERNEL_GRADE_H
#define XPOT_KERNEL_GRADE_H

#include "kernel/kernel.h"

/* Columns of an inverse that are worked on together. */
enum { XP_GRADE_COLUMNS = 6 };

/* Atoms side by side in a block; a divisor of XP_GRADE_WIDTH_MAX. */
enum { XP_GRADE_WIDTH_MAX = 16 };
XP_KERNEL_DECLARE_DOUBLE(int, xp_grade_width, (void));

/* Largest |sum_q b_q A_qk| over all columns of each atom.
 * tiles [ntiles][n][XP_GRADE_COLUMNS]: the inverse, columns filled up with zeros; rows [nblocks][n][width]: descriptors;
 * largest [nblocks][width]. All aligned to 64 bytes. */
XP_KERNEL_DECLARE_DOUBLE(void, xp_grade_largest,
                         (int n, int ntiles, const double *tiles, int nblocks, const double *rows, double *largest));

#endif
