/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the Jacobian by function coefficients: a combination of rows is the gradient of that combination of labels. Where
 * gradients agree with differences (test_gradient.c), so do rows. And linear models: rows times coefficients are labels. */
#include <math.h>

#include "training_testing.h"

enum { COMBINATIONS = 64, ATOMS = 9 };

typedef struct matrix {
  double *energy, *forces, *virial;
  int columns;
} matrix;

static matrix make(const training_case *c) {
  xp_error error = {0};
  size_t columns = (size_t)(c->layout.ntotal - c->layout.nradial);
  matrix m = {calloc(columns, sizeof(double)), calloc(3 * ATOMS * columns, sizeof(double)),
              calloc(6 * columns, sizeof(double)), (int)columns};
  assert_true(m.energy && m.forces && m.virial);
  xp_ace_fit_rows rows = {m.energy, m.forces, m.virial};
  xp_assert_ok(xp_ace_fit_make_rows(c->fit, c->scratch, c->prepared, c->parameters, &rows, &error), &error);
  return m;
}

static void drop(matrix *m) {
  free(m->energy);
  free(m->forces);
  free(m->virial);
}

static const int places[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};

static void check(const training_options *options, double cell, double distance) {
  training_case c;
  xp_error error = {0};
  xp_test_random random = {options->seed + 3};
  double forces[ATOMS][3], largest = 0.0;
  training_open(&c, options, ATOMS, cell, distance);
  matrix m = make(&c);
  xp_ace_fit_labels loss = {.energy = xp_test_uniform(&random, -1.0, 1.0), .forces = forces};
  for (int a = 0; a < ATOMS; ++a)
    for (int d = 0; d < 3; ++d) forces[a][d] = xp_test_uniform(&random, -1.0, 1.0);
  for (int v = 0; v < 6; ++v) loss.virial[places[v][0]][places[v][1]] = xp_test_uniform(&random, -0.5, 0.5);
  double *gradient = calloc((size_t)c.layout.ntotal, sizeof *gradient);
  assert_non_null(gradient);
  xp_assert_ok(xp_ace_fit_add_gradient(c.fit, c.scratch, c.prepared, c.parameters, &loss, false, gradient, &error),
               &error);
  for (int p = 0; p < c.layout.ntotal; ++p) largest = fmax(largest, fabs(gradient[p]));
  for (int q = 0; q < m.columns; ++q) {
    double sum = loss.energy * m.energy[q];
    for (int r = 0; r < 3 * ATOMS; ++r) sum += forces[r / 3][r % 3] * m.forces[r * m.columns + q];
    for (int v = 0; v < 6; ++v) sum += loss.virial[places[v][0]][places[v][1]] * m.virial[v * m.columns + q];
    double expected = gradient[c.layout.nradial + q];
    if (!(fabs(sum - expected) <= 1e-11 * largest))
      fail_msg("%s: column %d: rows give %.15g, the gradient %.15g", training_name(options), q, sum, expected);
  }
  free(gradient);
  drop(&m);
  training_close(&c);
}

static void test_rows_are_gradients(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; ++k) check(&list[k], k % 2 ? 6.0 : 0.0, 2.05);
}

/* With P = 1 and F = rho everything but the core is linear. */
static void test_linear(void **state) {
  (void)state;
  training_options options = {1, XP_ACE_CHEB_POW, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 1, 60};
  training_case c;
  double forces[ATOMS][3];
  training_open(&c, &options, ATOMS, 0.0, 2.9); /* beyond the reach of the core */
  c.basis->bonds[0].prehc = 0.0;
  xp_ace_fit_scratch_free(c.scratch);
  xp_ace_fit_free(c.fit);
  xp_error error = {0};
  xp_assert_ok(xp_ace_fit_new(&c.fit, c.basis, &error), &error);
  xp_assert_ok(xp_ace_fit_scratch_new(&c.scratch, c.fit, &error), &error);
  training_renew(&c);
  xp_ace_fit_labels out = training_predict(&c, forces);
  matrix m = make(&c);
  const double *x = c.parameters + c.layout.nradial;
  double energy = 0.0;
  for (int q = 0; q < m.columns; ++q) energy += m.energy[q] * x[q];
  xp_assert_close(energy, out.energy, 1e-11);
  for (int r = 0; r < 3 * ATOMS; ++r) {
    double sum = 0.0;
    for (int q = 0; q < m.columns; ++q) sum += m.forces[r * m.columns + q] * x[q];
    xp_assert_close(sum, forces[r / 3][r % 3], 1e-11);
  }
  for (int v = 0; v < 6; ++v) {
    double sum = 0.0;
    for (int q = 0; q < m.columns; ++q) sum += m.virial[v * m.columns + q] * x[q];
    xp_assert_close(sum, out.virial[places[v][0]][places[v][1]], 1e-10);
  }
  drop(&m);
  training_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_are_gradients), cmocka_unit_test(test_linear)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
