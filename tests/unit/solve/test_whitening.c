/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whitening and damped steps against explicit matrices. */
#include "solve/whitening.h"

#include <math.h>

#include "dense.h"
#include "solve/damping.h"

enum { N = 17, ROWS = 60 };
static const double LAMBDA = 0.37;

static double scale_of(int i) {
  return 0.5 + 0.25 * (i % 5);
}

static void find_scales(double *scales) {
  for (int i = 0; i < N; ++i) scales[i] = scale_of(i);
}

static xp_factor triangle(const xp_dense *dense) {
  xp_factor factor = xp_dense_factor(dense);
  xp_error error = {0};
  xp_assert_ok(xp_factor_triangulate(&factor, &error), &error);
  return factor;
}

/* (A'A + lambda D^2)[a][b]. */
static double damped(const xp_dense *dense, double lambda, int a, int b) {
  double sum = a == b ? lambda * scale_of(a) * scale_of(a) : 0.0;
  for (int i = 0; i < dense->m; ++i) sum += xp_dense_row(dense, i)[a] * xp_dense_row(dense, i)[b];
  return sum;
}

/* U^-1 U^-T is the inverse of the damped matrix, so their product must be 1; and U^-T is the transpose of U^-1. */
static void check_whitening(uint64_t seed, int rows, double lambda) {
  double scales[N], inverse[N][N], transposed[N][N];
  xp_dense dense = xp_dense_random(seed, rows, N, 3.0);
  xp_factor factor = triangle(&dense);
  xp_whitening whitening;
  xp_error error = {0};
  find_scales(scales);
  xp_assert_ok(xp_whitening_make(&whitening, factor.r, N + 1, N, lambda, scales, &error), &error);
  for (int i = 0; i < N; ++i) {
    for (int c = 0; c < N; ++c) inverse[i][c] = transposed[i][c] = i == c;
    xp_whitening_apply(&whitening, inverse[i]);
    xp_whitening_apply_transposed(&whitening, transposed[i]);
  }
  for (int a = 0; a < N; ++a)
    for (int b = 0; b < N; ++b) {
      double sum = 0.0;
      xp_assert_close(inverse[a][b], transposed[b][a], 1e-12);
      for (int c = 0; c < N; ++c)
        for (int k = 0; k < N; ++k) sum += damped(&dense, lambda, a, c) * inverse[k][c] * inverse[k][b];
      xp_assert_close(sum, a == b, 1e-8);
    }
  xp_whitening_clear(&whitening);
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_inverse(void **state) {
  (void)state;
  check_whitening(1, ROWS, LAMBDA);
  check_whitening(2, ROWS, 0.0);
  check_whitening(3, 4, LAMBDA);
}

static void test_singular(void **state) {
  (void)state;
  double scales[N];
  xp_dense dense = xp_dense_random(4, ROWS, N, 1.0);
  for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[6] = 0.0;
  xp_factor factor = triangle(&dense);
  xp_whitening whitening;
  xp_error error = {0};
  find_scales(scales);
  assert_int_equal(xp_whitening_make(&whitening, factor.r, N + 1, N, 0.0, scales, &error), XP_ERROR_NUMERIC);
  xp_assert_message(&error, "larger damping");
  assert_null(whitening.u);
  xp_assert_ok(xp_whitening_make(&whitening, factor.r, N + 1, N, 1e-12, scales, &error), &error);
  xp_whitening_clear(&whitening);
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

/* The matrix is not squared: a damping far below the rounding of R'R still counts. */
static void test_small_damping(void **state) {
  (void)state;
  const double r[4] = {1.0, 0.0, 1.0, 0.0}, scales[2] = {1.0, 1.0}, lambda = 1e-20;
  double v[2] = {0.0, 1.0};
  xp_whitening whitening;
  xp_error error = {0};
  xp_assert_ok(xp_whitening_make(&whitening, r, 2, 2, lambda, scales, &error), &error);
  xp_whitening_apply(&whitening, v);
  /* U = [1 1; 0 sqrt(2 lambda)] to first order. */
  xp_assert_close(fabs(v[1]), 1.0 / sqrt(2.0 * lambda), 1e-5 / sqrt(lambda));
  xp_whitening_clear(&whitening);
}

/* The target column of a dense problem is b; the step's residuals are R x + z, so that z = b turns the sign. */
static void check_step(uint64_t seed, int rows, double lambda) {
  double scales[N], penalty[N], x[N], step[N], zero[N] = {0}, negative[N], predicted;
  xp_dense dense = xp_dense_random(seed, rows, N, 2.0);
  xp_factor factor = xp_dense_factor(&dense);
  xp_error error = {0};
  find_scales(scales);
  for (int i = 0; i < N; ++i) penalty[i] = lambda * scales[i] * scales[i];
  xp_dense_normal_equations(&dense, penalty, x);
  xp_assert_ok(xp_damped_step(step, &predicted, &factor, lambda, scales, &error), &error);
  for (int i = 0; i < N; ++i) {
    xp_assert_close(step[i], -x[i], 1e-10);
    negative[i] = -step[i];
  }
  double before = xp_dense_residual(&dense, zero);
  xp_assert_close(predicted, before - xp_dense_residual(&dense, negative), 1e-10 * before);
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_step(void **state) {
  (void)state;
  check_step(5, ROWS, LAMBDA);
  check_step(6, ROWS, 0.0);
  check_step(7, 4, LAMBDA);
  check_step(8, ROWS, 1e9);
}

static void test_singular_step(void **state) {
  (void)state;
  double scales[N], step[N], predicted;
  xp_dense dense = xp_dense_random(9, 4, N, 1.0);
  xp_factor factor = xp_dense_factor(&dense);
  xp_error error = {0};
  find_scales(scales);
  assert_int_equal(xp_damped_step(step, &predicted, &factor, 0.0, scales, &error), XP_ERROR_NUMERIC);
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_damping(void **state) {
  (void)state;
  xp_damping damping = xp_damping_start(1.0);
  assert_false(xp_damping_update(&damping, -1.0, 1.0));
  xp_assert_close(damping.lambda, 2.0, 0.0);
  assert_false(xp_damping_update(&damping, NAN, 1.0));
  xp_assert_close(damping.lambda, 8.0, 0.0);
  assert_true(xp_damping_update(&damping, 0.5, 1.0));
  xp_assert_close(damping.lambda, 8.0, 0.0);
  assert_true(xp_damping_update(&damping, 1.0, 1.0));
  xp_assert_close(damping.lambda, 8.0 / 3.0, 1e-15);
  assert_false(xp_damping_update(&damping, 0.0, 1.0));
  xp_assert_close(damping.lambda, 16.0 / 3.0, 1e-15);
  assert_true(xp_damping_update(&damping, 0.1, 1.0));
  assert_true(damping.lambda > 16.0 / 3.0 && damping.lambda < 32.0 / 3.0);
}

/* Exponentials y = p0 exp(-p1 t) + p2: the steps and the rule find the parameters that made the data. */
static double curve(const double *p, double t) {
  return p[0] * exp(-p[1] * t) + p[2];
}

static void fill(xp_dense *jacobian, const double *p, const double *truth) {
  for (int i = 0; i < jacobian->m; ++i) {
    double t = 0.1 * i, *row = xp_dense_row(jacobian, i);
    row[0] = exp(-p[1] * t);
    row[1] = -p[0] * t * exp(-p[1] * t);
    row[2] = 1.0;
    row[3] = curve(p, t) - curve(truth, t);
  }
}

static double square_of_residuals(const double *p, const double *truth, int rows) {
  double sum = 0.0;
  for (int i = 0; i < rows; ++i) sum += pow(curve(p, 0.1 * i) - curve(truth, 0.1 * i), 2);
  return sum;
}

static void test_loop(void **state) {
  (void)state;
  const double truth[3] = {2.0, 0.7, 0.3}, scales[3] = {1.0, 1.0, 1.0};
  double p[3] = {0.5, 5.0, 0.0}, trial[3], step[3], predicted;
  xp_dense jacobian = xp_dense_new(ROWS, 3);
  xp_damping damping = xp_damping_start(1e-2);
  xp_error error = {0};
  for (int i = 0; i < 60; ++i) {
    fill(&jacobian, p, truth);
    xp_factor factor = xp_dense_factor(&jacobian);
    xp_assert_ok(xp_damped_step(step, &predicted, &factor, damping.lambda, scales, &error), &error);
    for (int k = 0; k < 3; ++k) trial[k] = p[k] + step[k];
    double decrease = square_of_residuals(p, truth, ROWS) - square_of_residuals(trial, truth, ROWS);
    if (xp_damping_update(&damping, decrease, predicted)) memcpy(p, trial, sizeof p);
    xp_factor_clear(&factor);
  }
  for (int k = 0; k < 3; ++k) xp_assert_close(p[k], truth[k], 1e-7);
  xp_dense_free(&jacobian);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_inverse), cmocka_unit_test(test_singular),      cmocka_unit_test(test_small_damping),
      cmocka_unit_test(test_step),    cmocka_unit_test(test_singular_step), cmocka_unit_test(test_damping),
      cmocka_unit_test(test_loop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
