/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of runs of survival, for people and as files. */
#ifndef XPOT_OPTIMISER_SURVIVAL_REPORT_H
#define XPOT_OPTIMISER_SURVIVAL_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "objective/survival.h"
#include "objective/survival_log.h"

/* A line a run, and the share that survived. fates[runs]. */
void xp_survival_print(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream);

/* Writes into a folder runs.csv, a line a run; curve.csv, the share alive against time (ps); and curve.gnuplot, which draws it.
 * *drawn: whether there is curve.png. */
xp_status xp_survival_write_report(const xp_survival *survival, const xp_survival_fate *fates, const char *folder,
                                   bool *drawn, xp_error *error);

#endif
