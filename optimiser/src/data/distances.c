/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/distances.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "data/data.h"
#include "xpot/neighbour.h"

/* What one thread has found. */
typedef struct finder {
  double *squares; /* [nelements][nelements] */
  const xp_symbol *elements;
  int nelements;
  double cutoff;
} finder;

static void look(finder *f, const xp_neighbour_list *list) {
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k) {
      const double *d = list->displacements[k];
      double *square = &f->squares[list->species[i] * f->nelements + list->neighbour_species[k]];
      *square = fmin(*square, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    }
}

static xp_status look_at(finder *f, const xp_structure *structure, xp_error *error) {
  xp_neighbour_list *list = NULL;
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  xp_status status = species ? XP_OK : xp_error_memory(error, "the shortest distances");
  if (status == XP_OK) status = xp_data_species(species, structure, f->elements, f->nelements, error);
  if (status == XP_OK) status = xp_neighbour_list_new(&list, structure, species, f->cutoff, error);
  if (status == XP_OK) look(f, list);
  xp_neighbour_list_free(list);
  free(species);
  return status;
}

/* Pairs that are listed in one order only, by rounding at the cutoff, count for both. */
static void finish(double *shortest, int n) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j)
      shortest[i * n + j] = shortest[j * n + i] = sqrt(fmin(shortest[i * n + j], shortest[j * n + i]));
}

xp_status xp_distances_find(double *shortest, const xp_dataset *set, const xp_symbol *elements, int nelements,
                            double cutoff, int threads, xp_error *error) {
  int n = set->nstructures, failed = n, pairs = nelements * nelements;
  xp_error first = {0};
  for (int p = 0; p < pairs; ++p) shortest[p] = INFINITY;
#pragma omp parallel num_threads(threads)
  {
    finder f = {malloc((size_t)pairs * sizeof(double)), elements, nelements, cutoff};
    xp_error own = {0};
    for (int p = 0; p < pairs && f.squares; ++p) f.squares[p] = INFINITY;
#pragma omp for schedule(dynamic)
    for (int s = 0; s < n; ++s) {
      xp_status status =
          f.squares ? look_at(&f, set->structures[s], &own) : xp_error_memory(&own, "the shortest distances");
#pragma omp critical(xp_distances)
      if (status != XP_OK && s < failed) {
        failed = s;
        first = own;
      }
    }
#pragma omp critical(xp_distances)
    for (int p = 0; p < pairs && f.squares; ++p) shortest[p] = fmin(shortest[p], f.squares[p]);
    free(f.squares);
  }
  if (failed < n) return xp_error_set(error, first.status, "%s", first.message);
  finish(shortest, nelements);
  return XP_OK;
}
