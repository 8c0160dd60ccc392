/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fits at a point, and what they predict for structures that they were not fitted to. */
#ifndef XPOT_OPTIMISER_VALIDATION_H
#define XPOT_OPTIMISER_VALIDATION_H

#include "fit/fit.h"
#include "objective/metrics.h"
#include "objective/sets.h"
#include "report/report.h"

/* What all trials share; borrowed. */
typedef struct xp_validation {
  const xp_config *config;
  const xp_sets *sets;
  const xp_loss_form *form;
  xp_fitter *fitter;
  int threads;
  xp_report *report; /* may be NULL */
} xp_validation;

/* The fits of a point and their predictions. */
typedef struct xp_validated {
  xp_fit_result fit; /* the fit, or the first fold's; its members are not set where the caller gave a fit; owned */
  xp_structure **predicted; /* [sets->judged->nstructures], owned */
} xp_validated;

/* Fits at a point (values NULL: everything is fixed) and predicts all judged structures, with folds each by the fit that has
 * not seen it. fidelity: share of the structures that SNAP is fitted to, of the iterations of ACE. given: a fit to all of the
 * training data, which is not made again; NULL: none. Fills what measured says of errors; what is not is NaN. */
xp_status xp_validation_run(const xp_validation *validation, const double *values, double fidelity,
                            const xp_fit_result *given, xp_validated *validated, xp_measured *measured,
                            xp_error *error);

/* Fills what measured says of predictions[nstructures]; what is not is NaN. */
xp_status xp_validation_measure(const xp_loss_form *form, const xp_data *data, xp_structure *const *predicted,
                                xp_measured *measured, xp_error *error);

/* Frees the members. nstructures: of the judged. */
void xp_validated_clear(xp_validated *validated, int nstructures);

/* Errors of a plan on a set; parity: a file for every label and its prediction, NULL for none. */
xp_status xp_validation_errors(const xp_plan *plan, const xp_data *data, int threads, xp_report *report,
                               const char *parity, xp_error_table *table, xp_error *error);

#endif
