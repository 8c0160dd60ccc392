/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The candidate of the largest merit. */
#ifndef XPOT_OPTIMISER_ACQUIRE_H
#define XPOT_OPTIMISER_ACQUIRE_H

#include "search/candidates.h"
#include "search/model.h"

/* Scores the candidates, improves the best few (bounded NLopt in the real dimensions, single steps in the others) and writes
 * the best point that is not in the model's history to values. candidates->count > 0. */
xp_status xp_acquire(xp_model *model, const xp_points *candidates, double *values, xp_error *error);

#endif
