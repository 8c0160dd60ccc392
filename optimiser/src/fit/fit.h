/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One fit of any kind: from an input and a point of its space to a potential. */
#ifndef XPOT_OPTIMISER_FIT_H
#define XPOT_OPTIMISER_FIT_H

#include "ace/fitter.h"
#include "config/config.h"
#include "fit/snap_fitter.h"
#include "fit/subset.h"
#include "xpot/potential.h"

/* Keeps what fits of different points share. */
typedef struct xp_fitter xp_fitter;

typedef struct xp_fit_request {
  const xp_config *config;
  const xp_data *train, *validate; /* validate: NULL without; watched by ACE fits */
  int threads;
  xp_report *report; /* may be NULL */
} xp_fit_request;

typedef struct xp_fit_result {
  xp_potential potential; /* its model is owned */
  xp_snap_result snap;    /* of kind SNAP: the model belongs to potential */
  xp_ace_result ace;      /* of kind ACE */
} xp_fit_result;

/* Size of a problem, found without computing it. */
typedef struct xp_fit_size {
  xp_fit_kind kind;
  xp_design_size snap; /* of the kinds of SNAP */
  xp_ace_size ace;     /* of ACE */
} xp_fit_size;

/* Everything is borrowed. Checks what does not depend on a point: elements, groups, labels. */
xp_status xp_fitter_new(xp_fitter **fitter, const xp_fit_request *request, xp_error *error);

/* NULL is allowed. */
void xp_fitter_free(xp_fitter *fitter);

/* Size of the fit at a point (NULL: everything is fixed). */
xp_status xp_fitter_measure(xp_fitter *fitter, const double *values, xp_fit_size *size, xp_error *error);

/* Fits at a point to a subset of the training data (NULL: all); the result is that of a fit to a file that has no other
 * structures. folder (NULL: none): where a long fit keeps its checkpoint and learning curve. */
xp_status xp_fitter_run(xp_fitter *fitter, const double *values, const xp_fit_subset *subset, const char *folder,
                        xp_fit_result *result, xp_error *error);

/* Removes the checkpoint, when the potential has been written. */
xp_status xp_fitter_finish(const xp_fitter *fitter, const char *folder, xp_error *error);

/* Frees the members. */
void xp_fit_result_clear(xp_fit_result *result);

/* The plan of a fitted potential for its elements. */
xp_status xp_fit_result_plan(const xp_fit_result *result, xp_plan **plan, xp_error *error);

/* RMSE on the training data without weights: eV an atom, eV/Angstrom. */
double xp_fit_result_energy_rmse(const xp_fit_result *result);
double xp_fit_result_force_rmse(const xp_fit_result *result);

/* threads of the input, or all processors; and from now on one thread in each call of the linear-algebra library, whose own
 * threads would make results depend on their number. */
int xp_fit_threads(const xp_config *config);

#endif
