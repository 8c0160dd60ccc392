/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search minimises: a point of its space -> a fit, its errors on the validation data, a loss. */
#ifndef XPOT_OPTIMISER_OBJECTIVE_H
#define XPOT_OPTIMISER_OBJECTIVE_H

#include <stdio.h>

#include "fit/fit.h"
#include "journal/trial.h"
#include "objective/sets.h"

/* The data, and what trials share. */
typedef struct xp_objective xp_objective;

/* Reads the data and checks everything that does not depend on a point. config and report (may be NULL) are borrowed. */
xp_status xp_objective_new(xp_objective **objective, const xp_config *config, int threads, xp_report *report,
                           xp_error *error);

/* NULL is allowed. */
void xp_objective_free(xp_objective *objective);

typedef struct xp_task {
  int number;           /* of the trial, from 1 */
  const double *values; /* the point */
  double fidelity;      /* in (0, 1]; 1: a whole fit */
  const char *folder;   /* output folder of the search, for scratch; NULL: none */
} xp_task;

/* Makes a trial; the input must name validation data. A point that cannot be fitted is a result of status XP_TRIAL_FAILED with
 * a reason, and XP_OK; an error (XP_ERROR_IO, XP_ERROR_MEMORY) is what the machine refused and ends a search. result is
 * zeroed before. */
xp_status xp_objective_run(xp_objective *objective, const xp_task *task, xp_trial *result, xp_error *error);

/* Prints all that decides a loss: the data by content, the rest by meaning. */
xp_status xp_objective_print_fingerprint(const xp_objective *objective, FILE *stream, xp_error *error);

/* What it reads and fits with; borrowed. */
const xp_sets *xp_objective_sets(const xp_objective *objective);
xp_fitter *xp_objective_fitter(xp_objective *objective);

#endif
