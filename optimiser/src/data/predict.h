/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a potential says about a set of structures. */
#ifndef XPOT_OPTIMISER_PREDICT_H
#define XPOT_OPTIMISER_PREDICT_H

#include "data/data.h"
#include "report/report.h"
#include "xpot/potential.h"

/* Evaluates every structure on so many threads into new labelled structures, predicted[nstructures]. The result does not
 * depend on the number of threads. On error nothing is left in predicted. report may be NULL. */
xp_status xp_predict(const xp_plan *plan, const xp_data *data, int threads, xp_report *report, xp_structure **predicted,
                     xp_error *error);

/* Microseconds an atom for energies and forces on one thread, neighbour lists ready: the fastest of a few passes over the
 * first of structures[n], until they have enough atoms. Time that other programs take from this thread does not count. */
xp_status xp_predict_cost(const xp_plan *plan, xp_structure *const *structures, int n, double *us_per_atom,
                          xp_error *error);

/* Frees all of predicted[n] and sets them NULL. */
void xp_predict_clear(xp_structure **predicted, int n);

#endif
