/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "search/improvement.h"
#include "search/pareto.h"

static const double first[3] = {1.0, 2.0, 4.0}, second[3] = {5.0, 2.0, 1.0};
static const xp_pareto front = {.count = 3, .first = first, .second = second, .reference = {6.0, 7.0}};

static void front_is_what_nothing_beats(void **state) {
  (void)state;
  const double a[9] = {4.0, 3.0, 1.0, NAN, 2.0, 2.0, 1.0, 5.0, 4.0};
  const double b[9] = {1.0, 3.0, 6.0, 0.0, 2.0, 2.0, 5.0, NAN, 1.5};
  int indices[9];
  assert_int_equal(xp_pareto_front(9, a, b, indices), 3);
  assert_int_equal(indices[0], 6);
  assert_int_equal(indices[1], 4);
  assert_int_equal(indices[2], 0);
}

/* Strips by hand: (2-1)(7-5) + (4-2)(7-2) + (6-4)(7-1). */
static void area_is_known(void **state) {
  (void)state;
  xp_assert_close(xp_pareto_area(&front), 24.0, 1e-14);
  const xp_pareto empty = {.reference = {6.0, 7.0}};
  xp_assert_close(xp_pareto_area(&empty), 0.0, 0.0);
}

static double normal(xp_test_random *random) {
  double radius = sqrt(-2.0 * log(1.0 - xp_test_uniform(random, 0.0, 1.0)));
  return radius * cos(2.0 * M_PI * xp_test_uniform(random, 0.0, 1.0));
}

/* Area of the front with one more point. */
static double area_with(double a, double b) {
  double all[2][4] = {{a, first[0], first[1], first[2]}, {b, second[0], second[1], second[2]}}, kept[2][4];
  int indices[4];
  if (a >= front.reference[0] || b >= front.reference[1]) return xp_pareto_area(&front);
  xp_pareto grown = {.first = kept[0], .second = kept[1], .reference = {front.reference[0], front.reference[1]}};
  grown.count = xp_pareto_front(4, all[0], all[1], indices);
  for (int i = 0; i < grown.count; ++i)
    for (int k = 0; k < 2; ++k) kept[k][i] = all[k][indices[i]];
  return xp_pareto_area(&grown);
}

/* The closed form against four hundred thousand draws, above, among and below the front. */
static void growth_agrees_with_draws(void **state) {
  (void)state;
  static const double cases[][4] = {
      {3.0, 3.0, 1.0, 1.0}, {1.5, 1.5, 0.5, 2.0}, {5.0, 0.5, 1.5, 0.3}, {0.0, 0.0, 0.2, 0.2}, {3.0, 5.0, 1.0, 1.5}};
  enum { DRAWS = 400000 };
  xp_test_random random = {31};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const double *c = cases[i];
    double sum = 0.0, square = 0.0;
    for (int draw = 0; draw < DRAWS; ++draw) {
      double a = c[0] + c[2] * normal(&random);
      double growth = area_with(a, c[1] + c[3] * normal(&random)) - 24.0;
      sum += growth / DRAWS;
      square += growth * growth / DRAWS;
    }
    double error = sqrt((square - sum * sum) / DRAWS);
    xp_assert_close(exp(xp_pareto_log_growth(&front, c, c + 2, NULL, NULL)), sum, 4.0 * error);
    assert_true(4.0 * error < 0.05 * sum);
  }
}

/* A point that is certain grows the area by what it dominates; without a front, by the product of two improvements. */
static void growth_has_its_limits(void **state) {
  (void)state;
  const double sure[2] = {1e-6, 1e-6};
  xp_assert_close(exp(xp_pareto_log_growth(&front, (double[]){1.5, 1.5}, sure, NULL, NULL)), 0.5 * 3.5 + 2.0 * 0.5,
                  1e-5);
  const xp_pareto empty = {.reference = {6.0, 7.0}};
  const double means[2] = {5.0, 8.0}, deviations[2] = {0.5, 0.8};
  xp_assert_close(xp_pareto_log_growth(&empty, means, deviations, NULL, NULL),
                  xp_improvement_log(6.0, 5.0, 0.5, NULL, NULL) + xp_improvement_log(7.0, 8.0, 0.8, NULL, NULL), 1e-12);
}

static void growth_gradient_is_the_derivative(void **state) {
  (void)state;
  const double step = 1e-6;
  xp_test_random random = {8};
  for (int sample = 0; sample < 200; ++sample) {
    double at[4], by[4], ends[2];
    for (int k = 0; k < 2; ++k) {
      at[k] = xp_test_uniform(&random, -1.0, 20.0);
      at[2 + k] = xp_test_uniform(&random, 0.2, 2.0);
    }
    double value = xp_pareto_log_growth(&front, at, at + 2, by, by + 2);
    assert_true(isfinite(value));
    for (int k = 0; k < 4; ++k) {
      double kept = at[k];
      for (int side = 0; side < 2; ++side) {
        at[k] = kept + (side ? step : -step);
        ends[side] = xp_pareto_log_growth(&front, at, at + 2, NULL, NULL);
      }
      at[k] = kept;
      xp_assert_close(by[k], (ends[1] - ends[0]) / (2.0 * step), 1e-5 * (1.0 + fabs(by[k]) + 1e-2 * fabs(value)));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(front_is_what_nothing_beats),       cmocka_unit_test(area_is_known),
      cmocka_unit_test(growth_agrees_with_draws),          cmocka_unit_test(growth_has_its_limits),
      cmocka_unit_test(growth_gradient_is_the_derivative),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
