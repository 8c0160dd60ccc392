/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Pareto front of a search with two objectives. */
#ifndef XPOT_OPTIMISER_FRONT_H
#define XPOT_OPTIMISER_FRONT_H

#include "journal/past.h"

/* The second objective of a trial, always to be minimised: its metric, negated when the name begins with "-". */
double xp_front_second(const xp_past_trial *trial, const char *metric);

/* numbers[past->count] receives, by rising loss, the *count trials than which no other is better in one objective without
 * being worse in the other; of equal ones the first. */
xp_status xp_front_find(const xp_past *past, const char *metric, int *numbers, int *count, xp_error *error);

#endif
