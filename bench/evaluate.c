/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Microseconds an atom of the CPU kernel on one core, for any potential: evaluate XYZ FILE... repeats every structure of
 * XYZ until ten seconds have passed and prints the best time of each. Neighbour lists are not timed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xpot/extxyz.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int fail(const xp_error *error) {
  fprintf(stderr, "%s\n", error->message);
  return EXIT_FAILURE;
}

static int species_of(const xp_plan *plan, const char *symbol) {
  for (int s = 0; s < xp_plan_nelements(plan); ++s)
    if (strcmp(xp_plan_element(plan, s), symbol) == 0) return s;
  return -1;
}

/* Best time of one evaluation in seconds. */
static double best_time(const xp_plan *plan, xp_workspace *workspace, const xp_neighbourhoods *view, double budget,
                        xp_error *error) {
  double best = INFINITY, end = seconds() + budget;
  double *energy = malloc(((size_t)view->natoms + 1) * sizeof *energy);
  double(*gradient)[3] = malloc((view->first[view->natoms] + 1) * sizeof *gradient);
  xp_evaluation out = {energy, gradient, NULL};
  bool ok = energy && gradient;
  while (ok && (seconds() < end || isinf(best))) {
    double start = seconds();
    ok = xp_evaluate(plan, workspace, view, &out, error) == XP_OK;
    best = fmin(best, seconds() - start);
  }
  free(energy);
  free(gradient);
  return ok ? best : NAN;
}

static xp_status time_structure(const xp_plan *plan, xp_workspace *workspace, const xp_structure *structure,
                                double budget, xp_error *error) {
  xp_neighbour_list *list = NULL;
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  if (!species) return xp_error_memory(error, "species");
  for (int i = 0; i < structure->natoms; ++i) species[i] = species_of(plan, structure->symbols[i]);
  xp_status status = xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan), error);
  if (!status) {
    xp_neighbourhoods view = xp_neighbour_list_view(list);
    double best = best_time(plan, workspace, &view, budget, error);
    printf("%d atoms, %.1f neighbours: %.2f microseconds an atom\n", structure->natoms,
           (double)list->first[list->natoms] / structure->natoms, best / structure->natoms * 1e6);
    status = error->status;
  }
  xp_neighbour_list_free(list);
  free(species);
  return status;
}

/* A plan for all elements of a potential. */
static xp_status compile(xp_plan **plan, const xp_potential *potential, xp_error *error) {
  int count = xp_potential_nelements(potential);
  const char **elements = malloc((size_t)count * sizeof *elements);
  if (!elements) return xp_error_memory(error, "elements");
  for (int i = 0; i < count; ++i) elements[i] = xp_potential_element(potential, i);
  xp_status status = xp_plan_new(plan, potential, elements, count, XP_PRECISION_DOUBLE, error);
  free(elements);
  return status;
}

int main(int argc, char **argv) {
  const double budget = 10.0;
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_dataset *dataset = NULL;
  if (argc < 3) {
    fprintf(stderr, "usage: %s STRUCTURES.xyz POTENTIAL [POTENTIAL2]\n", argv[0]);
    return EXIT_FAILURE;
  }
  xp_status status = xp_extxyz_read(&dataset, argv[1], NULL, &error);
  if (!status) status = xp_potential_read(&potential, (const char *const *)argv + 2, argc - 2, &error);
  if (!status) status = compile(&plan, potential, &error);
  if (!status) status = xp_workspace_new(&workspace, plan, &error);
  for (int s = 0; !status && s < dataset->nstructures; ++s)
    status = time_structure(plan, workspace, dataset->structures[s], budget / dataset->nstructures, &error);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_potential_free(potential);
  xp_dataset_free(dataset);
  return status ? fail(&error) : EXIT_SUCCESS;
}
