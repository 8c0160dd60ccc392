/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether molecular dynamics with a potential goes well: short hot runs by LAMMPS with pair_style xpotace. */
#ifndef XPOT_OPTIMISER_SURVIVAL_H
#define XPOT_OPTIMISER_SURVIVAL_H

#include "fit/fit.h"
#include "objective/survival_settings.h"

typedef struct xp_survival xp_survival;

/* Chooses the structures (from train, unless the input names a file), the same for every trial, and asks LAMMPS whether it knows
 * xpotace. config is borrowed. */
xp_status xp_survival_new(xp_survival **survival, const xp_config *config, const xp_data *train, xp_error *error);

/* The same of settings, which are borrowed, and structures of data. */
xp_status xp_survival_open(xp_survival **survival, const xp_survival_settings *settings, const xp_data *data,
                           xp_error *error);

/* NULL is allowed. */
void xp_survival_free(xp_survival *survival);

/* SHA-256 of the file that the structures are from. */
const char *xp_survival_checksum(const xp_survival *survival);

/* Makes all runs; *share: of those that survived. trial and folder (NULL: none) are those of the scratch folder. LAMMPS that
 * does not come to its first step is an error. */
xp_status xp_survival_run(const xp_survival *survival, const xp_fit_result *fit, int trial, const char *folder,
                          double *share, xp_error *error);

/* Makes run number run, from 0, in a folder, which keeps the atoms and the deck. coefficients: of pair_coeff. The output of LAMMPS
 * into output[size]; *exit_status as a shell has it. Several threads may make runs at once. */
xp_status xp_survival_make_run(const xp_survival *survival, int run, const char *folder, const char *coefficients,
                               char *output, size_t size, int *exit_status, xp_error *error);

const xp_survival_settings *xp_survival_settings_of(const xp_survival *survival);

/* The atoms of a run; file, line and config_type are those of the structure that was repeated. And the seed of its velocities. */
const xp_structure *xp_survival_cell(const xp_survival *survival, int run);
int xp_survival_seed(const xp_survival *survival, int run);

#endif
