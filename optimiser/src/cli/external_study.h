/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What check, fit and search do when the fits are made by another code. */
#ifndef XPOT_OPTIMISER_EXTERNAL_STUDY_H
#define XPOT_OPTIMISER_EXTERNAL_STUDY_H

#include "cli/study.h"

/* Says what will be run. */
void xp_external_print_check(const xp_study *study);

/* Makes the trial of an outcome, then as below. */
xp_status xp_external_study_run(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error);

/* Writes the card of a trial that has been made, and prints its errors. A folder that somebody removed is made anew. */
xp_status xp_external_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error);

#endif
