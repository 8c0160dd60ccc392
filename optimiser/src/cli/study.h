/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An input with its data read: what check, fit and search start from. */
#ifndef XPOT_OPTIMISER_STUDY_H
#define XPOT_OPTIMISER_STUDY_H

#include "cli/command.h"
#include "data/errors.h"
#include "objective/objective.h"

typedef struct xp_study {
  xp_config *config;
  xp_objective *objective;
  const xp_data *train, *judged, *test; /* the objective's; NULL when the input has none */
  xp_fitter *fitter;                    /* the objective's; NULL when external is not */
  xp_external *external;                /* the objective's; NULL unless another code makes the fits */
  xp_report report;
  int threads;
} xp_study;

/* Reads and checks everything a call names. study is empty on error. */
xp_status xp_study_open(xp_study *study, const xp_call *call, xp_error *error);

/* Frees the members. */
void xp_study_close(xp_study *study);

/* Messages about what is allowed but seldom meant. */
void xp_study_warn(xp_study *study);

/* Writes potential and card into the output folder, prints the tables of errors. trial 0: a single fit. */
typedef struct xp_outcome {
  const xp_fit_result *result;
  const double *values;
  int trial, trials, failed_trials;
  double start; /* xp_report_clock when work began */
} xp_outcome;
xp_status xp_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error);

/* Fits with the values the input gives and writes everything: what fit and upfit do. */
xp_status xp_fit_command(const xp_call *call, xp_study *study, double start, xp_error *error);

#endif
