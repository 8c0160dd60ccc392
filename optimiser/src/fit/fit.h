/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One fit: from an input and a point of its space to a potential. */
#ifndef XPOT_OPTIMISER_FIT_H
#define XPOT_OPTIMISER_FIT_H

#include "config/config.h"
#include "fit/design.h"
#include "fit/solve.h"
#include "xpot/potential.h"

/* Keeps the design of the last geometry, so that a fit that differs in weights alone costs one solution. */
typedef struct xp_fitter xp_fitter;

typedef struct xp_fit_result {
  xp_potential potential; /* of kind SNAP; its model is owned */
  xp_solution solution;   /* owned */
  bool reused;            /* the design of the fit before was good for this one */
} xp_fit_result;

/* config and train are borrowed. Checks what does not depend on a point: elements, groups, labels. report may be NULL. */
xp_status xp_fitter_new(xp_fitter **fitter, const xp_config *config, const xp_data *train, int threads,
                        xp_report *report, xp_error *error);

/* NULL is allowed. */
void xp_fitter_free(xp_fitter *fitter);

/* Size of the fit at a point (NULL: everything is fixed). */
xp_status xp_fitter_measure(xp_fitter *fitter, const double *values, xp_design_size *size, xp_error *error);

/* Fits at a point. */
xp_status xp_fitter_run(xp_fitter *fitter, const double *values, xp_fit_result *result, xp_error *error);

/* Frees the members. */
void xp_fit_result_clear(xp_fit_result *result);

/* The plan of a fitted potential for the elements of the input. */
xp_status xp_fit_result_plan(const xp_fit_result *result, xp_plan **plan, xp_error *error);

/* threads of the input, or all processors; and from now on one thread in each call of the linear-algebra library, whose own
 * threads would make results depend on their number. */
int xp_fit_threads(const xp_config *config);

#endif
