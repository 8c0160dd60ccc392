/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_fit_testing.h"

#include <math.h>

/* Closest atoms, Angstrom: inside the inner cutoff of some. */
#define DISTANCE 2.05
#define CELL 5.2

static xp_structure *make_structure(const fit_case *c, int s, xp_test_random *random) {
  bool crystal = s % 5 == 4;
  return xp_test_structure(random, 4 + s % 3, crystal ? CELL : 0.0, DISTANCE, training_elements, c->options.nelements);
}

/* Adds noise to a prediction and takes labels away. */
static void label(xp_structure *structure, int s, xp_test_random *random) {
  structure->energy += structure->natoms * xp_test_uniform(random, -0.5, 0.5);
  for (int a = 0; a < structure->natoms; ++a)
    for (int d = 0; d < 3; ++d) structure->forces[a][d] += xp_test_uniform(random, -1.0, 1.0);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) structure->virial[a][b] += structure->natoms * xp_test_uniform(random, -1.0, 1.0);
  structure->has_energy = s % 4 < 2;
  structure->has_virial = s % 4 == 0 || s % 4 == 3;
  if (s % 4 != 1) return;
  free(structure->forces);
  structure->forces = NULL;
}

static void fill_data(fit_case *c, int nstructures) {
  xp_error error = {0};
  xp_test_random random = {c->options.seed + 11};
  xp_assert_ok(xp_dataset_new(&c->data.set, &error), &error);
  c->data.path = "data of a test";
  for (int s = 0; s < nstructures; ++s)
    xp_assert_ok(xp_dataset_append(c->data.set, make_structure(c, s, &random), &error), &error);
  c->nstructures = nstructures;
  xp_structure **predicted = fit_predictions(c);
  for (int s = 0; s < nstructures; ++s) {
    xp_structure_free(c->data.set->structures[s]);
    c->data.set->structures[s] = predicted[s];
    label(predicted[s], s, &random);
    c->data.natoms += predicted[s]->natoms;
  }
  free(predicted);
  c->natoms = c->data.natoms;
}

static void fill_weights(fit_case *c) {
  xp_fit_weights *w = &c->weights;
  xp_test_random random = {c->options.seed + 13};
  size_t n = (size_t)c->nstructures;
  *w = (xp_fit_weights){c->nstructures,
                        calloc(n, sizeof(double)),
                        calloc(n, sizeof(double)),
                        calloc((size_t)c->natoms, sizeof(double)),
                        calloc(n + 1, sizeof(long)),
                        0};
  assert_true(w->energy && w->virial && w->force && w->first);
  for (int s = 0; s < c->nstructures; ++s) {
    w->first[s + 1] = w->first[s] + c->data.set->structures[s]->natoms;
    w->energy[s] = xp_test_uniform(&random, 0.05, 0.4);
    w->virial[s] = xp_test_uniform(&random, 0.05, 0.4);
  }
  for (int a = 0; a < c->natoms; ++a) w->force[a] = xp_test_uniform(&random, 0.01, 0.1);
}

void fit_case_renew(fit_case *c, int threads) {
  xp_error error = {0};
  xp_ace_problem_request request = {c->fit, &c->data, &c->weights, c->basis->elements, c->options.nelements, threads};
  xp_ace_problem_free(c->problem);
  xp_assert_ok(xp_ace_problem_new(&c->problem, &request, &error), &error);
}

void fit_case_open(fit_case *c, const training_options *options, int nstructures, int threads) {
  xp_error error = {0};
  *c = (fit_case){.options = *options, .basis = training_basis(options)};
  xp_assert_ok(xp_ace_fit_new(&c->fit, c->basis, &error), &error);
  c->layout = xp_ace_fit_layout_of(c->fit);
  c->parameters = calloc((size_t)c->layout.ntotal, sizeof *c->parameters);
  assert_non_null(c->parameters);
  xp_ace_fit_get(c->fit, c->basis, c->parameters);
  fill_data(c, nstructures);
  fill_weights(c);
  fit_case_renew(c, threads);
}

void fit_case_close(fit_case *c) {
  xp_ace_problem_free(c->problem);
  xp_fit_weights_clear(&c->weights);
  xp_dataset_free(c->data.set);
  free(c->parameters);
  xp_ace_fit_free(c->fit);
  xp_ace_basis_free(c->basis);
}

xp_structure **fit_predictions(const fit_case *c) {
  xp_error error = {0};
  xp_potential potential = {.kind = XP_KIND_ACE};
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_structure **predicted = calloc((size_t)c->nstructures, sizeof *predicted);
  assert_non_null(predicted);
  xp_ace_fit_put(c->fit, c->parameters, c->basis);
  xp_assert_ok(xp_ace_basis_convert(c->basis, &potential.ace, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, &potential, training_elements, c->options.nelements, XP_PRECISION_DOUBLE, &error),
               &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  for (int s = 0; s < c->nstructures; ++s)
    xp_assert_ok(xp_evaluate_structure(plan, workspace, c->data.set->structures[s], &predicted[s], &error), &error);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_ace_model_free(potential.ace);
  return predicted;
}

void fit_predictions_free(const fit_case *c, xp_structure **predicted) {
  for (int s = 0; s < c->nstructures; ++s) xp_structure_free(predicted[s]);
  free(predicted);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The middle of the widest gap within the inner half of some numbers. */
static double widest_gap(double *numbers, int n) {
  double widest = 0.0, middle = 0.0;
  qsort(numbers, (size_t)n, sizeof *numbers, compare);
  for (int i = n / 4; i < n - n / 4 - 1 || (i == n / 4 && i + 1 < n); ++i) {
    double gap = numbers[i + 1] - numbers[i];
    if (gap > widest) widest = gap, middle = 0.5 * (numbers[i + 1] + numbers[i]);
  }
  return middle;
}

void fit_thresholds(const fit_case *c, double *energy, double *force) {
  int nenergies = 0, nforces = 0;
  double *energies = calloc((size_t)c->nstructures, sizeof *energies),
         *forces = calloc((size_t)c->natoms, sizeof *forces);
  xp_structure **predicted = fit_predictions(c);
  assert_true(energies && forces);
  for (int s = 0; s < c->nstructures; ++s) {
    const xp_structure *reference = c->data.set->structures[s];
    if (reference->has_energy)
      energies[nenergies++] = fabs(predicted[s]->energy - reference->energy) / reference->natoms;
    for (int a = 0; a < reference->natoms && reference->forces; ++a) {
      const double *f = predicted[s]->forces[a], *r = reference->forces[a];
      forces[nforces++] = hypot(hypot(f[0] - r[0], f[1] - r[1]), f[2] - r[2]);
    }
  }
  *energy = widest_gap(energies, nenergies);
  *force = widest_gap(forces, nforces);
  assert_true(*energy > 0.0 && *force > 0.0);
  fit_predictions_free(c, predicted);
  free(energies);
  free(forces);
}

xp_ace_terms fit_all_terms(const fit_case *c) {
  xp_ace_terms terms = {.kappa = 0.4, .virial = 0.3, .L1 = 0.002, .L2 = 0.003, .smooth = {1e-3, 2e-3, 3e-4}};
  fit_thresholds(c, &terms.huber_energy, &terms.huber_force);
  return terms;
}
