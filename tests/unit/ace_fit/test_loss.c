/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loss against sums written straight from its definition (D. F. Thomas du Toit, thesis, Oxford 2025, equations 2.36 to
 * 2.39), over what the written potential predicts; and the same bits for any number of threads. */
#include <math.h>

#include "ace_fit_testing.h"

enum { STRUCTURES = 13 };

static const training_options TWO = {2, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2,
                                     21};

static double huber(double x, double threshold) {
  if (threshold == 0.0 || x <= threshold) return x * x;
  return 2.0 * threshold * x - threshold * threshold;
}

static double norm(const double a[3], const double b[3]) {
  double sum = 0.0;
  for (int d = 0; d < 3; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sqrt(sum);
}

static double virial_square(const xp_structure *a, const xp_structure *b) {
  double sum = 0.0;
  for (int i = 0; i < 3; ++i)
    for (int j = i; j < 3; ++j) sum += pow((a->virial[i][j] - b->virial[i][j]) / a->natoms, 2);
  return sum;
}

/* int r^2 |d^d R/dr^d| dr has no closed form, so the sums of smoothness are those of the core (which has tests of its own). */
static double smoothness(const fit_case *c, const xp_ace_terms *terms) {
  double value = 0.0;
  xp_error error = {0};
  xp_assert_ok(xp_ace_fit_smoothness(c->fit, c->parameters, terms->smooth, &value, NULL, &error), &error);
  return value;
}

static xp_ace_loss slow_loss(const fit_case *c, const xp_ace_terms *t) {
  xp_ace_loss loss = {.radial = smoothness(c, t)};
  xp_structure **predicted = fit_predictions(c);
  double energies = 0.0, forces = 0.0, energy_square = 0.0, force_square = 0.0;
  for (int s = 0; s < c->nstructures; ++s) {
    const xp_structure *r = c->data.set->structures[s], *p = predicted[s];
    if (r->has_energy) {
      double e = fabs(p->energy - r->energy) / r->natoms;
      loss.energy += (1.0 - t->kappa) * c->weights.energy[s] * huber(e, t->huber_energy);
      energy_square += e * e, energies += 1.0;
    }
    for (int a = 0; r->forces && a < r->natoms; ++a) {
      double f = norm(p->forces[a], r->forces[a]);
      loss.force += t->kappa * c->weights.force[c->weights.first[s] + a] * huber(f, t->huber_force);
      force_square += f * f, forces += 3.0;
    }
    if (r->has_virial) loss.virial += t->virial * c->weights.virial[s] * virial_square(p, r);
  }
  for (int i = 0; i < c->layout.nfunctions; ++i) {
    double x = c->parameters[c->layout.nradial + i];
    loss.coefficients += t->L1 * fabs(x) + t->L2 * x * x;
  }
  fit_predictions_free(c, predicted);
  loss.energy_rmse = sqrt(energy_square / energies);
  loss.force_rmse = sqrt(force_square / forces);
  loss.total = loss.energy + loss.force + loss.virial + loss.coefficients + loss.radial;
  return loss;
}

static void check_near(double found, double expected, const char *what, int row) {
  if (!(fabs(found - expected) <= 1e-7 * fabs(expected)))
    fail_msg("terms %d: %s is %.15g, expected %.15g", row, what, found, expected);
}

static void check_loss(const fit_case *c, const xp_ace_terms *terms, int row) {
  xp_error error = {0};
  xp_ace_loss found, expected = slow_loss(c, terms);
  xp_assert_ok(xp_ace_problem_loss(c->problem, terms, c->parameters, true, &found, NULL, &error), &error);
  check_near(found.energy, expected.energy, "energy", row);
  check_near(found.force, expected.force, "force", row);
  check_near(found.virial, expected.virial, "virial", row);
  check_near(found.coefficients, expected.coefficients, "coefficients", row);
  check_near(found.radial, expected.radial, "radial", row);
  check_near(found.total, expected.total, "total", row);
  check_near(found.energy_rmse, expected.energy_rmse, "energy RMSE", row);
  check_near(found.force_rmse, expected.force_rmse, "force RMSE", row);
  assert_true(found.total > 0.0);
}

/* Every term alone, then all together. */
static void test_terms(void **state) {
  (void)state;
  fit_case c;
  double energy, force;
  fit_case_open(&c, &TWO, STRUCTURES, 1);
  fit_thresholds(&c, &energy, &force);
  const xp_ace_terms list[] = {{.kappa = 0.0},
                               {.kappa = 1.0},
                               {.kappa = 0.3},
                               {.kappa = 0.0, .huber_energy = energy},
                               {.kappa = 1.0, .huber_force = force},
                               {.kappa = 0.5, .virial = 2.0},
                               {.kappa = 0.5, .L1 = 0.1},
                               {.kappa = 0.5, .L2 = 0.1},
                               {.kappa = 0.5, .smooth = {0.2, 0.0, 0.0}},
                               {.kappa = 0.5, .smooth = {0.0, 0.2, 0.0}},
                               {.kappa = 0.5, .smooth = {0.0, 0.0, 0.2}},
                               fit_all_terms(&c)};
  for (size_t i = 0; i < sizeof list / sizeof *list; ++i) check_loss(&c, &list[i], (int)i);
  fit_case_close(&c);
}

/* Every embedding and number of elements. */
static void test_models(void **state) {
  (void)state;
  training_options list[64];
  int count = training_combinations(list, 64);
  for (int k = 0; k < count; k += 2) {
    fit_case c;
    fit_case_open(&c, &list[k], 6, 1);
    xp_ace_terms terms = fit_all_terms(&c);
    check_loss(&c, &terms, 100 + k);
    fit_case_close(&c);
  }
}

/* No label of a kind: the others count, and the error of that kind is not a number. */
static void test_missing_labels(void **state) {
  (void)state;
  fit_case c;
  xp_error error = {0};
  xp_ace_loss loss;
  const xp_ace_terms terms = {.kappa = 0.5, .virial = 1.0};
  fit_case_open(&c, &TWO, STRUCTURES, 1);
  for (int s = 0; s < STRUCTURES; ++s) c.data.set->structures[s]->has_energy = false;
  xp_assert_ok(xp_ace_problem_loss(c.problem, &terms, c.parameters, true, &loss, NULL, &error), &error);
  assert_true(isnan(loss.energy_rmse) && loss.energy == 0.0 && loss.force > 0.0);
  for (int s = 0; s < STRUCTURES; ++s) {
    xp_structure *structure = c.data.set->structures[s];
    structure->has_energy = true;
    structure->has_virial = false;
    free(structure->forces);
    structure->forces = NULL;
  }
  xp_assert_ok(xp_ace_problem_loss(c.problem, &terms, c.parameters, true, &loss, NULL, &error), &error);
  assert_true(isnan(loss.force_rmse) && loss.force == 0.0 && loss.virial == 0.0 && loss.energy > 0.0);
  fit_case_close(&c);
}

/* More structures than parts, and bits that do not depend on threads. */
static void test_threads(void **state) {
  (void)state;
  enum { MANY = 70 };
  fit_case c;
  xp_error error = {0};
  xp_ace_loss loss[3];
  fit_case_open(&c, &TWO, MANY, 1);
  xp_ace_terms terms = fit_all_terms(&c);
  size_t n = (size_t)c.layout.ntotal;
  double *gradients = calloc(3 * n, sizeof *gradients);
  assert_non_null(gradients);
  for (int t = 0; t < 3; ++t) {
    fit_case_renew(&c, t + 1);
    xp_assert_ok(
        xp_ace_problem_loss(c.problem, &terms, c.parameters, true, &loss[t], gradients + (size_t)t * n, &error),
        &error);
    assert_memory_equal(&loss[t], &loss[0], sizeof *loss);
    assert_memory_equal(gradients + (size_t)t * n, gradients, n * sizeof *gradients);
  }
  check_loss(&c, &terms, 1000);
  free(gradients);
  fit_case_close(&c);
}

/* Atoms on top of each other are an error that says where. */
static void test_short_distance(void **state) {
  (void)state;
  fit_case c;
  xp_error error = {0};
  fit_case_open(&c, &TWO, 3, 1);
  xp_structure *structure = c.data.set->structures[1];
  structure->line = 17;
  memcpy(structure->positions[1], structure->positions[0], sizeof structure->positions[0]);
  structure->positions[1][0] += 1e-5;
  xp_ace_problem_request request = {c.fit, &c.data, &c.weights, c.basis->elements, 2, 2};
  xp_ace_problem *problem;
  assert_int_equal(xp_ace_problem_new(&problem, &request, &error), XP_ERROR_RANGE);
  assert_null(problem);
  xp_assert_message(&error, "data of a test:17: ");
  fit_case_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_terms), cmocka_unit_test(test_models),
                                     cmocka_unit_test(test_missing_labels), cmocka_unit_test(test_threads),
                                     cmocka_unit_test(test_short_distance)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
