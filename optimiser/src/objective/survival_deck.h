/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that LAMMPS reads for a run of survival, and what it says of it. */
#ifndef XPOT_OPTIMISER_SURVIVAL_DECK_H
#define XPOT_OPTIMISER_SURVIVAL_DECK_H

#include "fit/fit.h"

/* A deck that ends before the first atom: does LAMMPS know the pair style? */
xp_status xp_survival_write_probe(const char *path, const xp_config *config, xp_error *error);

/* Writes a potential into a folder, and the pair_coeff that reads it to coefficients[size]. */
xp_status xp_survival_write_potential(const char *folder, const xp_config *config, const xp_fit_result *fit,
                                      char *coefficients, size_t size, xp_error *error);

/* Atoms for read_data, with a type for each element of the input. */
xp_status xp_survival_write_cell(const char *path, const xp_config *config, const xp_structure *cell, xp_error *error);

/* The deck of a run. */
typedef struct xp_survival_deck {
  const char *cell;         /* file */
  const char *coefficients; /* of pair_coeff */
  const xp_structure *structure;
  int seed; /* of the velocities */
} xp_survival_deck;
xp_status xp_survival_write_deck(const char *path, const xp_config *config, const xp_survival_deck *deck,
                                 xp_error *error);

typedef enum xp_survival_end {
  XP_SURVIVAL_UNREADY, /* LAMMPS did not come to the first step */
  XP_SURVIVAL_DIED,
  XP_SURVIVAL_SURVIVED
} xp_survival_end;

/* What the output of LAMMPS and its exit status say of a run, or of the probe (probe: to be ready is to survive). */
xp_survival_end xp_survival_read(const char *output, int exit_status, const xp_config *config, bool probe);

/* The line of the output that says what is wrong; its length. */
int xp_survival_complaint(const char *output, const char **line);

#endif
