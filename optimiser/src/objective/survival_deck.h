/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that LAMMPS reads for a run of survival. */
#ifndef XPOT_OPTIMISER_SURVIVAL_DECK_H
#define XPOT_OPTIMISER_SURVIVAL_DECK_H

#include "fit/fit.h"
#include "objective/survival_settings.h"

/* A deck that ends before the first atom: does LAMMPS know the pair style? */
xp_status xp_survival_write_probe(const char *path, const xp_survival_settings *settings, xp_error *error);

/* What follows "pair_coeff * *": files in quotes, and the elements. coefficients[size]. */
xp_status xp_survival_print_coefficients(char *coefficients, size_t size, const char *const *files, int nfiles,
                                         const xp_survival_settings *settings, xp_error *error);

/* Writes a potential into a folder, and the pair_coeff that reads it to coefficients[size]. */
xp_status xp_survival_write_potential(const char *folder, const xp_survival_settings *settings,
                                      const xp_fit_result *fit, char *coefficients, size_t size, xp_error *error);

/* Atoms for read_data, with a type for each element of the settings. */
xp_status xp_survival_write_cell(const char *path, const xp_survival_settings *settings, const xp_structure *cell,
                                 xp_error *error);

/* The deck of a run. */
typedef struct xp_survival_deck {
  const char *cell;         /* file */
  const char *coefficients; /* of pair_coeff */
  const xp_structure *structure;
  int seed; /* of the velocities */
} xp_survival_deck;
xp_status xp_survival_write_deck(const char *path, const xp_survival_settings *settings, const xp_survival_deck *deck,
                                 xp_error *error);

#endif
