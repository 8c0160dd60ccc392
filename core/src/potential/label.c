/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole structure through a plan: neighbours, evaluation, and the sums that make forces and a virial. */
#include "potential/label.h"

#include <stdlib.h>
#include <string.h>

#include "extxyz/labels.h"

static int find_species(const xp_plan *plan, const char *symbol) {
  for (int s = 0; s < xp_plan_nelements(plan); ++s)
    if (strcmp(xp_plan_element(plan, s), symbol) == 0) return s;
  return -1;
}

static xp_status find_all_species(int *species, const xp_plan *plan, const xp_structure *structure, xp_error *error) {
  for (int i = 0; i < structure->natoms; ++i) {
    species[i] = find_species(plan, structure->symbols[i]);
    if (species[i] < 0)
      return xp_error_at(
          error, (xp_place){structure->file, structure->line, 0},
          "atom %d is %s, an element that the potential was not set up for; correct the structure or the list "
          "of elements",
          i + 1, structure->symbols[i]);
  }
  return XP_OK;
}

/* Forces and virial from d(energy of centre)/d(neighbour position). */
static void accumulate(xp_structure *labelled, const xp_neighbour_list *list, double (*gradient)[3]) {
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k)
      for (int d = 0; d < 3; ++d) {
        labelled->forces[i][d] += gradient[k][d];
        labelled->forces[list->index[k]][d] -= gradient[k][d];
        for (int v = 0; v < 3; ++v) labelled->virial[v][d] -= list->displacements[k][v] * gradient[k][d];
      }
}

/* Labels kept as notes (a stress beside a virial, say) are the reference's, not the potential's. */
static void drop_label_notes(xp_structure *structure) {
  int kept = 0;
  for (int i = 0; i < structure->nnotes; ++i) {
    if (!xp_label_is_known(structure->notes[i].key)) {
      structure->notes[kept++] = structure->notes[i];
      continue;
    }
    free(structure->notes[i].key);
    free(structure->notes[i].value);
  }
  structure->nnotes = kept;
}

/* An unlabelled copy with zeroed room for the new labels. */
static xp_status prepare(xp_structure **labelled, const xp_structure *structure, xp_error *error) {
  xp_status status = xp_structure_copy(labelled, structure, error);
  if (status != XP_OK) return status;
  xp_structure *copy = *labelled;
  size_t natoms = (size_t)copy->natoms;
  drop_label_notes(copy);
  free(copy->forces);
  free(copy->local_energy);
  copy->forces = calloc(natoms, sizeof *copy->forces);
  copy->local_energy = calloc(natoms, sizeof *copy->local_energy);
  memset(copy->virial, 0, sizeof copy->virial);
  copy->energy = 0.0;
  copy->has_energy = copy->has_virial = true;
  return copy->forces && copy->local_energy ? XP_OK : xp_error_memory(error, "the forces of a structure");
}

static xp_status evaluate(xp_structure *labelled, const xp_neighbour_list *list, xp_evaluator evaluator, void *context,
                          xp_error *error) {
  size_t nneighbours = list->first[list->natoms];
  double(*gradient)[3] = calloc(nneighbours + 1, sizeof *gradient);
  if (!gradient) return xp_error_memory(error, "the gradients of a structure");
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  xp_evaluation out = {.energy = labelled->local_energy, .gradient = gradient};
  xp_status status = evaluator(context, &view, &out, error);
  if (status == XP_OK) {
    accumulate(labelled, list, gradient);
    for (int i = 0; i < list->natoms; ++i) labelled->energy += labelled->local_energy[i];
  }
  free(gradient);
  return status;
}

xp_status xp_label_structure(xp_structure **result, const xp_structure *structure, const xp_plan *plan,
                             xp_evaluator evaluator, void *context, xp_error *error) {
  *result = NULL;
  xp_structure *labelled = NULL;
  xp_neighbour_list *list = NULL;
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  if (!species) return xp_error_memory(error, "the species of a structure");
  xp_status status = find_all_species(species, plan, structure, error);
  if (status == XP_OK) status = xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan), error);
  if (status == XP_OK) status = prepare(&labelled, structure, error);
  if (status == XP_OK) status = evaluate(labelled, list, evaluator, context, error);
  free(species);
  xp_neighbour_list_free(list);
  if (status == XP_OK)
    *result = labelled;
  else
    xp_structure_free(labelled);
  return status;
}

/* The CPU kernel as an evaluator. */
typedef struct kernel {
  const xp_plan *plan;
  xp_workspace *workspace;
} kernel;

static xp_status run_kernel(void *context, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out,
                            xp_error *error) {
  const kernel *k = context;
  return xp_evaluate(k->plan, k->workspace, neighbourhoods, out, error);
}

xp_status xp_evaluate_structure(const xp_plan *plan, xp_workspace *workspace, const xp_structure *structure,
                                xp_structure **labelled, xp_error *error) {
  kernel k = {plan, workspace};
  return xp_label_structure(labelled, structure, plan, run_kernel, &k, error);
}
