/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the scheduler: what the trials so far mean, for the choice of points (history) and for people (progress). */
#ifndef XPOT_OPTIMISER_STANDING_H
#define XPOT_OPTIMISER_STANDING_H

#include "scheduler/scheduler.h"

typedef struct xp_standing {
  const xp_search_settings *settings; /* borrowed */
  xp_history history;                 /* observation k - 1 is trial k */
  double *limits;                     /* [nbounds] scratch */
  xp_search_progress progress;
} xp_standing;

xp_status xp_standing_start(xp_standing *standing, const xp_search_settings *settings, const xp_space *space,
                            xp_error *error);

/* Frees the members. */
void xp_standing_clear(xp_standing *standing);

/* The next trial starts. */
xp_status xp_standing_begin(xp_standing *standing, const double *values, double fidelity, xp_error *error);

/* A trial has its result. */
void xp_standing_end(xp_standing *standing, int number, const xp_trial *trial);

/* True when a success is within all limits. */
bool xp_standing_within(const xp_observation *observation, int nlimits);

#endif
