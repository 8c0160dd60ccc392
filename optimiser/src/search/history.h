/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the choice of the next point may depend on: the trials so far, in the order in which they were started. */
#ifndef XPOT_OPTIMISER_HISTORY_H
#define XPOT_OPTIMISER_HISTORY_H

#include <stdbool.h>

#include "space/space.h"
#include "xpot/error.h"

typedef enum xp_observed {
  XP_OBSERVED_OK,     /* loss is finite, and so is second where the search has a second objective */
  XP_OBSERVED_FAILED, /* no result and none to come; the numbers mean nothing */
  XP_OBSERVED_PENDING /* started, no result yet; the numbers mean nothing */
} xp_observed;

typedef struct xp_observation {
  xp_observed state;
  double loss;          /* minimised */
  double second;        /* minimised; used where the search has a second objective */
  double fidelity;      /* share of a full evaluation, 0 < fidelity <= 1; 1 is the real thing */
  const double *limits; /* [nlimits] metric less its bound: the limit holds at 0 and below; NaN: unknown */
} xp_observation;

/* Read freely, change by the functions. */
typedef struct xp_history {
  const xp_space *space; /* borrowed */
  int ndims, count, nlimits;
  double *values;               /* [count][ndims]; owned, as the following */
  double *coords;               /* [count][ndims] */
  xp_observation *observations; /* [count]; their limits belong to the history */
  int capacity;
  double *limits; /* [count][nlimits] */
} xp_history;

/* An empty history. */
void xp_history_start(xp_history *history, const xp_space *space, int nlimits);

/* Frees the members and zeroes the struct. */
void xp_history_clear(xp_history *history);

/* Appends a trial at values[ndims]; all numbers are copied. limits may be NULL where nothing is known. */
xp_status xp_history_append(xp_history *history, const double *values, const xp_observation *observation,
                            xp_error *error);

/* Replaces what is known of trial 0 <= index < count: a pending one has ended. */
void xp_history_set(xp_history *history, int index, const xp_observation *observation);

/* True when a trial with these values was started, whatever became of it. */
bool xp_history_contains(const xp_history *history, const double *values);

/* How many different points were started. */
int xp_history_points(const xp_history *history);

#endif
