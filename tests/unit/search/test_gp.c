/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "search/gp.h"
#include "search/hammersley.h"
#include "search/improvement.h"
#include "search/targets.h"

static const bool continuous[8] = {false};

static double standardise(int count, double *y, double *mean) {
  double square = 0.0;
  *mean = 0.0;
  for (int i = 0; i < count; ++i) *mean += y[i] / count;
  for (int i = 0; i < count; ++i) square += (y[i] - *mean) * (y[i] - *mean) / count;
  for (int i = 0; i < count; ++i) y[i] = (y[i] - *mean) / sqrt(square);
  return sqrt(square);
}

/* Eight points with losses and fixed parameters, computed with scikit-optimize 0.10.2. */
typedef struct reference {
  xp_gp *gp;
  double mean, scale, smallest;
} reference;

static const double reference_theta[4] = {M_LN2, -6.90775527898213705, -M_LN2, -0.22314355131420976};

static reference reference_new(void) {
  double x[8][2], y[8];
  reference r = {.smallest = INFINITY};
  xp_error error = {0};
  xp_assert_ok(xp_hammersley_plain(8, 2, &x[0][0], &error), &error);
  for (int i = 0; i < 8; ++i) {
    y[i] = pow(x[i][0] - 0.3, 2) + 0.5 * pow(x[i][1] - 0.6, 2) + 0.1 * sin(7.0 * x[i][0]);
    r.smallest = fmin(r.smallest, y[i]);
  }
  r.scale = standardise(8, y, &r.mean);
  xp_assert_close(r.mean, 0.15433854254, 1e-10);
  xp_assert_close(r.scale, 0.10257464812, 1e-10);
  xp_assert_ok(xp_gp_new(&r.gp, 8, 2, &x[0][0], continuous, y, &error), &error);
  return r;
}

static void likelihood_agrees_with_reference(void **state) {
  (void)state;
  static const double expected[4] = {7.4890192773, 0.0842969875, -17.4112953206, -5.1398903815};
  reference r = reference_new();
  double value, gradient[4];
  xp_error error = {0};
  xp_assert_ok(xp_gp_likelihood(r.gp, reference_theta, &value, gradient, &error), &error);
  xp_assert_close(value, -16.64776564983, 1e-5);
  for (int i = 0; i < 4; ++i) xp_assert_close(gradient[i], expected[i], 1e-5);
  xp_gp_free(r.gp);
}

static void predictions_agree_with_reference(void **state) {
  (void)state;
  static const struct {
    double at[2], mean, deviation, mean_gradient[2], deviation_gradient[2];
  } expected[] = {
      {{0.4, 0.7},
       0.047719369888,
       0.008477580544,
       {-0.415923644837, 0.153078771572},
       {0.047743073729, -0.106844122468}},
      {{0.6, 0.45},
       0.014808802531,
       0.016642469190,
       {0.347091749674, -0.230827397032},
       {-0.079915814327, -0.042151434475}},
      {{0.9, 0.1}, 0.270143850305, 0.059380569754, {0.482823329620, 0.042889208487}, {0.181930191206, -0.122688164241}},
  };
  reference r = reference_new();
  xp_error error = {0};
  xp_assert_ok(xp_gp_condition(r.gp, reference_theta, &error), &error);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; ++i) {
    double mean, deviation, by_mean[2], by_deviation[2];
    xp_gp_predict(r.gp, expected[i].at, &mean, &deviation, by_mean, by_deviation);
    xp_assert_close(r.mean + r.scale * mean, expected[i].mean, 1e-7);
    xp_assert_close(r.scale * deviation, expected[i].deviation, 1e-7);
    for (int d = 0; d < 2; ++d) {
      xp_assert_close(r.scale * by_mean[d], expected[i].mean_gradient[d], 1e-6);
      xp_assert_close(r.scale * by_deviation[d], expected[i].deviation_gradient[d], 1e-6);
    }
  }
  xp_gp_free(r.gp);
}

