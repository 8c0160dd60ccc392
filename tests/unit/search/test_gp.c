/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "gp_reference.h"

static const bool continuous[8] = {false};

static void likelihood_agrees_with_reference(void **state) {
  (void)state;
  static const double expected[4] = {7.4890192773, 0.0842969875, -17.4112953206, -5.1398903815};
  xp_gp_reference r = xp_gp_reference_new();
  double value, gradient[4];
  xp_error error = {0};
  xp_assert_ok(xp_gp_likelihood(r.gp, xp_gp_reference_theta, &value, gradient, &error), &error);
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
  xp_gp_reference r = xp_gp_reference_new();
  xp_error error = {0};
  xp_assert_ok(xp_gp_condition(r.gp, xp_gp_reference_theta, &error), &error);
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

/* A process on random data in three real and one nominal dimension; the function varies fast in the first and not at all
 * in the third. */
enum { POINTS = 60, DIMS = 4 };

typedef struct synthetic {
  xp_gp *gp;
  double x[POINTS][DIMS], y[POINTS];
} synthetic;

static synthetic *synthetic_new(xp_kernel kernel, double noise) {
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
  xp_standardise(POINTS, s->y, &mean);
  xp_error error = {0};
  xp_assert_ok(xp_gp_new(&s->gp, kernel, POINTS, DIMS, &s->x[0][0], nominal, s->y, &error), &error);
  return s;
}

static void synthetic_free(synthetic *s) {
  xp_gp_free(s->gp);
  free(s);
}

static void compare_posterior_gradient(xp_gp *gp) {
  const xp_gp_priors priors = xp_gp_priors_default(DIMS);
  double theta[DIMS + 2] = {0.3, -5.0, -1.0, -0.3, 0.8, 0.2}, gradient[DIMS + 2], value, ends[2];
  const double step = 1e-5;
  xp_error error = {0};
  xp_assert_ok(xp_gp_posterior(gp, &priors, theta, &value, gradient, &error), &error);
  assert_int_equal(xp_gp_count_parameters(gp), DIMS + 2);
  for (int i = 0; i < DIMS + 2; ++i) {
    double kept = theta[i];
    for (int side = 0; side < 2; ++side) {
      theta[i] = kept + (side ? step : -step);
      xp_assert_ok(xp_gp_posterior(gp, &priors, theta, &ends[side], NULL, &error), &error);
    }
    theta[i] = kept;
    xp_assert_close(gradient[i], (ends[1] - ends[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(gradient[i])));
  }
}

static void posterior_gradient_is_the_derivative(void **state) {
  (void)state;
  for (xp_kernel kernel = XP_KERNEL_MATERN52; kernel <= XP_KERNEL_MATERN12; ++kernel) {
    synthetic *s = synthetic_new(kernel, 0.1);
    compare_posterior_gradient(s->gp);
    xp_gp_set_mean_deviation(s->gp, 0.3);
    compare_posterior_gradient(s->gp);
    synthetic_free(s);
  }
}

/* Far from all points the prediction is the mean; what the likelihood with a free mean adds to that of the targets less this
 * mean is the prior, and no other mean gives more. */
static void free_mean_is_the_most_likely(void **state) {
  (void)state;
  const double theta[DIMS + 2] = {0.1, -4.0, -1.5, -0.5, 0.5, -0.2}, far[DIMS] = {1e3, 1e3, 1e3, 0.0}, spread = 0.4;
  synthetic *s = synthetic_new(XP_KERNEL_MATERN52, 0.1);
  double value, mean, deviation, shifted[POINTS];
  const bool nominal[DIMS] = {false, false, false, true};
  xp_error error = {0};
  xp_gp_set_mean_deviation(s->gp, spread);
  xp_assert_ok(xp_gp_likelihood(s->gp, theta, &value, NULL, &error), &error);
  xp_gp_predict(s->gp, far, &mean, &deviation, NULL, NULL);
  assert_true(fabs(mean) > 1e-3);
  for (int trial = -1; trial <= 1; ++trial) {
    double shift = mean + 0.01 * trial, without;
    xp_gp *gp = NULL;
    for (int i = 0; i < POINTS; ++i) shifted[i] = s->y[i] - shift;
    xp_assert_ok(xp_gp_new(&gp, XP_KERNEL_MATERN52, POINTS, DIMS, &s->x[0][0], nominal, shifted, &error), &error);
    xp_assert_ok(xp_gp_likelihood(gp, theta, &without, NULL, &error), &error);
    without -= 0.5 * shift * shift / (spread * spread);
    if (trial == 0)
      xp_assert_close(value, without, 1e-10);
    else
      assert_true(value > without);
    xp_gp_free(gp);
  }
  synthetic_free(s);
}

static void compare_query_gradient(xp_gp *gp, double *at) {
  const double step = 1e-5;
  double mean, deviation, by_mean[DIMS], by_deviation[DIMS], m[2], v[2];
  xp_gp_predict(gp, at, &mean, &deviation, by_mean, by_deviation);
  for (int d = 0; d < 3; ++d) {
    double kept = at[d];
    for (int side = 0; side < 2; ++side) {
      at[d] = kept + (side ? step : -step);
      xp_gp_predict(gp, at, &m[side], &v[side], NULL, NULL);
    }
    at[d] = kept;
    xp_assert_close(by_mean[d], (m[1] - m[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(by_mean[d])));
    xp_assert_close(by_deviation[d], (v[1] - v[0]) / (2.0 * step), 1e-6 * (1.0 + fabs(by_deviation[d])));
  }
  xp_assert_close(by_mean[3], 0.0, 0.0);
}

static void query_gradients_are_the_derivatives(void **state) {
  (void)state;
  const xp_gp_priors priors = xp_gp_priors_default(DIMS);
  for (xp_kernel kernel = XP_KERNEL_MATERN52; kernel <= XP_KERNEL_MATERN12; ++kernel) {
    synthetic *s = synthetic_new(kernel, 0.1);
    xp_error error = {0};
    xp_assert_ok(xp_gp_fit(s->gp, &priors, NULL, &error), &error);
    xp_test_random random = {2};
    for (int query = 0; query < 20; ++query) {
      double at[DIMS] = {0, 0, 0, xp_test_integer(&random, 3)};
      for (int d = 0; d < 3; ++d) at[d] = xp_test_uniform(&random, 0.0, 1.0);
      compare_query_gradient(s->gp, at);
    }
    synthetic_free(s);
  }
}

/* Two points at distance r = 2 (lengths 1/2, coordinates 0 and 1), c = 1.5: the likelihood gives the kernel's value back, as
 * the determinant c^2 - k^2 of targets 0. */
static void kernels_are_known(void **state) {
  (void)state;
  static const double pi = 3.14159265358979323846;
  const double r = 2.0, expected[3] = {(1.0 + sqrt(5.0) * r + 5.0 * r * r / 3.0) * exp(-sqrt(5.0) * r),
                                       (1.0 + sqrt(3.0) * r) * exp(-sqrt(3.0) * r), exp(-r)};
  const double theta[3] = {log(1.5), -60.0, log(0.5)};
  for (xp_kernel kernel = XP_KERNEL_MATERN52; kernel <= XP_KERNEL_MATERN12; ++kernel) {
    xp_gp *gp = NULL;
    double value;
    xp_error error = {0};
    xp_assert_ok(xp_gp_new(&gp, kernel, 2, 1, (double[]){0.0, 1.0}, continuous, (double[]){0.0, 0.0}, &error), &error);
    xp_assert_ok(xp_gp_likelihood(gp, theta, &value, NULL, &error), &error);
    double determinant = exp(-2.0 * value - 2.0 * log(2.0 * pi));
    xp_assert_close(sqrt(1.5 * 1.5 - determinant) / 1.5, expected[kernel], 1e-8);
    xp_gp_free(gp);
  }
}

/* Where scikit-optimize's fit ends: likelihood, prediction, and no slope but that of the noise, which is at its bound. */
static void reference_optimum_is_one(void **state) {
  (void)state;
  const double theta[4] = {log(1.0309421), log(1e-5), log(0.1004306), log(0.3307444)};
  xp_gp_reference r = xp_gp_reference_new();
  double value, gradient[4], mean, deviation;
  xp_error error = {0};
  xp_assert_ok(xp_gp_likelihood(r.gp, theta, &value, gradient, &error), &error);
  xp_assert_close(value, -11.32770335, 1e-7);
  xp_assert_close(gradient[0], 0.0, 1e-4);
  xp_assert_close(gradient[2], 0.0, 1e-4);
  xp_assert_close(gradient[3], 0.0, 1e-4);
  assert_true(gradient[1] < 0.0);
  xp_gp_predict(r.gp, (double[]){0.6, 0.45}, &mean, &deviation, NULL, NULL);
  xp_assert_close(r.mean + r.scale * mean, 0.0363751436, 1e-7);
  xp_assert_close(r.scale * deviation, 0.0613572626, 1e-7);
  xp_gp_free(r.gp);
}

/* Flat priors within the bounds of scikit-optimize: its three starts end at -11.3277, ours find a higher maximum. */
static void fits_no_worse_than_the_reference(void **state) {
  (void)state;
  xp_gp_priors priors = xp_gp_priors_default(2);
  priors.amplitude.deviation = priors.noise.deviation = priors.length.deviation = INFINITY;
  priors.amplitude.low = priors.length.low = log(0.01);
  priors.amplitude.high = log(1000.0);
  priors.noise.low = log(1e-5);
  priors.noise.high = log(1e5);
  priors.length.high = log(100.0);
  xp_gp_reference r = xp_gp_reference_new();
  double theta[4], value, gradient[4];
  xp_error error = {0};
  xp_assert_ok(xp_gp_fit(r.gp, &priors, theta, &error), &error);
  xp_assert_ok(xp_gp_likelihood(r.gp, theta, &value, gradient, &error), &error);
  assert_true(value > -11.32770335);
  for (int i = 0; i < 4; ++i) xp_assert_close(gradient[i], 0.0, 0.01);
  xp_gp_free(r.gp);
}

/* Many queries at once, the points themselves, and the whitened rows say what single queries say. */
static void many_predictions_are_single_ones(void **state) {
  (void)state;
  const xp_gp_priors priors = xp_gp_priors_default(DIMS);
  enum { QUERIES = 300 };
  static double at[QUERIES][DIMS], means[QUERIES], deviations[QUERIES], fitted[POINTS];
  synthetic *s = synthetic_new(XP_KERNEL_MATERN52, 0.3);
  xp_error error = {0};
  xp_gp_set_mean_deviation(s->gp, 0.3);
  xp_assert_ok(xp_gp_fit(s->gp, &priors, NULL, &error), &error);
  xp_test_random random = {21};
  for (int i = 0; i < QUERIES; ++i) {
    for (int d = 0; d < 3; ++d) at[i][d] = xp_test_uniform(&random, 0.0, 1.0);
    at[i][3] = xp_test_integer(&random, 3);
  }
  xp_assert_ok(xp_gp_predict_many(s->gp, QUERIES, &at[0][0], means, deviations, &error), &error);
  for (int i = 0; i < QUERIES; ++i) {
    double mean, deviation;
    xp_gp_predict(s->gp, at[i], &mean, &deviation, NULL, NULL);
    xp_assert_close(means[i], mean, 1e-10);
    xp_assert_close(deviations[i], deviation, 1e-10);
  }
  xp_gp_fitted(s->gp, fitted);
  for (int i = 0; i < POINTS; ++i) {
    double mean, deviation;
    xp_gp_predict(s->gp, s->x[i], &mean, &deviation, NULL, NULL);
    xp_assert_close(fitted[i], mean, 1e-9);
  }
  synthetic_free(s);
}

/* Without noise the fitted process goes through its data and is sure of itself there, and only there. */
static void fitted_process_interpolates(void **state) {
  (void)state;
  const xp_gp_priors priors = xp_gp_priors_default(DIMS);
  synthetic *s = synthetic_new(XP_KERNEL_MATERN52, 0.0);
  xp_error error = {0};
  xp_assert_ok(xp_gp_fit(s->gp, &priors, NULL, &error), &error);
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
  const xp_gp_priors priors = xp_gp_priors_default(DIMS);
  double theta[DIMS + 2];
  xp_error error = {0};
  synthetic *s = synthetic_new(XP_KERNEL_MATERN52, 0.02);
  xp_assert_ok(xp_gp_fit(s->gp, &priors, theta, &error), &error);
  assert_true(theta[2] < theta[3]); /* sin(6x) varies faster than sin(2x) */
  assert_true(theta[3] < theta[4]); /* and that faster than nothing */
  double quiet = theta[1];
  synthetic_free(s);
  s = synthetic_new(XP_KERNEL_MATERN52, 0.6);
  xp_assert_ok(xp_gp_fit(s->gp, &priors, theta, &error), &error);
  assert_true(theta[1] > quiet + 2.0);
  synthetic_free(s);
}

/* The same point three times with different losses, and nothing else: still positive definite. */
static void repeated_points_are_no_harm(void **state) {
  (void)state;
  const xp_gp_priors priors = xp_gp_priors_default(2);
  double x[6] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, y[3] = {-1.0, 0.0, 1.0}, mean, deviation;
  xp_gp *gp = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_gp_new(&gp, XP_KERNEL_MATERN52, 3, 2, x, continuous, y, &error), &error);
  xp_assert_ok(xp_gp_fit(gp, &priors, NULL, &error), &error);
  xp_gp_predict(gp, x, &mean, &deviation, NULL, NULL);
  xp_assert_close(mean, 0.0, 1e-6);
  xp_gp_free(gp);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(likelihood_agrees_with_reference),
      cmocka_unit_test(predictions_agree_with_reference),
      cmocka_unit_test(posterior_gradient_is_the_derivative),
      cmocka_unit_test(free_mean_is_the_most_likely),
      cmocka_unit_test(query_gradients_are_the_derivatives),
      cmocka_unit_test(kernels_are_known),
      cmocka_unit_test(reference_optimum_is_one),
      cmocka_unit_test(fits_no_worse_than_the_reference),
      cmocka_unit_test(many_predictions_are_single_ones),
      cmocka_unit_test(fitted_process_interpolates),
      cmocka_unit_test(lengths_and_noise_are_recovered),
      cmocka_unit_test(repeated_points_are_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
