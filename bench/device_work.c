/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "xpot/extxyz.h"
#include "xpot/neighbour.h"

xp_device_work *xp_device_cost_stage(xp_device_cost *cost, const char *name) {
  xp_device_work *stage = &cost->stages[cost->nstages++];
  *stage = (xp_device_work){.stage = name};
  return stage;
}

static void add_share(xp_device_work *sum, const xp_device_work *work, double share) {
  sum->operations += share * work->operations;
  sum->exact += share * work->exact;
  sum->scratch += share * work->scratch;
  sum->requests += share * work->requests;
  sum->l2 += share * work->l2;
  sum->dram += share * work->dram;
  sum->atomics += share * work->atomics;
}

void xp_device_cost_add(xp_device_cost *cost, const xp_device_cost *other, double share) {
  cost->nstages = other->nstages;
  for (int s = 0; s < other->nstages; ++s) {
    cost->stages[s].stage = other->stages[s].stage;
    add_share(&cost->stages[s], &other->stages[s], share);
  }
}

xp_device_work xp_device_cost_total(const xp_device_cost *cost) {
  xp_device_work total = {.stage = "all"};
  for (int s = 0; s < cost->nstages; ++s) add_share(&total, &cost->stages[s], 1.0);
  return total;
}

static xp_status allocate(xp_device_neighbours *neighbours, const xp_plan *plan, xp_error *error) {
  size_t n = (size_t)xp_plan_nelements(plan);
  *neighbours = (xp_device_neighbours){(int)n, calloc(n, sizeof(double)), calloc(n * n, sizeof(double)),
                                       calloc(n * n, sizeof(double)), calloc(n, sizeof(double))};
  if (neighbours->share && neighbours->within && neighbours->tiled && neighbours->candidates) return XP_OK;
  return xp_error_memory(error, "numbers of neighbours");
}

void xp_device_neighbours_clear(xp_device_neighbours *neighbours) {
  free(neighbours->share);
  free(neighbours->within);
  free(neighbours->tiled);
  free(neighbours->candidates);
  *neighbours = (xp_device_neighbours){0};
}

xp_status xp_device_neighbours_given(xp_device_neighbours *neighbours, const xp_plan *plan, const double *given,
                                     int tile, xp_error *error) {
  xp_status status = allocate(neighbours, plan, error);
  int n = neighbours->nelements;
  for (int i = 0; i < n && status == XP_OK; ++i) {
    neighbours->share[i] = 1.0 / n;
    for (int j = 0; j < n; ++j) {
      neighbours->within[i * n + j] = given[j];
      neighbours->tiled[i * n + j] = tile * ceil(given[j] / tile);
      neighbours->candidates[i] += given[j] * pow(1.0 + XP_DEVICE_SKIN / xp_plan_cutoff(plan, i, j), 3.0);
    }
  }
  return status;
}

/* Sums over atoms. */
static xp_status add_atoms(xp_device_neighbours *sums, const xp_plan *plan, const xp_neighbourhoods *view, int tile,
                           xp_error *error) {
  int n = sums->nelements, *count = malloc((size_t)n * sizeof *count);
  if (!count) return xp_error_memory(error, "numbers of neighbours");
  for (int a = 0; a < view->natoms; ++a) {
    int i = view->species[a];
    memset(count, 0, (size_t)n * sizeof *count);
    for (size_t k = view->first[a]; k < view->first[a + 1]; ++k) {
      const double *d = view->displacements[k];
      double cutoff = xp_plan_cutoff(plan, i, view->neighbour_species[k]);
      count[view->neighbour_species[k]] += d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < cutoff * cutoff;
    }
    sums->share[i] += 1.0;
    sums->candidates[i] += (double)(view->first[a + 1] - view->first[a]);
    for (int j = 0; j < n; ++j) {
      sums->within[i * n + j] += count[j];
      sums->tiled[i * n + j] += tile * ceil((double)count[j] / tile);
    }
  }
  free(count);
  return XP_OK;
}

static void take_means(xp_device_neighbours *sums, int natoms) {
  int n = sums->nelements;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n && sums->share[i] > 0.0; ++j) {
      sums->within[i * n + j] /= sums->share[i];
      sums->tiled[i * n + j] /= sums->share[i];
    }
    if (sums->share[i] > 0.0) sums->candidates[i] /= sums->share[i];
    sums->share[i] /= natoms;
  }
}

static xp_status find_species(const xp_plan *plan, const xp_structure *structure, const char *path, int *species,
                              xp_error *error) {
  for (int a = 0; a < structure->natoms; ++a) {
    species[a] = -1;
    for (int s = 0; s < xp_plan_nelements(plan); ++s)
      if (strcmp(structure->symbols[a], xp_plan_element(plan, s)) == 0) species[a] = s;
    if (species[a] < 0)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "%s: expected elements of the potential, found '%s'; give another structure", path,
                          structure->symbols[a]);
  }
  return XP_OK;
}

xp_status xp_device_neighbours_counted(xp_device_neighbours *neighbours, const xp_plan *plan, const char *path,
                                       int tile, xp_error *error) {
  xp_dataset *dataset = NULL;
  xp_neighbour_list *list = NULL;
  int *species = NULL;
  xp_status status = allocate(neighbours, plan, error);
  if (status == XP_OK) status = xp_extxyz_read(&dataset, path, NULL, error);
  const xp_structure *structure = status == XP_OK && dataset->nstructures > 0 ? dataset->structures[0] : NULL;
  if (status == XP_OK && (!structure || structure->natoms == 0))
    status =
        xp_error_set(error, XP_ERROR_INPUT, "%s: expected a structure, found none; give an extended XYZ file", path);
  if (status == XP_OK && !(species = malloc((size_t)structure->natoms * sizeof *species)))
    status = xp_error_memory(error, "species");
  if (status == XP_OK) status = find_species(plan, structure, path, species, error);
  if (status == XP_OK)
    status = xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan) + XP_DEVICE_SKIN, error);
  if (status == XP_OK) {
    xp_neighbourhoods view = xp_neighbour_list_view(list);
    status = add_atoms(neighbours, plan, &view, tile, error);
    take_means(neighbours, structure->natoms);
  }
  xp_neighbour_list_free(list);
  free(species);
  xp_dataset_free(dataset);
  return status;
}
