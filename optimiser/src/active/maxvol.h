/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MaxVol: n rows of a tall matrix whose square submatrix has a large volume |det|, so large that every other row is a
 * combination of them with coefficients of at most about 1.
 * S. A. Goreinov, I. V. Oseledets, D. V. Savostyanov, E. E. Tyrtyshnikov, N. L. Zamarashkin, in: Matrix Methods: Theory,
 * Algorithms and Applications, World Scientific 2010, p. 247. */
#ifndef XPOT_OPTIMISER_MAXVOL_H
#define XPOT_OPTIMISER_MAXVOL_H

#include "xpot/error.h"

/* chosen[n] <- rows of rows[m][n], m >= n, that LU factorisation with partial pivoting takes as pivots. */
xp_status xp_maxvol_pivots(const double *rows, int m, int n, int *chosen, xp_error *error);

/* inverse[n][n] of rows[n][n]. XP_ERROR_NUMERIC when it has none. */
xp_status xp_maxvol_invert(const double *rows, int n, double *inverse, xp_error *error);

/* Rows to choose from, as combinations of the n chosen ones. */
typedef struct xp_maxvol {
  int n, ncandidates;
  double *coordinates; /* [ncandidates][n] */
  int *chosen;         /* [n] labels of rows */
  int *candidates;     /* [ncandidates] labels of rows */
} xp_maxvol;

/* Exchanges chosen rows for candidates, each time at the largest coordinate, until none is above limit (> 1) or there were so
 * many exchanges; *count: how many. The volume grows by the coordinate each time. The result does not depend on threads. */
xp_status xp_maxvol_exchange(xp_maxvol *maxvol, double limit, int most_exchanges, int threads, int *count,
                             xp_error *error);

#endif
