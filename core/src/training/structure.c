/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neighbour/order.h"
#include "training/training.h"

void xp_ace_fit_structure_free(xp_ace_fit_structure *s) {
  if (!s) return;
  free(s->species);
  free(s->order);
  free(s->first);
  free(s->species_first);
  free(s->index);
  free(s->unit);
  free(s->distance);
  free(s->fade);
  free(s->dfade);
  free(s->core.forces);
  free(s);
}

static double length_of(const double d[3]) {
  return sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
}

static const xp_training_pair *pair_of(const xp_ace_fit *fit, const xp_neighbour_list *list, int atom, size_t k) {
  return &fit->centres[list->species[atom]].pairs[list->neighbour_species[k]];
}

/* Counts neighbours within the cutoff of their pair by atom and species; NaN and atoms too close are refused. */
static xp_status count(const xp_ace_fit *fit, const xp_neighbour_list *list, int *counts, size_t *total,
                       xp_error *error) {
  *total = 0;
  for (int atom = 0; atom < list->natoms; ++atom)
    for (size_t k = list->first[atom]; k < list->first[atom + 1]; ++k) {
      const xp_training_pair *pair = pair_of(fit, list, atom, k);
      double r = length_of(list->displacements[k]);
      if (r >= pair->radial.cutoff) continue;
      if (!(r >= pair->minimum))
        return xp_error_set(error, XP_ERROR_RANGE,
                            "atoms %d and %d are %g Angstrom apart, below one bin (%g Angstrom) of the look-up tables; "
                            "remove the structure or correct it",
                            atom + 1, list->index[k] + 1, r, pair->minimum);
      counts[atom * fit->nelements + list->neighbour_species[k]]++;
      ++*total;
    }
  return XP_OK;
}

static bool allocate(xp_ace_fit_structure *s, int natoms, size_t nneighbours, int nelements) {
  size_t n = (size_t)natoms, m = nneighbours + 1;
  s->natoms = natoms;
  s->species = malloc(n * sizeof *s->species);
  s->order = malloc(n * sizeof *s->order);
  s->first = malloc((n + 1) * sizeof *s->first);
  s->species_first = malloc(n * (size_t)(nelements + 1) * sizeof *s->species_first);
  s->index = malloc(m * sizeof *s->index);
  s->unit = malloc(m * sizeof *s->unit);
  s->distance = malloc(m * sizeof *s->distance);
  s->fade = malloc(n * sizeof *s->fade);
  return s->species && s->order && s->first && s->species_first && s->index && s->unit && s->distance && s->fade;
}

/* Copies the neighbours of one atom, species after species. */
static void fill_atom(xp_ace_fit_structure *s, const xp_ace_fit *fit, const xp_neighbour_list *list, int atom) {
  int *species_first = s->species_first + atom * (fit->nelements + 1);
  size_t at = s->first[atom];
  for (int j = 0; j < fit->nelements; ++j) {
    species_first[j] = (int)(at - s->first[atom]);
    for (size_t k = list->first[atom]; k < list->first[atom + 1]; ++k) {
      double r = length_of(list->displacements[k]);
      if (list->neighbour_species[k] != j || r >= pair_of(fit, list, atom, k)->radial.cutoff) continue;
      s->index[at] = list->index[k];
      s->distance[at] = r;
      for (int d = 0; d < 3; ++d) s->unit[at][d] = list->displacements[k][d] / r;
      at++;
    }
  }
  species_first[fit->nelements] = (int)(at - s->first[atom]);
  s->first[atom + 1] = at;
}

/* Atoms of one species and of similar numbers of neighbours share vectors. */
static xp_status sort(xp_ace_fit_structure *s, xp_order *order, const xp_neighbour_list *list, int nelements,
                      xp_error *error) {
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  xp_status status = xp_order_sort(order, &view, nelements, error);
  if (!status) memcpy(s->order, order->atoms, (size_t)s->natoms * sizeof *s->order);
  return status;
}

static xp_status fill(xp_ace_fit_structure *s, const xp_ace_fit *fit, const xp_neighbour_list *list, xp_error *error) {
  xp_order order = {0};
  size_t total;
  xp_status status = xp_order_reserve(&order, list->natoms, fit->nelements, error);
  if (!status) status = count(fit, list, order.counts, &total, error);
  if (!status && !allocate(s, list->natoms, total, fit->nelements))
    status = xp_error_memory(error, "a structure to fit to");
  if (!status) status = sort(s, &order, list, fit->nelements, error);
  xp_order_clear(&order);
  if (status) return status;
  memcpy(s->species, list->species, (size_t)list->natoms * sizeof *s->species);
  s->first[0] = 0;
  for (int atom = 0; atom < list->natoms; ++atom) fill_atom(s, fit, list, atom);
  return xp_training_core_build(s, fit, error);
}

xp_status xp_ace_fit_structure_new(xp_ace_fit_structure **structure, const xp_ace_fit *fit,
                                   const xp_neighbour_list *list, xp_error *error) {
  xp_ace_fit_structure *s = calloc(1, sizeof *s);
  *structure = NULL;
  if (!s) return xp_error_memory(error, "a structure to fit to");
  xp_status status = fill(s, fit, list, error);
  if (status)
    xp_ace_fit_structure_free(s);
  else
    *structure = s;
  return status;
}

double xp_ace_fit_structure_bytes(const xp_ace_fit *fit, double natoms, double nneighbours) {
  double atom = sizeof(int) * (2.0 + fit->nelements + 1.0) + sizeof(size_t) + sizeof(double);
  double neighbour = sizeof(int) + 4.0 * sizeof(double);
  return sizeof(xp_ace_fit_structure) + natoms * atom + nneighbours * neighbour;
}
