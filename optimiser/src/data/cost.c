/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data/predict.h"

/* Structures are taken until they have so many atoms; passes are made for so long, and so many at least: the first one finds
 * cold caches. */
#define ENOUGH_ATOMS 500
#define ENOUGH_SECONDS 0.3
#define ENOUGH_PASSES 3

typedef struct sample {
  xp_neighbour_list **lists; /* [n], owned */
  int n;
  size_t natoms, most_atoms, most_pairs;
  double *energy;        /* owned */
  double (*gradient)[3]; /* owned */
} sample;

static void sample_clear(sample *s) {
  for (int i = 0; i < s->n; ++i) xp_neighbour_list_free(s->lists[i]);
  free(s->lists);
  free(s->energy);
  free(s->gradient);
}

static xp_status add(sample *s, const xp_plan *plan, const xp_structure *structure, xp_error *error) {
  xp_neighbour_list *list = NULL;
  size_t natoms = (size_t)structure->natoms;
  int *species = calloc(natoms, sizeof *species);
  if (!species) return xp_error_memory(error, "the timing");
  for (size_t atom = 0; atom < natoms; ++atom)
    for (int e = 0; e < xp_plan_nelements(plan); ++e)
      if (strcmp(structure->symbols[atom], xp_plan_element(plan, e)) == 0) species[atom] = e;
  xp_status status = xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan), error);
  free(species);
  if (status != XP_OK) return status;
  s->lists[s->n++] = list;
  s->natoms += natoms;
  if (natoms > s->most_atoms) s->most_atoms = natoms;
  if (list->first[natoms] > s->most_pairs) s->most_pairs = list->first[natoms];
  return XP_OK;
}

static xp_status pass(const sample *s, const xp_plan *plan, xp_workspace *workspace, xp_error *error) {
  xp_status status = XP_OK;
  xp_evaluation out = {.energy = s->energy, .gradient = s->gradient};
  for (int i = 0; i < s->n && status == XP_OK; ++i) {
    xp_neighbourhoods view = xp_neighbour_list_view(s->lists[i]);
    status = xp_evaluate(plan, workspace, &view, &out, error);
  }
  return status;
}

/* Seconds that this thread has run. */
static double thread_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static xp_status find_fastest(const sample *s, const xp_plan *plan, double *best, xp_error *error) {
  xp_workspace *workspace = NULL;
  xp_status status = xp_workspace_new(&workspace, plan, error);
  double begin = thread_clock();
  *best = INFINITY;
  for (int p = 0; status == XP_OK && (p < ENOUGH_PASSES || thread_clock() - begin < ENOUGH_SECONDS);) {
    double start = thread_clock();
    status = pass(s, plan, workspace, error);
    double taken = thread_clock() - start;
    if (taken <= 0.0) continue; /* clocks of virtual processors may stand still */
    *best = fmin(*best, taken);
    ++p;
  }
  xp_workspace_free(workspace);
  return status;
}

xp_status xp_predict_cost(const xp_plan *plan, xp_structure *const *structures, int n, double *us_per_atom,
                          xp_error *error) {
  sample s = {.lists = calloc((size_t)n, sizeof *s.lists)};
  double best = NAN;
  xp_status status = s.lists ? XP_OK : xp_error_memory(error, "the timing");
  for (int i = 0; i < n && s.natoms < ENOUGH_ATOMS && status == XP_OK; ++i)
    status = add(&s, plan, structures[i], error);
  s.energy = calloc(s.most_atoms + 1, sizeof *s.energy);
  s.gradient = calloc(s.most_pairs + 1, sizeof *s.gradient);
  if (status == XP_OK && !(s.energy && s.gradient)) status = xp_error_memory(error, "the timing");
  if (status == XP_OK) status = find_fastest(&s, plan, &best, error);
  *us_per_atom = 1e6 * best / (double)(s.natoms ? s.natoms : 1);
  sample_clear(&s);
  return status;
}
