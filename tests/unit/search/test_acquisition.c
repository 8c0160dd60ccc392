/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "gp_reference.h"
#include "search/acquisition.h"
#include "search/improvement.h"

/* Values and gradients in scikit-optimize's units, which minimises: losses, and xi too. */
static void acquisitions_agree_with_reference(void **state) {
  (void)state;
  static const struct {
    double at[2], improvement, improvement_gradient[2], gradient_tolerance, probability, bound;
  } expected[] = {
      {{0.6, 0.45}, 0.002017646122, {-0.097260652032, 0.036967826964}, 1e-6, 0.213258541388, -0.017810437082},
      {{0.9, 0.1}, 3.6854642e-8, {1.1502488e-6, -1.8998939e-6}, 1e-10, 3.0508281e-6, 0.153757933588}};
  xp_gp_reference r = xp_gp_reference_new();
  xp_error error = {0};
  xp_assert_ok(xp_gp_condition(r.gp, xp_gp_reference_theta, &error), &error);
  const double target = (r.smallest - 0.01 - r.mean) / r.scale, kappa = 1.96;
  for (size_t i = 0; i < sizeof expected / sizeof *expected; ++i) {
    double mean, deviation, slopes[2][2], by_mean, by_deviation;
    xp_gp_predict(r.gp, expected[i].at, &mean, &deviation, slopes[0], slopes[1]);
    double value = xp_acquisition_value(XP_ACQUISITION_EI, target, kappa, mean, deviation, &by_mean, &by_deviation);
    xp_assert_close(r.scale * value / expected[i].improvement, 1.0, 1e-5);
    for (int d = 0; d < 2; ++d)
      xp_assert_close(r.scale * (by_mean * slopes[0][d] + by_deviation * slopes[1][d]),
                      expected[i].improvement_gradient[d], expected[i].gradient_tolerance);
    value = xp_acquisition_value(XP_ACQUISITION_LOG_EI, target, kappa, mean, deviation, NULL, NULL);
    xp_assert_close(r.scale * exp(value) / expected[i].improvement, 1.0, 1e-5);
    value = xp_acquisition_value(XP_ACQUISITION_PI, target, kappa, mean, deviation, NULL, NULL);
    xp_assert_close(value / expected[i].probability, 1.0, 1e-5);
    value = xp_acquisition_value(XP_ACQUISITION_LCB, target, kappa, mean, deviation, NULL, NULL);
    xp_assert_close(r.mean - r.scale * value, expected[i].bound, 1e-7);
  }
  xp_gp_free(r.gp);
}

/* Where doubles can still form the improvement itself, its logarithm agrees; beyond, it follows the asymptote
 * -z^2/2 - ln(z^2 sqrt(2 pi)) - 3/z^2. */
static void improvement_is_stable(void **state) {
  (void)state;
  for (double z = 3.0; z > -3.5; z -= 0.37) {
    double direct = exp(-0.5 * z * z) / sqrt(2.0 * M_PI) + z * 0.5 * erfc(-z / M_SQRT2);
    xp_assert_close(xp_improvement_log(0.1 * z, 0.0, 0.1, NULL, NULL), log(0.1 * direct), 1e-11);
  }
  for (double z = -50.0; z > -1e7; z *= 3.0) {
    double asymptote = -0.5 * z * z - log(z * z * sqrt(2.0 * M_PI)) - 3.0 / (z * z);
    xp_assert_close(xp_improvement_log(z, 0.0, 1.0, NULL, NULL), asymptote, 1e-5 + 1e-14 * z * z);
  }
  double below = xp_improvement_log(-4.0 - 1e-12, 0.0, 1.0, NULL, NULL);
  double above = xp_improvement_log(-4.0 + 1e-12, 0.0, 1.0, NULL, NULL);
  xp_assert_close(below, above, 1e-10);
}

