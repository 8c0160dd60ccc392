/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trials whose fit is made by another code: its files are written from templates, its commands run, its results read. Each has a folder
 * of its own, OUTPUT/trials/NUMBER. */
#ifndef XPOT_OPTIMISER_EXTERNAL_H
#define XPOT_OPTIMISER_EXTERNAL_H

#include "config/config.h"
#include "data/data.h"
#include "report/folder.h"
#include "report/report.h"

typedef struct xp_external xp_external;

typedef struct xp_external_request {
  const xp_config *config;
  const xp_data *validate; /* NULL: the input has none */
  int threads;
  xp_report *report; /* may be NULL */
} xp_external_request;

/* Everything is borrowed. Checks templates, commands and metrics: an unknown placeholder is an error with its place. */
xp_status xp_external_new(xp_external **external, const xp_external_request *request, xp_error *error);

/* NULL is allowed. */
void xp_external_free(xp_external *external);

/* What a trial left behind. */
typedef struct xp_external_result {
  char folder[XP_FOLDER_PATH];
  xp_structure **predicted; /* [npredicted] for the structures of the validation data; NULL: only numbers were read */
  int npredicted;
  double *numbers; /* [config->external.nmetrics] */
} xp_external_result;

/* Makes trial number (0: a single fit) at a point (NULL: everything is fixed). fidelity: the share of the full effort, 1 for all of
 * it, which {{fidelity}} stands for. What the fitting code is to blame for is XP_ERROR_INPUT, RANGE or NUMERIC. */
xp_status xp_external_run(xp_external *external, int number, const double *values, double fidelity,
                          xp_external_result *result, xp_error *error);

/* The result of a trial made before, from its folder. */
xp_status xp_external_read(xp_external *external, int number, xp_external_result *result, xp_error *error);

/* Frees the members. */
void xp_external_result_clear(xp_external_result *result);

/* Removes the folders that external.keep does not ask for, when trial number has ended: ok or not, with the best trials before and
 * now (0: none yet). */
xp_status xp_external_tidy(const xp_config *config, int number, bool ok, int before, int best, xp_error *error);

#endif
