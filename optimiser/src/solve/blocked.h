/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cholesky's factor of a large matrix by several threads, with the same numbers for any number of them. */
#ifndef XPOT_OPTIMISER_BLOCKED_H
#define XPOT_OPTIMISER_BLOCKED_H

#include <stdbool.h>

/* a <- L with LL' the matrix of the lower triangle of a[n][n], by columns; what is above stays. False, and a is spoilt, when
 * the matrix is not positive definite. */
bool xp_blocked_cholesky(double *a, int n, int threads);

#endif
