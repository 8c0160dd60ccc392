/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Normal equations of a design for any weights, in coordinates in which they are well conditioned.
 *
 * With R0 the factor of all rows at weights that follow from the data alone, and T_g = A_g R0^-1 for every group g of rows, the
 * fit at weights w_g is
 *
 *   (sum_g w_g^2 T_g'T_g) R0 dx = R0^-T sum_g w_g^2 A_g'(b_g - A_g x),   x <- x + dx
 *
 * The matrices T_g'T_g are made once; then weights cost a sum, a Cholesky factor and a few steps, each of which takes its right
 * side from the factors themselves, so that the result has the digits of an orthogonal solution. */
#ifndef XPOT_OPTIMISER_NORMAL_H
#define XPOT_OPTIMISER_NORMAL_H

#include "fit/factor.h"
#include "fit/rows.h"

/* One group of rows of one type. */
typedef struct xp_normal_part {
  const xp_factor *factor; /* borrowed; below its triangle it holds T'T */
  int group, type;
  double *rows; /* [n][nrows] by columns, T itself where rows are few; NULL where the factor holds T'T; owned */
} xp_normal_part;

typedef struct xp_normal {
  int n, nparts;
  xp_normal_part *parts; /* [nparts] those that have rows; owned */
  xp_factor reference;   /* R0, with a column for the target */
  double condition;      /* of R0 with its columns scaled to norm 1, an estimate */
  double *squares;       /* [nparts][n] of the columns' norms in each part; owned */
  double *matrix;        /* [n][n] room for a sum; owned */
} xp_normal;

/* factors[ngroups], finished; they get T'T below their triangles and must outlive the result. *normal stays NULL when the rows
 * do not determine every coefficient well enough. The same numbers for any number of threads. */
xp_status xp_normal_new(xp_normal **normal, xp_factor (*factors)[XP_ROW_TYPES], int ngroups, int threads,
                        xp_error *error);

/* NULL is allowed. */
void xp_normal_free(xp_normal *normal);

/* T'T of a part that holds it: the lower triangle by columns, of *stride numbers. */
const double *xp_normal_gram(const xp_normal_part *part, int *stride);

#endif
