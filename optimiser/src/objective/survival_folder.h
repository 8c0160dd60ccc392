/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs of survival that a folder keeps, so that a command that was killed goes on. */
#ifndef XPOT_OPTIMISER_SURVIVAL_FOLDER_H
#define XPOT_OPTIMISER_SURVIVAL_FOLDER_H

#include "objective/survival.h"
#include "objective/survival_log.h"
#include "report/report.h"

typedef struct xp_survival_task {
  const char *folder;       /* absolute; made where absent */
  const char *coefficients; /* of pair_coeff */
  const char *checksums;    /* of the files of the potential */
  int parallel;             /* runs at a time */
} xp_survival_task;

/* Makes the runs that the folder does not have, each in run-NNNN with its atoms, deck and output; fates[runs] are those of all.
 * Runs that the folder has of another potential, other structures or other settings are an error; their number may grow.
 * LAMMPS that does not come to its first step, or that was killed from outside, is an error, and nothing is kept of that run. */
xp_status xp_survival_keep(const xp_survival *survival, const xp_survival_task *task, xp_report *report,
                           xp_survival_fate *fates, xp_error *error);

#endif