static void improvement_agrees_with_reference(void **state) {
  (void)state;
  static const struct {
    double at[2], improvement;
  } expected[] = {{{0.6, 0.45}, 0.002017646122}, {{0.9, 0.1}, 3.6854642e-8}};
  reference r = reference_new();
  xp_error error = {0};
  xp_assert_ok(xp_gp_condition(r.gp, reference_theta, &error), &error);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; ++i) {
    double mean, deviation;
    xp_gp_predict(r.gp, expected[i].at, &mean, &deviation, NULL, NULL);
    double target = (r.smallest - 0.01 - r.mean) / r.scale;
    double found = r.scale * exp(xp_improvement_log(target, mean, deviation, NULL, NULL));
    xp_assert_close(found / expected[i].improvement, 1.0, 1e-5);
  }
  xp_gp_free(r.gp);
}

/* A process on random data in three real and one nominal dimension; the function varies fast in the first and not at all
 * in the third. */
enum { POINTS = 60, DIMS = 4 };

typedef struct synthetic {
  xp_gp *gp;
  double x[POINTS][DIMS], y[POINTS];
} synthetic;

static synthetic *synthetic_new(double noise) {
  static const bool nominal[DIMS] = {false, false, false, true};
  synthetic *s = calloc(1, sizeof *s);
  assert_non_null(s);
  xp_test_random random = {11};
  for (int i = 0; i < POINTS; ++i) {
    for (int d = 0; d < 3; ++d) s->x[i][d] = xp_test_uniform(&random, 0.0, 1.0);
    s->x[i][3] = xp_test_integer(&random, 3);
    s->y[i] = sin(6.0 * s->x[i][0]) + sin(2.0 * s->x[i][1]) + (s->x[i][3] == 1.0 ? 1.0 : 0.0) +
              noise * xp_test_uniform(&random, -1.0, 1.0);
  }
  double mean;
  standardise(POINTS, s->y, &mean);
  xp_error error = {0};
  xp_assert_ok(xp_gp_new(&s->gp, POINTS, DIMS, &s->x[0][0], nominal, s->y, &error), &error);
  return s;
}

static void synthetic_free(synthetic *s) {
  xp_gp_free(s->gp);
  free(s);
}

