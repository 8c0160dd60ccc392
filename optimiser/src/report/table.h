/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of a search: trials.csv, rebuilt from the journal, and timings.csv, which is for people only and decides nothing. */
#ifndef XPOT_OPTIMISER_TABLE_H
#define XPOT_OPTIMISER_TABLE_H

#include "journal/journal.h"
#include "xpot/error.h"

/* Writes one line a trial: number, loss, a column for each dimension and each metric, reason of a failure. */
xp_status xp_table_write_trials(const char *path, const xp_journal *journal, const xp_space *space, xp_error *error);

typedef struct xp_timing {
  int trial;
  double seconds, peak_memory_mb;
} xp_timing;

/* Adds a line to timings.csv, in the order of the trials; one of the same trial, of a run that was killed, is dropped. */
xp_status xp_table_add_timing(const char *path, const xp_timing *timing, xp_error *error);

#endif
