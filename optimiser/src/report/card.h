/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fitted potential with what a reader must know beside it: NAME.snapcoeff and NAME.snapparam, or NAME.yaml and NAME.yace,
 * its active set NAME.asi, and card.json. */
#ifndef XPOT_OPTIMISER_CARD_H
#define XPOT_OPTIMISER_CARD_H

#include "data/errors.h"
#include "fit/fit.h"
#include "journal/trial.h"
#include "report/folder.h"
#include "report/report.h"

/* What the card says beyond the input; all borrowed. */
typedef struct xp_card {
  const xp_config *config;
  const char *command;  /* as the user typed it */
  const double *values; /* the point of the space, NULL when everything was fixed */
  const xp_fit_result *result;
  const xp_data *train, *judged, *test; /* what was fitted to, what the loss is of, ...; the latter two may be NULL */
  const xp_data *held;                  /* the file of which train and judged are parts; NULL: they are files */
  const xp_error_table *train_errors, *validate_errors, *test_errors;
  const xp_trial *assessed;         /* loss and metrics; NULL: there is none */
  double alpha;                     /* of the loss */
  int trial, trials, failed_trials; /* of a search; trial 0: a single fit */
  double seconds;                   /* of the fit or, in a search, of this run */
  bool final;                       /* with an active set, when the input asks for one */
  int threads;                      /* for the active set */
  xp_report *report;                /* of the same; may be NULL */
  double us_per_atom;               /* energy and forces, one thread; NaN: not measured */
  const char *cost_cell;            /* where that was measured */
} xp_card;

/* Names of the files a potential is written to; their number. */
int xp_card_files(const xp_config *config, const xp_fit_result *result, char names[2][XP_FOLDER_PATH]);

/* Writes the files into the output folder, the card last. */
xp_status xp_card_write(const xp_card *card, xp_error *error);

/* Writes a JSON document, to standard output when path is "-". Takes document over; NULL is out of memory. */
xp_status xp_json_write(cJSON *document, const char *path, xp_error *error);

#endif
