/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/reference.h"

#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

/* Singular values below this times the largest are zero: shares of elements are of order 1. */
#define RCOND 1e-10

static int element_of(const xp_data *data, const char *symbol) {
  int e = 0;
  while (strcmp(data->elements[e], symbol) != 0) ++e;
  return e;
}

xp_status xp_reference_fit(double *constants, const xp_data *data, xp_structure *const *predicted, xp_error *error) {
  int n = data->nelements, m = data->nenergies, most = m > n ? m : n, rank = 0, row = 0;
  if (m == 0) return xp_error_at(error, (xp_place){data->path, 0, 0}, "found no energies to fit constants to");
  double *a = calloc((size_t)m * (size_t)n, sizeof *a);
  double *b = calloc((size_t)most, sizeof *b);
  double *singular = calloc((size_t)n, sizeof *singular);
  xp_status status = a && b && singular ? XP_OK : xp_error_memory(error, "the reference energies");
  for (int s = 0; s < data->set->nstructures && status == XP_OK; ++s) {
    const xp_structure *structure = data->set->structures[s];
    if (!structure->has_energy) continue;
    for (int atom = 0; atom < structure->natoms; ++atom)
      a[row + (size_t)m * (size_t)element_of(data, structure->symbols[atom])] += 1.0 / structure->natoms;
    b[row++] = (structure->energy - (predicted ? predicted[s]->energy : 0.0)) / structure->natoms;
  }
  if (status == XP_OK && LAPACKE_dgelsd(LAPACK_COL_MAJOR, m, n, 1, a, m, b, most, singular, RCOND, &rank) != 0)
    status = xp_error_set(error, XP_ERROR_NUMERIC, "the fit of reference energies did not converge");
  if (status == XP_OK) memcpy(constants, b, (size_t)n * sizeof *b);
  free(a);
  free(b);
  free(singular);
  return status;
}

void xp_reference_add(const double *constants, const xp_data *data, xp_structure **predicted) {
  for (int s = 0; s < data->set->nstructures; ++s)
    for (int atom = 0; atom < predicted[s]->natoms; ++atom)
      predicted[s]->energy += constants[element_of(data, predicted[s]->symbols[atom])];
}
