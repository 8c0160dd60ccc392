/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The next point of a search: a function of its arguments and of nothing else. */
#ifndef XPOT_OPTIMISER_PROPOSAL_H
#define XPOT_OPTIMISER_PROPOSAL_H

#include "search/candidates.h"

/* What decides the trials, besides the space. */
typedef struct xp_proposal_settings {
  int initial;
  uint64_t seed;
  double xi;
} xp_proposal_settings;

/* Writes the point of trial told->count + 1 to values; *exhausted: there is none that has not been tried. */
xp_status xp_proposal_make(const xp_proposal_settings *settings, const xp_points *told, double *values, bool *exhausted,
                           xp_error *error);

#endif
