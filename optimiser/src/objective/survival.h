/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether molecular dynamics with a potential goes well: short hot runs by LAMMPS with pair_style xpotace. */
#ifndef XPOT_OPTIMISER_SURVIVAL_H
#define XPOT_OPTIMISER_SURVIVAL_H

#include "fit/fit.h"

typedef struct xp_survival xp_survival;

/* Chooses the structures (from train, unless the input names a file), the same for every trial, and asks LAMMPS whether it knows
 * xpotace. config is borrowed. */
xp_status xp_survival_new(xp_survival **survival, const xp_config *config, const xp_data *train, xp_error *error);

/* NULL is allowed. */
void xp_survival_free(xp_survival *survival);

/* SHA-256 of the file that the structures are from. */
const char *xp_survival_checksum(const xp_survival *survival);

/* Makes all runs; *share: of those that survived. trial and folder (NULL: none) are those of the scratch folder. LAMMPS that
 * does not come to its first step is an error. */
xp_status xp_survival_run(const xp_survival *survival, const xp_fit_result *fit, int trial, const char *folder,
                          double *share, xp_error *error);

#endif
