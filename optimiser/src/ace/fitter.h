/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One ACE fit: from an input and a point of its space to a potential. */
#ifndef XPOT_OPTIMISER_ACE_FITTER_H
#define XPOT_OPTIMISER_ACE_FITTER_H

#include "ace/problem.h"
#include "config/ace_input.h"
#include "fit/subset.h"
#include "solve/regression.h"
#include "xpot/ace_basis.h"

typedef struct xp_ace_fitter xp_ace_fitter;

typedef struct xp_ace_fitter_request {
  const xp_config *config;
  const xp_data *train;
  const xp_data *validate; /* NULL: none; for the learning curve and for patience */
  int threads;
  xp_report *report; /* may be NULL */
} xp_ace_fitter_request;

/* Everything is borrowed. */
xp_status xp_ace_fitter_new(xp_ace_fitter **fitter, const xp_ace_fitter_request *request, xp_error *error);

/* NULL is allowed. */
void xp_ace_fitter_free(xp_ace_fitter *fitter);

/* Size of a fit. */
typedef struct xp_ace_size {
  int radial, functions, coefficients; /* radial coefficients, B functions of all elements, their coefficients */
  double bytes;
} xp_ace_size;

/* Size at a point (values NULL: everything is fixed); refuses a fit beyond fit.memory. */
xp_status xp_ace_fitter_measure(xp_ace_fitter *fitter, const double *values, xp_ace_size *size, xp_error *error);

typedef struct xp_ace_result {
  xp_ace_basis *basis; /* owned */
  xp_ace_loss train;   /* with the terms of the last stage */
  int iterations;      /* of all stages and steps */
  int parameters;
} xp_ace_result;

/* Fits at a point to a subset (NULL: all), as if the file held no other structures. folder (NULL: none): where NAME.checkpoint and NAME.curve.csv are kept while it runs; a checkpoint of the
 * same fit is gone on with. */
xp_status xp_ace_fitter_run(xp_ace_fitter *fitter, const double *values, const xp_fit_subset *subset,
                            const char *folder, xp_ace_result *result, xp_error *error);

/* Removes the checkpoint, when the potential has been written. */
xp_status xp_ace_fitter_finish(const xp_ace_fitter *fitter, const char *folder, xp_error *error);

#endif
