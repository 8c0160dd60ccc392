/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weighted least squares from a design: minimum-norm solution by singular values. */
#ifndef XPOT_OPTIMISER_SOLVE_H
#define XPOT_OPTIMISER_SOLVE_H

#include "fit/design.h"

typedef struct xp_solve_request {
  const double (*weights)[XP_ROW_TYPES]; /* [ngroups] factor of each row */
  const bool *used;                      /* [ngroups] groups that are fitted to; NULL: all */
  double
      rcond; /* singular values below rcond times the largest, of the matrix with its columns scaled to norm 1, are zero */
  int threads;
  double ridge; /* added penalty: ridge * sum (coefficient * norm of its column)^2 */
} xp_solve_request;

typedef struct xp_solution {
  double *coefficients; /* [columns], owned */
  int columns, rank;
  double condition; /* largest over smallest singular value of the scaled matrix, those taken for zero included */
  long rows[XP_ROW_TYPES];
  double rmse[XP_ROW_TYPES]; /* of the training rows without weights: eV an atom, eV/Angstrom, bar; NaN without rows */
} xp_solution;

/* XP_ERROR_RANGE when no row has a weight, XP_ERROR_NUMERIC when the result is not finite. */
xp_status xp_solve(xp_solution *solution, const xp_design *design, const xp_solve_request *request, xp_error *error);

/* Frees the members. */
void xp_solution_clear(xp_solution *solution);

#endif
