/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search as its journal alone tells it: the space comes from the header, so that neither input nor data are needed, and
 * the search may still be running. For reports, and for what another search learned. Journals of format 1, whose lines are
 * finished trials, and of format 2, whose lines are events, are read. */
#ifndef XPOT_OPTIMISER_PAST_H
#define XPOT_OPTIMISER_PAST_H

#include <stdint.h>

#include "journal/trial.h"
#include "space/space.h"
#include "xpot/error.h"

/* Name of the journal in the output folder of a search. */
#define XP_JOURNAL_NAME "journal.jsonl"

typedef struct xp_past_trial {
  xp_trial result;
  double *values; /* [xp_space_count]; NaN: the dimension was not active; owned */
  bool within;    /* all limits of the search hold */
} xp_past_trial;

typedef struct xp_past {
  char *path; /* of the journal, owned */
  xp_space *space;
  int initial;  /* points of the initial design, 0: not said */
  char *second; /* metric of the second objective, "-" in front when it is maximised; NULL: none is named; owned */
  int count;
  struct cJSON *bounds;  /* the limits as the header has them; NULL: none; owned */
  xp_past_trial *trials; /* [count], trial k at k - 1; owned */
} xp_past;

/* Reads a journal, or the one in a folder. A last line that is still being written is passed over. */
xp_status xp_past_read(xp_past **past, const char *path, xp_error *error);

/* NULL is allowed. */
void xp_past_free(xp_past *past);

/* True for a success at full fidelity: what results are made of. */
bool xp_past_counts(const xp_past_trial *trial);

/* The number, from 1, of the trial of least loss (of equals, the first), of those within the limits where there are such; 0
 * when none succeeded. */
int xp_past_best(const xp_past *past);

/* The next one behind a trial in that order; behind 0: the best. 0 when there is none. */
int xp_past_next_best(const xp_past *past, int behind);

/* A metric of a trial; NaN when it has none of that name. */
double xp_past_metric(const xp_past_trial *trial, const char *name);

#endif
