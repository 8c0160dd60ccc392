/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input says of its search, for everything that runs one or reads its journal. */
#ifndef XPOT_OPTIMISER_SEARCH_PLAN_H
#define XPOT_OPTIMISER_SEARCH_PLAN_H

#include "config/config.h"
#include "objective/objective.h"
#include "scheduler/scheduler.h"

typedef struct xp_search_plan {
  xp_search_settings settings; /* without fingerprint, hooks and interrupt; borrows from the config */
  double *fidelities;          /* owned, as the following */
  double *starts;              /* [proposal.nstarts][xp_space_count] */
  xp_bound *bounds;
} xp_search_plan;

/* Reads the earlier search, too, when points are taken over from one. To be cleared also on error. */
xp_status xp_search_plan_read(xp_search_plan *plan, const xp_config *config, xp_report *report, xp_error *error);

/* Frees the members. */
void xp_search_plan_clear(xp_search_plan *plan);

/* Checksum of all that decides a loss, for the header of a journal. Makes the objective record the metrics that the search
 * uses, which is part of that. */
xp_status xp_search_fingerprint(xp_objective *objective, const xp_config *config, char digest[65], xp_error *error);

#endif
