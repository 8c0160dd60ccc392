/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asynchronous successive halving (Li et al., MLSys 2020): points are tried at the lowest fidelity, and the best share of those
 * of each fidelity is tried again at the next one, without waiting for any round to be complete. */
#ifndef XPOT_OPTIMISER_HALVING_H
#define XPOT_OPTIMISER_HALVING_H

#include "journal/journal.h"
#include "scheduler/scheduler.h"

/* The trial whose point is to be tried next at a higher fidelity, and which; 0: none is. history has the trials of the
 * journal. */
int xp_halving_promote(const xp_search_settings *settings, const xp_journal *journal, const xp_history *history,
                       double *fidelity);

#endif
