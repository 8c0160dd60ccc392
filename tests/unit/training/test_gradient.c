/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients by every parameter against differences, to 1e-7 of the largest: energies, forces and virials, all radial bases,
 * inner cutoffs and embeddings, P = 1 .. 4, one to three elements. The loss is linear in energy, forces and virial with random
 * coefficients: its gradient is what the gradient of any loss is made of. */
#include <math.h>

#include "training_testing.h"

enum { COMBINATIONS = 64, ATOMS = 7 };

/* A loss: the derivative of it by each label. */
static xp_ace_fit_labels random_loss(xp_test_random *random, double (*forces)[3]) {
  xp_ace_fit_labels loss = {.energy = xp_test_uniform(random, -1.0, 1.0), .forces = forces};
  for (int a = 0; a < ATOMS; ++a)
    for (int d = 0; d < 3; ++d) forces[a][d] = xp_test_uniform(random, -1.0, 1.0);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) loss.virial[a][b] = xp_test_uniform(random, -0.3, 0.3);
  return loss;
}

static double value_of(const training_case *c, const xp_ace_fit_labels *loss) {
  double forces[ATOMS][3];
  xp_ace_fit_labels out = training_predict(c, forces);
  double sum = loss->energy * out.energy;
  for (int a = 0; a < ATOMS; ++a)
    for (int d = 0; d < 3; ++d) sum += loss->forces[a][d] * forces[a][d];
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) sum += loss->virial[a][b] * out.virial[a][b];
  return sum;
}

/* Fourth order. */
static double difference(const training_case *c, const xp_ace_fit_labels *loss, int p) {
  const double h = 2e-4;
  double before = c->parameters[p], sum = 0.0;
  const double steps[4] = {-2.0, -1.0, 1.0, 2.0}, weights[4] = {1.0, -8.0, 8.0, -1.0};
  for (int k = 0; k < 4; ++k) {
    c->parameters[p] = before + steps[k] * h;
    sum += weights[k] * value_of(c, loss);
  }
  c->parameters[p] = before;
  return sum / (12.0 * h);
}

static void check(const training_options *options, double cell, double distance) {
  training_case c;
  xp_error error = {0};
  xp_test_random random = {options->seed + 3};
  double forces[ATOMS][3], largest = 0.0;
  training_open(&c, options, ATOMS, cell, distance);
  xp_ace_fit_labels loss = random_loss(&random, forces);
  int n = c.layout.ntotal;
  double *gradient = calloc((size_t)n, sizeof *gradient), *numeric = calloc((size_t)n, sizeof *numeric);
  assert_true(gradient && numeric);
  xp_assert_ok(xp_ace_fit_add_gradient(c.fit, c.scratch, c.prepared, c.parameters, &loss, true, gradient, &error),
               &error);
  for (int p = 0; p < n; ++p) {
    numeric[p] = difference(&c, &loss, p);
    largest = fmax(largest, fabs(gradient[p]));
  }
  assert_true(largest > 1e-3);
  for (int p = 0; p < n; ++p)
    if (!(fabs(gradient[p] - numeric[p]) <= 1e-7 * largest))
      fail_msg("%s: parameter %d of %d (%d radial): gradient %.12g, differences %.12g, largest %.3g",
               training_name(options), p, n, c.layout.nradial, gradient[p], numeric[p], largest);
  free(gradient);
  free(numeric);
  training_close(&c);
}

static void test_clusters(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; ++k) check(&list[k], 0.0, 2.05);
}

static void test_crystals(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; k += 3) check(&list[k], 5.2, 2.1);
}

/* Gradients add up, and those by radial coefficients can be left out. */
static void test_parts(void **state) {
  (void)state;
  training_options options = {2, XP_ACE_SBESSEL, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 41};
  training_case c;
  xp_error error = {0};
  xp_test_random random = {9};
  double forces[ATOMS][3];
  training_open(&c, &options, ATOMS, 0.0, 2.0);
  xp_ace_fit_labels loss = random_loss(&random, forces);
  int n = c.layout.ntotal;
  double *whole = calloc((size_t)n, sizeof *whole), *part = calloc((size_t)n, sizeof *part);
  assert_true(whole && part);
  for (int k = 0; k < 2; ++k)
    xp_assert_ok(xp_ace_fit_add_gradient(c.fit, c.scratch, c.prepared, c.parameters, &loss, true, whole, &error),
                 &error);
  xp_assert_ok(xp_ace_fit_add_gradient(c.fit, c.scratch, c.prepared, c.parameters, &loss, false, part, &error), &error);
  for (int p = 0; p < n; ++p)
    xp_assert_close(part[p], p < c.layout.nradial ? 0.0 : 0.5 * whole[p], 1e-12 * (1.0 + fabs(whole[p])));
  free(whole);
  free(part);
  training_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_clusters), cmocka_unit_test(test_crystals),
                                     cmocka_unit_test(test_parts)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
