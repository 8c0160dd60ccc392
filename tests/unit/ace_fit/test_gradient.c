/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gradient of the whole objective, all terms on, against fourth-order differences by every parameter. */
#include <math.h>

#include "ace_fit_testing.h"

enum { COMBINATIONS = 64, STRUCTURES = 5 };

/* What a step changes the loss by, at most: shorter than the way to a threshold of Huber's function. */
static const double CHANGE = 1e-5;

static double value_of(const fit_case *c, const xp_ace_terms *terms) {
  xp_error error = {0};
  xp_ace_loss loss;
  xp_assert_ok(xp_ace_problem_loss(c->problem, terms, c->parameters, true, &loss, NULL, &error), &error);
  return loss.total;
}

static double difference(const fit_case *c, const xp_ace_terms *terms, int p, double step) {
  const double steps[4] = {-2.0, -1.0, 1.0, 2.0}, weights[4] = {1.0, -8.0, 8.0, -1.0};
  double before = c->parameters[p], sum = 0.0;
  for (int k = 0; k < 4; ++k) {
    c->parameters[p] = before + steps[k] * step;
    sum += weights[k] * value_of(c, terms);
  }
  c->parameters[p] = before;
  return sum / (12.0 * step);
}

/* Slope of the smoothness by a parameter. It is piecewise constant. */
static double slope(const fit_case *c, const xp_ace_terms *terms, int p, double shift, double *room) {
  double value = 0.0, before = c->parameters[p];
  xp_error error = {0};
  memset(room, 0, (size_t)c->layout.ntotal * sizeof *room);
  c->parameters[p] = before + shift;
  xp_assert_ok(xp_ace_fit_smoothness(c->fit, c->parameters, terms->smooth, &value, room, &error), &error);
  c->parameters[p] = before;
  return room[p];
}

/* Whether a radial function, or a derivative of it, changes sign at one of the points within the differences. */
static bool has_kink(const fit_case *c, const xp_ace_terms *terms, int p, double step, double *room) {
  double below = slope(c, terms, p, -2.0 * step, room), above = slope(c, terms, p, 2.0 * step, room);
  return p < c->layout.nradial && fabs(above - below) > 1e-10 * (fabs(above) + fabs(below));
}

static void check(const training_options *options) {
  fit_case c;
  xp_error error = {0};
  fit_case_open(&c, options, STRUCTURES, 1);
  xp_ace_terms terms = fit_all_terms(&c);
  xp_ace_loss loss;
  size_t n = (size_t)c.layout.ntotal;
  double *gradient = calloc(n, sizeof *gradient), *room = calloc(n, sizeof *room), largest = 0.0;
  int kinks = 0;
  assert_true(gradient && room);
  xp_assert_ok(xp_ace_problem_loss(c.problem, &terms, c.parameters, true, &loss, gradient, &error), &error);
  for (size_t p = 0; p < n; ++p) largest = fmax(largest, fabs(gradient[p]));
  double step = CHANGE / (1.0 + largest);
  for (int p = 0; p < c.layout.ntotal; ++p) {
    if (has_kink(&c, &terms, p, step, room)) {
      ++kinks;
      continue;
    }
    double numeric = difference(&c, &terms, p, step);
    if (!(fabs(gradient[p] - numeric) <= 1e-7 * largest))
      fail_msg("%s: parameter %d of %d (%d radial): gradient %.12g, differences %.12g, largest %.3g",
               training_name(options), p, c.layout.ntotal, c.layout.nradial, gradient[p], numeric, largest);
  }
  assert_true(5 * kinks < c.layout.nradial);
  free(gradient);
  free(room);
  fit_case_close(&c);
}

static void test_combinations(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; ++k) check(&list[k]);
}

/* Left out, radial coefficients have no gradient and the others the same. */
static void test_functions_only(void **state) {
  (void)state;
  const training_options options = {2, XP_ACE_CHEB_POW, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 31};
  fit_case c;
  xp_error error = {0};
  xp_ace_loss loss, part_loss;
  fit_case_open(&c, &options, STRUCTURES, 1);
  xp_ace_terms terms = fit_all_terms(&c);
  size_t n = (size_t)c.layout.ntotal;
  double *whole = calloc(n, sizeof *whole), *part = malloc(n * sizeof *part);
  assert_true(whole && part);
  for (size_t p = 0; p < n; ++p) part[p] = 7.0; /* to be overwritten */
  xp_assert_ok(xp_ace_problem_loss(c.problem, &terms, c.parameters, true, &loss, whole, &error), &error);
  xp_assert_ok(xp_ace_problem_loss(c.problem, &terms, c.parameters, false, &part_loss, part, &error), &error);
  xp_assert_close(part_loss.total, loss.total, 1e-14 * loss.total);
  for (int p = 0; p < c.layout.ntotal; ++p)
    xp_assert_close(part[p], p < c.layout.nradial ? 0.0 : whole[p], 1e-12 * (1.0 + fabs(whole[p])));
  free(whole);
  free(part);
  fit_case_close(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_combinations), cmocka_unit_test(test_functions_only)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
