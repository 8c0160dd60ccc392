/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search minimises: a point of its space -> fits, their errors on structures they have not seen, a loss. README.md in
 * this folder has the equations. */
#ifndef XPOT_OPTIMISER_OBJECTIVE_H
#define XPOT_OPTIMISER_OBJECTIVE_H

#include <stdio.h>

#include "data/errors.h"
#include "external/external.h"
#include "fit/fit.h"
#include "journal/trial.h"
#include "objective/loss.h"
#include "objective/sets.h"

/* The data, and what trials share. */
typedef struct xp_objective xp_objective;

/* Reads the data and checks everything that does not depend on a point. config and report (may be NULL) are borrowed. */
xp_status xp_objective_new(xp_objective **objective, const xp_config *config, int threads, xp_report *report,
                           xp_error *error);

/* NULL is allowed. */
void xp_objective_free(xp_objective *objective);

/* Records a metric that trials do not have otherwise, as us_per_atom or energy_rmse_mev_per_atom:Elastic, because a search
 * uses it (search.second, limits). An unknown name is an error at place, with advice. Before the fingerprint is taken. */
xp_status xp_objective_record(xp_objective *objective, const char *metric, xp_place place, xp_error *error);

typedef struct xp_task {
  int number;           /* of the trial, from 1; 0: a single fit */
  const double *values; /* the point; NULL: everything is fixed */
  double fidelity;      /* in (0, 1]; 1: a whole fit */
  const char *folder;   /* output folder of the search, for scratch; NULL: none */
} xp_task;

/* Makes a trial; the input must say how to validate. A point that cannot be fitted is a result of status XP_TRIAL_FAILED with a
 * reason, and XP_OK; an error (XP_ERROR_IO, XP_ERROR_MEMORY) is what the machine refused and ends a search. result is zeroed
 * before. */
xp_status xp_objective_run(xp_objective *objective, const xp_task *task, xp_trial *result, xp_error *error);

/* A trial of a potential that is there. */
typedef struct xp_assessment {
  const xp_fit_result *fit; /* to all of the training data, at the task's point; with folds they are fitted besides */
  const char *parity;       /* a file for every label and its prediction, written by the first process; NULL: none */
  bool made;                /* by another code, whose files are only read again */
  xp_error_table table;     /* made: errors on the structures judged; free with xp_error_table_clear */
} xp_assessment;

/* As xp_objective_run, but every failure is an error. */
xp_status xp_objective_assess(xp_objective *objective, const xp_task *task, xp_assessment *assessment, xp_trial *result,
                              xp_error *error);

/* Prints all that decides a loss: the data by content, the rest by meaning. */
xp_status xp_objective_print_fingerprint(const xp_objective *objective, FILE *stream, xp_error *error);

/* Microseconds an atom for energies and forces on one thread; cell names where, borrowed. */
xp_status xp_objective_cost(const xp_objective *objective, const xp_plan *plan, double *us_per_atom, const char **cell,
                            xp_error *error);

/* What it reads, fits with, and how errors make a loss; borrowed. */
const xp_sets *xp_objective_sets(const xp_objective *objective);
xp_fitter *xp_objective_fitter(xp_objective *objective);     /* NULL when another code makes the fits */
xp_external *xp_objective_external(xp_objective *objective); /* NULL unless it does */
const xp_loss_form *xp_objective_form(const xp_objective *objective);

#endif
