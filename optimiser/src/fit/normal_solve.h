/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_OPTIMISER_NORMAL_SOLVE_H
#define XPOT_OPTIMISER_NORMAL_SOLVE_H

#include "fit/normal.h"
#include "fit/solve.h"

/* Solves for coefficients[n] at weights. *solved is false where only singular values tell what the rows determine: with a
 * penalty, where one might be cut off, or where the steps do not settle; that follows from the design and the request alone.
 * condition: of the weighted matrix with its columns scaled to norm 1, about; coefficients are zeros at first. */
xp_status xp_normal_solve(const xp_normal *normal, const xp_solve_request *request, double *coefficients,
                          double *condition, bool *solved, xp_error *error);

#endif
