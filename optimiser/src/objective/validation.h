/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How good a potential is on structures that it was not fitted to. */
#ifndef XPOT_OPTIMISER_VALIDATION_H
#define XPOT_OPTIMISER_VALIDATION_H

#include "data/errors.h"
#include "report/report.h"
#include "xpot/potential.h"

/* Errors of a plan on a set; parity: a file for every label and its prediction, NULL for none. */
xp_status xp_validation_errors(const xp_plan *plan, const xp_data *data, int threads, xp_report *report,
                               const char *parity, xp_error_table *table, xp_error *error);

#endif
