/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One SNAP or quadratic-SNAP fit: from an input and a point of its space to a model. */
#ifndef XPOT_OPTIMISER_SNAP_FITTER_H
#define XPOT_OPTIMISER_SNAP_FITTER_H

#include "config/config.h"
#include "fit/design.h"
#include "fit/solve.h"
#include "fit/subset.h"

/* Keeps the design of the last geometry and folds, so that a fit that differs in weights or in the fold left out alone costs
 * one solution. */
typedef struct xp_snap_fitter xp_snap_fitter;

typedef struct xp_snap_result {
  xp_snap_model *model; /* owned */
  xp_solution solution; /* owned */
  bool reused;          /* the design of the fit before was good for this one */
} xp_snap_result;

/* config and train are borrowed; their elements and groups are checked. report may be NULL. */
xp_status xp_snap_fitter_new(xp_snap_fitter **fitter, const xp_config *config, const xp_data *train, int threads,
                             xp_report *report, xp_error *error);

/* NULL is allowed. */
void xp_snap_fitter_free(xp_snap_fitter *fitter);

/* Size of the fit at a point (NULL: everything is fixed). */
xp_status xp_snap_fitter_measure(xp_snap_fitter *fitter, const double *values, xp_design_size *size, xp_error *error);

/* Fits at a point to a subset (NULL: all). */
xp_status xp_snap_fitter_run(xp_snap_fitter *fitter, const double *values, const xp_fit_subset *subset,
                             xp_snap_result *result, xp_error *error);

/* Frees the members. */
void xp_snap_result_clear(xp_snap_result *result);

#endif
