/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Change of variables that makes a nearly quadratic loss round: with U'U = R'R + lambda diag(d^2), x = U^-1 y has about the
 * Hessian 1 where x has R'R. */
#ifndef XPOT_OPTIMISER_WHITENING_H
#define XPOT_OPTIMISER_WHITENING_H

#include "xpot/error.h"

typedef struct xp_whitening {
  int n;
  double *u; /* [n][n + 1] by columns, upper triangle; owned */
} xp_whitening;

/* r: upper triangle [n][stride] by columns, so that n columns of a factor with its target will do; lambda >= 0;
 * scales[n] > 0. By QR of the stacked matrices: R'R is never formed. XP_ERROR_NUMERIC when U is singular. */
xp_status xp_whitening_make(xp_whitening *whitening, const double *r, int stride, int n, double lambda,
                            const double *scales, xp_error *error);

/* Frees the members. */
void xp_whitening_clear(xp_whitening *whitening);

/* v[n] <- U^-1 v: from y to x. */
void xp_whitening_apply(const xp_whitening *whitening, double *v);

/* v[n] <- U^-T v: gradients with respect to x to those with respect to y. */
void xp_whitening_apply_transposed(const xp_whitening *whitening, double *v);

#endif