static void posterior_gradient_is_the_derivative(void **state) {
  (void)state;
  synthetic *s = synthetic_new(0.1);
  double theta[DIMS + 2] = {0.3, -5.0, -1.0, -0.3, 0.8, 0.2}, gradient[DIMS + 2], value, ends[2];
  const double step = 1e-5;
  xp_error error = {0};
  xp_assert_ok(xp_gp_posterior(s->gp, theta, &value, gradient, &error), &error);
  assert_int_equal(xp_gp_count_parameters(s->gp), DIMS + 2);
  for (int i = 0; i < DIMS + 2; ++i) {
    double kept = theta[i];
    for (int side = 0; side < 2; ++side) {
      theta[i] = kept + (side ? step : -step);
      xp_assert_ok(xp_gp_posterior(s->gp, theta, &ends[side], NULL, &error), &error);
    }
    theta[i] = kept;
    xp_assert_close(gradient[i], (ends[1] - ends[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(gradient[i])));
  }
  synthetic_free(s);
}

static void query_gradients_are_the_derivatives(void **state) {
  (void)state;
  synthetic *s = synthetic_new(0.1);
  xp_error error = {0};
  xp_assert_ok(xp_gp_fit(s->gp, NULL, &error), &error);
  xp_test_random random = {2};
  const double step = 1e-5;
  for (int query = 0; query < 20; ++query) {
    double at[DIMS] = {0, 0, 0, xp_test_integer(&random, 3)};
    for (int d = 0; d < 3; ++d) at[d] = xp_test_uniform(&random, 0.0, 1.0);
    double mean, deviation, by_mean[DIMS], by_deviation[DIMS], m[2], v[2];
    xp_gp_predict(s->gp, at, &mean, &deviation, by_mean, by_deviation);
    for (int d = 0; d < 3; ++d) {
      double kept = at[d];
      for (int side = 0; side < 2; ++side) {
        at[d] = kept + (side ? step : -step);
        xp_gp_predict(s->gp, at, &m[side], &v[side], NULL, NULL);
      }
      at[d] = kept;
      xp_assert_close(by_mean[d], (m[1] - m[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(by_mean[d])));
      xp_assert_close(by_deviation[d], (v[1] - v[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(by_deviation[d])));
    }
    xp_assert_close(by_mean[3], 0.0, 0.0);
  }
  synthetic_free(s);
}

/* Without noise the fitted process goes through its data and is sure of itself there, and only there. */
static void fitted_process_interpolates(void **state) {
  (void)state;
  synthetic *s = synthetic_new(0.0);
  xp_error error = {0};
  xp_assert_ok(xp_gp_fit(s->gp, NULL, &error), &error);
  for (int i = 0; i < POINTS; ++i) {
    double mean, deviation;
    xp_gp_predict(s->gp, s->x[i], &mean, &deviation, NULL, NULL);
    xp_assert_close(mean, s->y[i], 0.01);
    xp_assert_close(deviation, 0.0, 0.02);
  }
  double mean, deviation;
  xp_gp_predict(s->gp, (double[]){-3.0, 0.5, 0.5, 0.0}, &mean, &deviation, NULL, NULL);
  assert_true(deviation > 0.3);
  synthetic_free(s);
}

static void lengths_and_noise_are_recovered(void **state) {
  (void)state;
  double theta[DIMS + 2];
  xp_error error = {0};
  synthetic *s = synthetic_new(0.02);
  xp_assert_ok(xp_gp_fit(s->gp, theta, &error), &error);
  assert_true(theta[2] < theta[3]); /* sin(6x) varies faster than sin(2x) */
  assert_true(theta[3] < theta[4]); /* and that faster than nothing */
  double quiet = theta[1];
  synthetic_free(s);
  s = synthetic_new(0.6);
  xp_assert_ok(xp_gp_fit(s->gp, theta, &error), &error);
  assert_true(theta[1] > quiet + 2.0);
  synthetic_free(s);
}

/* The same point three times with different losses, and nothing else: still positive definite. */
static void repeated_points_are_no_harm(void **state) {
  (void)state;
  double x[6] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, y[3] = {-1.0, 0.0, 1.0}, mean, deviation;
  xp_gp *gp = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_gp_new(&gp, 3, 2, x, continuous, y, &error), &error);
  xp_assert_ok(xp_gp_fit(gp, NULL, &error), &error);
  xp_gp_predict(gp, x, &mean, &deviation, NULL, NULL);
  xp_assert_close(mean, 0.0, 1e-6);
  xp_gp_free(gp);
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

/* Order is kept, the unit and zero of the loss do not matter, failed trials are as bad as the worst. */
static void targets_keep_order(void **state) {
  (void)state;
  double losses[7] = {3.0, 1.0, NAN, 500.0, 2.0, 1e6, 4.0}, scaled[7], a[7], b[7], mean = 0.0, square = 0.0;
  xp_error error = {0};
  xp_assert_ok(xp_targets_make(7, losses, a, &error), &error);
  assert_true(a[1] < a[4] && a[4] < a[0] && a[0] < a[6] && a[6] < a[3] && a[3] < a[5]);
  xp_assert_close(a[2], a[5], 0.0);
  assert_true(a[5] - a[3] < 3.0 * (a[3] - a[0])); /* a million is not two thousand times as far as 500 */
  for (int i = 0; i < 7; ++i) {
    mean += a[i] / 7.0;
    square += a[i] * a[i] / 7.0;
    scaled[i] = -7.0 + 0.25 * losses[i];
  }
  xp_assert_close(mean, 0.0, 1e-12);
  xp_assert_close(square, 1.0, 1e-12);
  xp_assert_ok(xp_targets_make(7, scaled, b, &error), &error);
  for (int i = 0; i < 7; ++i) xp_assert_close(a[i], b[i], 1e-9);
  double equal[3] = {2.0, NAN, 2.0};
  xp_assert_ok(xp_targets_make(3, equal, a, &error), &error);
  for (int i = 0; i < 3; ++i) xp_assert_close(a[i], 0.0, 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(likelihood_agrees_with_reference),
      cmocka_unit_test(predictions_agree_with_reference),
      cmocka_unit_test(improvement_agrees_with_reference),
      cmocka_unit_test(posterior_gradient_is_the_derivative),
      cmocka_unit_test(query_gradients_are_the_derivatives),
      cmocka_unit_test(fitted_process_interpolates),
      cmocka_unit_test(lengths_and_noise_are_recovered),
      cmocka_unit_test(repeated_points_are_no_harm),
      cmocka_unit_test(improvement_is_stable),
      cmocka_unit_test(improvement_gradient_is_the_derivative),
      cmocka_unit_test(targets_keep_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
