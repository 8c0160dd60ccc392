/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far mixed precision is from double: energies and force components of every structure of a file, by both. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "testing/force_errors.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"

enum { PRECISIONS = 2 }; /* double, mixed */

typedef struct evaluator {
  xp_plan *plan[PRECISIONS];
  xp_workspace *workspace[PRECISIONS];
} evaluator;

static void evaluator_close(evaluator *e) {
  for (int p = 0; p < PRECISIONS; ++p) {
    xp_workspace_free(e->workspace[p]);
    xp_plan_free(e->plan[p]);
  }
}

static xp_status evaluator_open(evaluator *e, const xp_potential *potential, xp_error *error) {
  int count = xp_potential_nelements(potential);
  const char **elements = malloc((size_t)count * sizeof *elements);
  if (!elements) return xp_error_memory(error, "elements");
  for (int i = 0; i < count; ++i) elements[i] = xp_potential_element(potential, i);
  xp_status status = XP_OK;
  for (int p = 0; p < PRECISIONS && status == XP_OK; ++p) {
    xp_precision precision = p ? XP_PRECISION_MIXED : XP_PRECISION_DOUBLE;
    status = xp_plan_new(&e->plan[p], potential, elements, count, precision, error);
    if (status == XP_OK) status = xp_workspace_new(&e->workspace[p], e->plan[p], error);
  }
  free(elements);
  return status;
}

/* errors: room for all components. */
static void print_errors(const xp_structure *exact, const xp_structure *mixed, double *errors) {
  size_t n = 3 * (size_t)exact->natoms;
  double force = 0.0;
  for (size_t c = 0; c < n; ++c) {
    double f = exact->forces[c / 3][c % 3];
    errors[c] = mixed->forces[c / 3][c % 3] - f;
    force += f * f;
  }
  xp_force_errors found = xp_force_errors_of(errors, n);
  printf("%6d atoms: force RMS %.2e, error RMS %.1e, median %.1e, 99 %% below %.1e, largest %.1e eV/Angstrom; "
         "energy error %.1e eV an atom\n",
         exact->natoms, sqrt(force / (double)n), found.rms, found.median, found.percentile_99, found.largest,
         fabs(mixed->energy - exact->energy) / exact->natoms);
}

static xp_status compare(const evaluator *e, const xp_structure *structure, xp_error *error) {
  xp_structure *labelled[PRECISIONS] = {NULL, NULL};
  double *errors = malloc(3 * (size_t)structure->natoms * sizeof *errors);
  xp_status status = errors ? XP_OK : xp_error_memory(error, "errors");
  for (int p = 0; p < PRECISIONS && status == XP_OK; ++p)
    status = xp_evaluate_structure(e->plan[p], e->workspace[p], structure, &labelled[p], error);
  if (status == XP_OK) print_errors(labelled[0], labelled[1], errors);
  for (int p = 0; p < PRECISIONS; ++p) xp_structure_free(labelled[p]);
  free(errors);
  return status;
}

int main(int argc, char **argv) {
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_dataset *dataset = NULL;
  evaluator e = {0};
  if (argc < 3) {
    fprintf(stderr, "usage: %s STRUCTURES.xyz POTENTIAL [POTENTIAL2]\n", argv[0]);
    return EXIT_FAILURE;
  }
  xp_status status = xp_extxyz_read(&dataset, argv[1], NULL, &error);
  if (status == XP_OK) status = xp_potential_read(&potential, (const char *const *)argv + 2, argc - 2, &error);
  if (status == XP_OK) status = evaluator_open(&e, potential, &error);
  for (int s = 0; status == XP_OK && s < dataset->nstructures; ++s)
    status = compare(&e, dataset->structures[s], &error);
  evaluator_close(&e);
  xp_potential_free(potential);
  xp_dataset_free(dataset);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
