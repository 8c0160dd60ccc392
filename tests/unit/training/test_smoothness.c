/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smoothness of radial functions: by the formula of a single cosine-like function, and its gradient against differences. */
#include <math.h>

#include "training_testing.h"

static double value_of(const training_case *c, const double w[3]) {
  xp_error error = {0};
  double value = 0.0;
  xp_assert_ok(xp_ace_fit_smoothness(c->fit, c->parameters, w, &value, NULL, &error), &error);
  return value;
}

/* ChebPow with lambda 1 and k = 0: g = (1 - x)/2 = r/rc with x = 1 - 2 (r/rc)... of one function R = g_0 the integral of
 * (1/rc^2) r^2 (1 - r/rc) over 0 .. rc is rc/12, that of r^2/rc^3 is 1/3. */
static void test_value(void **state) {
  (void)state;
  training_options options = {1, XP_ACE_CHEB_POW, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 1, 3};
  training_case c;
  xp_error error = {0};
  training_open(&c, &options, 2, 0.0, 2.0);
  c.basis->bonds[0].radparameters[0] = 1.0;
  xp_ace_fit_scratch_free(c.scratch);
  c.scratch = NULL;
  xp_ace_fit_free(c.fit);
  xp_assert_ok(xp_ace_fit_new(&c.fit, c.basis, &error), &error);
  for (int p = 0; p < c.layout.nradial; ++p) c.parameters[p] = 0.0;
  c.parameters[xp_ace_fit_radial_first(c.fit, 0, 0)] = -1.0;
  double rc = c.basis->bonds[0].rcut;
  const double w0[3] = {2.0, 0.0, 0.0}, w1[3] = {0.0, 3.0, 0.0}, w2[3] = {0.0, 0.0, 1.0};
  double g0 = value_of(&c, w0) / 2.0, g1 = value_of(&c, w1) / 3.0;
  xp_assert_close(g0, rc / 12.0, 0.02 * rc / 12.0); /* a sum over a hundred points */
  xp_assert_close(g1, 1.0 / 3.0, 0.02 / 3.0);
  xp_assert_close(value_of(&c, w2), 0.0, 1e-9);
  training_close(&c);
}

static void check_gradient(const training_options *options) {
  const double w[3] = {0.7, 0.2, 0.05}, h = 1e-6;
  training_case c;
  xp_error error = {0};
  double value = 0.0, largest = 0.0;
  training_open(&c, options, 2, 0.0, 2.0);
  double *gradient = calloc((size_t)c.layout.ntotal, sizeof *gradient);
  assert_non_null(gradient);
  xp_assert_ok(xp_ace_fit_smoothness(c.fit, c.parameters, w, &value, gradient, &error), &error);
  assert_true(value > 0.0);
  for (int p = 0; p < c.layout.ntotal; ++p) largest = fmax(largest, fabs(gradient[p]));
  for (int p = 0; p < c.layout.ntotal; ++p) {
    double before = c.parameters[p];
    c.parameters[p] = before + h;
    double above = value_of(&c, w);
    c.parameters[p] = before - h;
    double below = value_of(&c, w);
    c.parameters[p] = before;
    xp_assert_close(gradient[p], (above - below) / (2.0 * h), 1e-7 * largest);
  }
  free(gradient);
  training_close(&c);
}

static void test_gradient(void **state) {
  (void)state;
  training_options list[32];
  int count = training_combinations(list, 32);
  for (int k = 0; k < count; k += 2) check_gradient(&list[k]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_value), cmocka_unit_test(test_gradient)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
