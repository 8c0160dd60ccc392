/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/predict.h"

/* Structures are taken until they have so many atoms; passes are made for so long. */
#define ENOUGH_ATOMS 500
#define ENOUGH_SECONDS 0.3

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

xp_status xp_predict_cost(const xp_plan *plan, const xp_data *data, double *us_per_atom, xp_error *error) {
  sample s = {.lists = calloc((size_t)data->set->nstructures, sizeof *s.lists)};
  xp_workspace *workspace = NULL;
  xp_status status = s.lists ? XP_OK : xp_error_memory(error, "the timing");
  for (int i = 0; i < data->set->nstructures && s.natoms < ENOUGH_ATOMS && status == XP_OK; ++i)
    status = add(&s, plan, data->set->structures[i], error);
  s.energy = calloc(s.most_atoms + 1, sizeof *s.energy);
  s.gradient = calloc(s.most_pairs + 1, sizeof *s.gradient);
  if (status == XP_OK && !(s.energy && s.gradient)) status = xp_error_memory(error, "the timing");
  if (status == XP_OK) status = xp_workspace_new(&workspace, plan, error);
  double best = INFINITY, begin = xp_report_clock();
  while (status == XP_OK && (isinf(best) || xp_report_clock() - begin < ENOUGH_SECONDS)) {
    double start = xp_report_clock();
    status = pass(&s, plan, workspace, error);
    best = fmin(best, xp_report_clock() - start);
  }
  *us_per_atom = 1e6 * best / (double)(s.natoms ? s.natoms : 1);
  xp_workspace_free(workspace);
  sample_clear(&s);
  return status;
}
