/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weighted least squares |A x - b|^2 with one of several penalties, from the triangular factor of [A | b].
 *
 * Evidence and automatic relevance determination treat the rows as measurements with one normal error each and the
 * coefficients, in units of the inverse norms of their columns, as normal about zero; the precisions (inverse variances) are
 * those that make the data likeliest. D. J. C. MacKay, Neural Comput. 4, 415 (1992); M. E. Tipping, J. Mach. Learn. Res. 1,
 * 211 (2001). */
#ifndef XPOT_OPTIMISER_REGRESSION_H
#define XPOT_OPTIMISER_REGRESSION_H

#include <stdbool.h>

#include "fit/factor.h"

typedef enum xp_regression_method {
  XP_REGRESSION_QR,       /* singular values of the factor: small ones are cut off, the norm is the smallest */
  XP_REGRESSION_CHOLESKY, /* normal equations: several times faster, the condition number is squared */
  XP_REGRESSION_EVIDENCE, /* one prior precision */
  XP_REGRESSION_ARD       /* one prior precision a coefficient; what the data do not need is removed */
} xp_regression_method;

typedef struct xp_regression_options {
  xp_regression_method method;
  const double *penalty;   /* [n] adds sum_i penalty[i] x[i]^2; NULL for none; QR and CHOLESKY */
  const bool *unpenalised; /* [n] coefficients without a prior; NULL for none; EVIDENCE and ARD */
  double
      rcond; /* QR and EVIDENCE: of the singular values, columns scaled to norm 1; CHOLESKY: of the normal matrix, so scaled */
  double
      prune; /* ARD: a coefficient goes when its prior precision is so many times what the data can say about it (column
                   norm squared over noise variance): it then explains less than 1/prune of the residual's norm */
  long rows; /* rows of A, for the estimate of the noise */
} xp_regression_options;

/* rcond 1e-13, no penalty, prune 1e4. */
xp_regression_options xp_regression_defaults(xp_regression_method method, long rows);

typedef struct xp_regression {
  double *coefficients; /* [n], owned */
  int n, rank;
  double condition;      /* of the matrix with its columns scaled to norm 1; CHOLESKY and ARD: an estimate */
  double effective;      /* number of coefficients that the data determine; QR: not above the rank */
  double residual;       /* |A x - b|^2 */
  double noise_variance; /* of a row; NaN where no more rows than effective coefficients */
  double log_evidence;   /* ln p(b), free coefficients left out; NaN for QR and CHOLESKY */
  double jitter;         /* CHOLESKY: added to the normal matrix with diagonal 1 */
  int iterations, pruned;
} xp_regression;

/* factor: finished, last column the target; it is left as it is. XP_ERROR_NUMERIC when the result is not finite. */
xp_status xp_regression_solve(xp_regression *regression, const xp_factor *factor, const xp_regression_options *options,
                              xp_error *error);

/* Frees the members. */
void xp_regression_clear(xp_regression *regression);

#endif
