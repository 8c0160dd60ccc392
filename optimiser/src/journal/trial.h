/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one evaluation of the objective gave. */
#ifndef XPOT_OPTIMISER_TRIAL_H
#define XPOT_OPTIMISER_TRIAL_H

#include "xpot/error.h"

typedef enum xp_trial_status {
  XP_TRIAL_OK,     /* loss is finite */
  XP_TRIAL_FAILED, /* no loss; reason says why */
  XP_TRIAL_PENDING /* started, without a result yet */
} xp_trial_status;

/* A further number to record beside the loss, e.g. energy_rmse. */
typedef struct xp_metric {
  char *name; /* owned */
  double value;
} xp_metric;

/* Zeroed before the objective is called. */
typedef struct xp_trial {
  xp_trial_status status;
  double loss;                /* smaller is better; meaningless when failed */
  char reason[XP_ERROR_SIZE]; /* one sentence when failed, else "" */
  xp_metric *metrics;         /* [nmetrics], in the order of xp_trial_add_metric; owned */
  int nmetrics;
  /* What the journal knows besides; not for the objective. */
  double fidelity; /* share of a whole evaluation, above 0, at most 1 */
  int of;          /* the trial whose point this one repeats at a higher fidelity; 0: a point of its own */
} xp_trial;

/* Appends a metric (the name is copied). A number that is not finite is recorded as null and read back as NaN. */
xp_status xp_trial_add_metric(xp_trial *trial, const char *name, double value, xp_error *error);

/* The trial failed, for this printf-formatted reason (one sentence; longer than XP_ERROR_SIZE is cut). */
void xp_trial_fail(xp_trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees the members and zeroes the struct. */
void xp_trial_clear(xp_trial *trial);

#endif
