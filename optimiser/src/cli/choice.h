/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trial of a search, as the point to fit at: what --trial and --search say. */
#ifndef XPOT_OPTIMISER_CHOICE_H
#define XPOT_OPTIMISER_CHOICE_H

#include "cli/command.h"
#include "journal/past.h"
#include "report/folder.h"

typedef struct xp_choice {
  xp_past *past;               /* the search; NULL: --trial was not given, and so are the others */
  char folder[XP_FOLDER_PATH]; /* of the search */
  int trial, trials, failed;   /* its number, how many there are, how many of them failed */
} xp_choice;

/* Reads the journal and finds the trial. */
xp_status xp_choice_make(xp_choice *choice, const xp_call *call, xp_error *error);

/* Frees the members. */
void xp_choice_clear(xp_choice *choice);

/* Values of the trial for the space of config, by the names of its dimensions; each must be one of the search's. Caller frees;
 * stays NULL without a trial. */
xp_status xp_choice_values(const xp_choice *choice, const xp_config *config, double **values, xp_error *error);

/* An error when the search varied what config fixes: that would be another fit than the trial's. */
xp_status xp_choice_check(const xp_choice *choice, const xp_config *config, xp_error *error);

/* Without --output: "trial-N" and suffix, in the folder of the search, which holds the best potential. */
xp_status xp_choice_output(const xp_choice *choice, const xp_call *call, const char *suffix, xp_config *config,
                           xp_error *error);

#endif
