/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a fit begins: energies of free atoms, and coefficients from a linear fit. */
#ifndef XPOT_OPTIMISER_ACE_START_H
#define XPOT_OPTIMISER_ACE_START_H

#include "ace/problem.h"
#include "config/ace_input.h"
#include "solve/regression.h"

/* Energies of free atoms, e0[nelements] in the order of elements. An element that occurs alone in a structure has that
 * energy, and fixed is true; the others take what fits the energies best by composition, unless constant is false: then all
 * are those given, and fixed. given may be NULL. */
xp_status xp_ace_start_energies(double *e0, bool *fixed, const xp_data *data, const xp_symbol *elements, int nelements,
                                const double *given, bool constant, double cutoff, xp_error *error);

/* What is needed to begin, or to solve a linear model. */
typedef struct xp_ace_start {
  const xp_ace_problem *problem;
  const xp_ace_fit *fit;
  const xp_ace_basis *basis;
  const xp_ace_terms *terms;
  const bool *fixed; /* [nelements] of e0 */
  xp_regression_method method;
  double rcond;
  xp_report *report;
} xp_ace_start;

/* Fits the coefficients of linear densities (and e0) at the other parameters. regression is filled; free it. */
xp_status xp_ace_start_solve(const xp_ace_start *start, double *parameters, xp_regression *regression, xp_error *error);

/* Coefficients of a basis that has none: random small ones of the non-linear densities (the same for the same basis), then
 * those of the linear densities by least squares. */
xp_status xp_ace_start_all(const xp_ace_start *start, double *parameters, xp_error *error);

#endif
