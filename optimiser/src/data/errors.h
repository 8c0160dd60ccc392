/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far predictions are from their labels. */
#ifndef XPOT_OPTIMISER_ERRORS_H
#define XPOT_OPTIMISER_ERRORS_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "data/data.h"
#include "xpot/error.h"
#include "xpot/structure.h"

/* Sums over structures, atoms and components. Energies in eV an atom, forces in eV/Angstrom a component, virials in eV an
 * atom (six components a cell). */
typedef struct xp_errors {
  long nstructures, natoms;
  long nenergies, nforces, nvirials; /* structures, components, components */
  double energy_square, energy_absolute;
  double force_square, force_absolute;
  double virial_square, virial_absolute;
} xp_errors;

/* Adds what a structure's labels and its prediction have in common. */
void xp_errors_add(xp_errors *errors, const xp_structure *reference, const xp_structure *predicted);

/* NaN without labels. meV an atom; eV/Angstrom a component; meV an atom. */
double xp_errors_energy_rmse(const xp_errors *errors);
double xp_errors_energy_mae(const xp_errors *errors);
double xp_errors_force_rmse(const xp_errors *errors);
double xp_errors_force_mae(const xp_errors *errors);
double xp_errors_virial_rmse(const xp_errors *errors);
double xp_errors_virial_mae(const xp_errors *errors);

/* Errors of a whole set: one entry a group, in the order of data->groups, and all. */
typedef struct xp_error_table {
  int ngroups;
  xp_errors *groups; /* [ngroups], owned */
  xp_errors all;
} xp_error_table;

/* predicted[nstructures]. */
xp_status xp_error_table_new(xp_error_table *table, const xp_data *data, xp_structure *const *predicted,
                             xp_error *error);

/* Frees the members. */
void xp_error_table_clear(xp_error_table *table);

/* A table of columns for people. */
void xp_error_table_print(const xp_error_table *table, const xp_data *data, FILE *stream);

/* Members energy_rmse_mev_per_atom, energy_mae_mev_per_atom, force_rmse_ev_per_ang, force_mae_ev_per_ang, ... for all, and
 * the same for each group in per_config_type. NULL when out of memory. */
cJSON *xp_error_table_json(const xp_error_table *table, const xp_data *data);

#endif
