/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Minimum-norm least squares from a triangular factor [R | z], whose last column is the target. */
#ifndef XPOT_OPTIMISER_LEAST_SQUARES_H
#define XPOT_OPTIMISER_LEAST_SQUARES_H

#include "fit/factor.h"

/* A triangular copy of a finished factor. */
xp_status xp_factor_copy(xp_factor *copy, const xp_factor *factor, xp_error *error);

/* Scales every column of a triangular factor, the target's too, to norm 1 and writes the norms [columns]; columns of zeros
 * stay and have norm 1. Clears what is below the diagonal. */
void xp_scale_columns(xp_factor *factor, double *norms);

typedef struct xp_minimum_norm {
  int rank;
  double condition; /* largest over smallest singular value, those taken for zero included */
} xp_minimum_norm;

/* Solves for coefficients[columns - 1] in units before the scaling by norms[columns]; singular values below rcond times the
 * largest are zero. Destroys the factor. XP_ERROR_NUMERIC when the result is not finite. */
xp_status xp_minimum_norm_solve(xp_minimum_norm *result, xp_factor *factor, const double *norms, double rcond,
                                double *coefficients, xp_error *error);

#endif