static void improvement_gradient_is_the_derivative(void **state) {
  (void)state;
  const double step = 1e-6;
  for (double mean = -2.0; mean < 12.0; mean += 0.61) {
    double deviation = 0.7, by_mean, by_deviation;
    xp_improvement_log(0.0, mean, deviation, &by_mean, &by_deviation);
    double m = xp_improvement_log(0.0, mean + step, deviation, NULL, NULL) -
               xp_improvement_log(0.0, mean - step, deviation, NULL, NULL);
    double v = xp_improvement_log(0.0, mean, deviation + step, NULL, NULL) -
               xp_improvement_log(0.0, mean, deviation - step, NULL, NULL);
    xp_assert_close(by_mean, m / (2.0 * step), 1e-6 * (1.0 + fabs(by_mean)));
    xp_assert_close(by_deviation, v / (2.0 * step), 1e-6 * (1.0 + fabs(by_deviation)));
  }
}

static void gradients_are_the_derivatives(void **state) {
  (void)state;
  const double step = 1e-6, kappa = 1.3, deviation = 0.7;
  for (xp_acquisition a = XP_ACQUISITION_LOG_EI; a <= XP_ACQUISITION_LCB; ++a)
    for (double mean = -2.0; mean < 3.0; mean += 0.61) {
      double by_mean, by_deviation;
      xp_acquisition_value(a, 0.0, kappa, mean, deviation, &by_mean, &by_deviation);
      double m = xp_acquisition_value(a, 0.0, kappa, mean + step, deviation, NULL, NULL) -
                 xp_acquisition_value(a, 0.0, kappa, mean - step, deviation, NULL, NULL);
      double v = xp_acquisition_value(a, 0.0, kappa, mean, deviation + step, NULL, NULL) -
                 xp_acquisition_value(a, 0.0, kappa, mean, deviation - step, NULL, NULL);
      xp_assert_close(by_mean, m / (2.0 * step), 1e-7 * (1.0 + fabs(by_mean)));
      xp_assert_close(by_deviation, v / (2.0 * step), 1e-7 * (1.0 + fabs(by_deviation)));
    }
}

/* The logarithm of a probability: by erfc where that does not underflow, by the asymptote -z^2/2 - ln(-z sqrt(2 pi)) - 1/z^2
 * beyond, with its derivatives everywhere. */
static void log_probability_is_stable(void **state) {
  (void)state;
  const double step = 1e-6;
  for (double z = 5.0; z > -30.0; z -= 0.37) {
    double by_mean, by_deviation, value = xp_acquisition_log_probability(z, 0.0, 1.0, &by_mean, &by_deviation);
    xp_assert_close(value, log(0.5 * erfc(-z / M_SQRT2)), 1e-12 * (1.0 + z * z));
    double m = xp_acquisition_log_probability(z, step, 1.0, NULL, NULL) -
               xp_acquisition_log_probability(z, -step, 1.0, NULL, NULL);
    double v = xp_acquisition_log_probability(z, 0.0, 1.0 + step, NULL, NULL) -
               xp_acquisition_log_probability(z, 0.0, 1.0 - step, NULL, NULL);
    xp_assert_close(by_mean, m / (2.0 * step), 1e-6 * (1.0 + fabs(by_mean)));
    xp_assert_close(by_deviation, v / (2.0 * step), 1e-6 * (1.0 + fabs(by_deviation)));
  }
  for (double z = -100.0; z > -1e6; z *= 3.0)
    xp_assert_close(xp_acquisition_log_probability(z, 0.0, 1.0, NULL, NULL),
                    -0.5 * z * z - log(-z * sqrt(2.0 * M_PI)) - 1.0 / (z * z), 1e-7 + 1e-14 * z * z);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(acquisitions_agree_with_reference),
      cmocka_unit_test(improvement_is_stable),
      cmocka_unit_test(improvement_gradient_is_the_derivative),
      cmocka_unit_test(gradients_are_the_derivatives),
      cmocka_unit_test(log_probability_is_stable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
