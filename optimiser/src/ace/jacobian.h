/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the weighted residuals' Jacobian by function coefficients and e0, structure by structure. */
#ifndef XPOT_OPTIMISER_ACE_JACOBIAN_H
#define XPOT_OPTIMISER_ACE_JACOBIAN_H

#include "ace/problem.h"

/* What rows are made of, and one thread's room for those of a structure. */
typedef struct xp_ace_jacobian {
  const xp_ace_problem *problem;
  const xp_ace_terms *terms;
  const double *parameters;
  const bool *active;          /* [columns] columns that are not zero; NULL: all */
  int columns;                 /* without the target */
  xp_ace_fit_scratch *scratch; /* owned, as what follows */
  double (*forces)[3];
  double *plain; /* [1 + 3 natoms + 6][columns] */
  double *rows;  /* [1 + 3 natoms + 6][columns + 1] the result */
} xp_ace_jacobian;

/* Room for the largest structure; the first members are set. */
xp_status xp_ace_jacobian_open(xp_ace_jacobian *jacobian, xp_error *error);
void xp_ace_jacobian_close(xp_ace_jacobian *jacobian);

/* Weighted rows of a structure, the target (minus the residual) last. */
xp_status xp_ace_jacobian_rows(const xp_ace_jacobian *jacobian, int structure, int *count, xp_error *error);

/* Rows that structures first .. last-1 have; what has no weight has none. */
long xp_ace_jacobian_count(const xp_ace_problem *problem, const xp_ace_terms *terms, int first, int last);

#endif
