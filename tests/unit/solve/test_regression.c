/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Least squares by singular values and by normal equations. */
#include "solve/regression.h"

#include <math.h>

#include "dense.h"

enum { COLUMNS = 12, ROWS = 90 };
static const xp_regression_method both[] = {XP_REGRESSION_QR, XP_REGRESSION_CHOLESKY};

static xp_regression solve(const xp_dense *dense, xp_regression_method method, const double *penalty) {
  xp_factor factor = xp_dense_factor(dense);
  xp_regression_options options = xp_regression_defaults(method, dense->m);
  xp_regression regression;
  xp_error error = {0};
  options.penalty = penalty;
  xp_assert_ok(xp_regression_solve(&regression, &factor, &options, &error), &error);
  xp_assert_close(regression.residual, xp_dense_residual(dense, regression.coefficients),
                  1e-9 * regression.residual + 1e-20);
  xp_factor_clear(&factor);
  return regression;
}

static void check_against_dense(const xp_dense *dense, const double *penalty, double tolerance) {
  double x[COLUMNS];
  xp_dense_normal_equations(dense, penalty, x);
  for (int method = 0; method < 2; ++method) {
    xp_regression g = solve(dense, both[method], penalty);
    assert_int_equal(g.rank, COLUMNS);
    assert_true(g.jitter == 0.0 && g.pruned == 0);
    for (int i = 0; i < COLUMNS; ++i) xp_assert_close(g.coefficients[i], x[i], tolerance * (fabs(x[i]) + 1e-6));
    xp_assert_close(g.effective, xp_dense_effective(dense, penalty), 1e-9 * COLUMNS);
    xp_assert_close(g.noise_variance, g.residual / (dense->m - g.effective), 1e-12 * g.noise_variance);
    assert_true(isnan(g.log_evidence));
    xp_regression_clear(&g);
  }
}

static void test_plain(void **state) {
  (void)state;
  xp_dense dense = xp_dense_random(1, ROWS, COLUMNS, 30.0);
  check_against_dense(&dense, NULL, 1e-10);
  xp_dense_free(&dense);
}

static void test_penalty(void **state) {
  (void)state;
  double penalty[COLUMNS];
  xp_dense dense = xp_dense_random(2, ROWS, COLUMNS, 30.0);
  for (int i = 0; i < COLUMNS; ++i) penalty[i] = i % 3 == 0 ? 0.0 : pow(10.0, i % 5 - 1);
  check_against_dense(&dense, penalty, 1e-10);
  xp_dense_free(&dense);
}

static void test_penalty_with_few_rows(void **state) {
  (void)state;
  double penalty[COLUMNS];
  xp_dense dense = xp_dense_random(3, 5, COLUMNS, 3.0);
  for (int i = 0; i < COLUMNS; ++i) penalty[i] = 0.1 + i;
  check_against_dense(&dense, penalty, 1e-10);
  xp_dense_free(&dense);
}

/* A penalty beyond all bounds takes a column out and leaves the accuracy of the others alone. */
static void test_penalty_limits(void **state) {
  (void)state;
  double penalty[COLUMNS] = {0}, zeros[COLUMNS] = {0}, x[COLUMNS];
  xp_dense dense = xp_dense_random(4, ROWS, COLUMNS, 10.0), without = xp_dense_new(ROWS, COLUMNS - 1);
  penalty[COLUMNS - 1] = 1e25;
  for (int i = 0; i < ROWS; ++i) {
    memcpy(xp_dense_row(&without, i), xp_dense_row(&dense, i), (COLUMNS - 1) * sizeof *x);
    xp_dense_row(&without, i)[COLUMNS - 1] = xp_dense_row(&dense, i)[COLUMNS];
  }
  xp_dense_normal_equations(&without, NULL, x);
  for (int method = 0; method < 2; ++method) {
    xp_regression g = solve(&dense, both[method], penalty), plain = solve(&dense, both[method], zeros);
    for (int i = 0; i < COLUMNS - 1; ++i) xp_assert_close(g.coefficients[i], x[i], 1e-10 * (fabs(x[i]) + 1e-6));
    xp_assert_close(g.coefficients[COLUMNS - 1], 0.0, 1e-18);
    xp_assert_close(g.effective, COLUMNS - 1, 1e-9);
    xp_assert_close(plain.effective, COLUMNS, 1e-9);
    xp_regression_clear(&g);
    xp_regression_clear(&plain);
  }
  xp_dense_free(&dense);
  xp_dense_free(&without);
}

/* Two equal columns: the smallest norm shares the coefficient; with a jitter it is shared too. */
static void test_dependent_columns(void **state) {
  (void)state;
  double x[COLUMNS];
  xp_dense dense = xp_dense_random(5, ROWS, COLUMNS, 1.0);
  for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[7] = 0.0;
  xp_dense kept = xp_dense_new(ROWS, COLUMNS);
  memcpy(kept.rows, dense.rows, sizeof(double) * ROWS * (COLUMNS + 1));
  double penalty[COLUMNS] = {[7] = 1.0};
  xp_dense_normal_equations(&kept, penalty, x);
  for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[7] = xp_dense_row(&dense, i)[2];
  for (int method = 0; method < 2; ++method) {
    xp_regression g = solve(&dense, both[method], NULL);
    bool qr = both[method] == XP_REGRESSION_QR;
    assert_int_equal(g.rank, qr ? COLUMNS - 1 : COLUMNS);
    assert_true(qr ? g.jitter == 0.0 : g.jitter > 0.0 && g.jitter < 1e-10);
    xp_assert_close(g.effective, COLUMNS - 1, qr ? 0.0 : 1e-3);
    xp_assert_close(g.coefficients[2], 0.5 * x[2], qr ? 1e-12 : 1e-4);
    xp_assert_close(g.coefficients[7], 0.5 * x[2], qr ? 1e-12 : 1e-4);
    xp_assert_close(g.residual, xp_dense_residual(&kept, x), 1e-9 * g.residual);
    xp_regression_clear(&g);
  }
  xp_dense_free(&kept);
  xp_dense_free(&dense);
}

static void test_few_rows(void **state) {
  (void)state;
  xp_dense dense = xp_dense_random(6, 5, COLUMNS, 2.0);
  xp_regression qr = solve(&dense, XP_REGRESSION_QR, NULL), cholesky = solve(&dense, XP_REGRESSION_CHOLESKY, NULL);
  assert_int_equal(qr.rank, 5);
  xp_assert_close(qr.residual, 0.0, 1e-24);
  assert_true(isnan(qr.noise_variance));
  assert_true(cholesky.jitter > 0.0);
  xp_assert_close(cholesky.residual, 0.0, 1e-18);
  for (int i = 0; i < COLUMNS; ++i) xp_assert_close(cholesky.coefficients[i], qr.coefficients[i], 1e-5);
  xp_regression_clear(&qr);
  xp_regression_clear(&cholesky);
  xp_dense_free(&dense);
}

/* A column of zeros, as of an element without data, gets 0 and harms nothing. */
static void test_zero_column(void **state) {
  (void)state;
  double penalty[COLUMNS] = {[4] = 1.0}, x[COLUMNS];
  xp_dense dense = xp_dense_random(7, ROWS, COLUMNS, 10.0);
  for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[4] = 0.0;
  xp_dense_normal_equations(&dense, penalty, x);
  for (int method = 0; method < 2; ++method) {
    xp_regression g = solve(&dense, both[method], NULL);
    assert_true(g.jitter == 0.0);
    for (int i = 0; i < COLUMNS; ++i) xp_assert_close(g.coefficients[i], x[i], 1e-10 * (fabs(x[i]) + 1e-3));
    xp_regression_clear(&g);
  }
  xp_dense_free(&dense);
}

/* What rcond promises: no normal matrix that is worse conditioned is used as it is. */
static void test_rcond_of_normal_matrix(void **state) {
  (void)state;
  xp_dense dense = xp_dense_random(8, ROWS, COLUMNS, 1.0);
  xp_test_random random = {8};
  for (int i = 0; i < ROWS; ++i)
    xp_dense_row(&dense, i)[1] = xp_dense_row(&dense, i)[0] + 1e-3 * xp_test_uniform(&random, -1.0, 1.0);
  xp_factor factor = xp_dense_factor(&dense);
  xp_regression_options options = xp_regression_defaults(XP_REGRESSION_CHOLESKY, ROWS);
  xp_regression g;
  xp_error error = {0};
  xp_assert_ok(xp_regression_solve(&g, &factor, &options, &error), &error);
  assert_true(g.jitter == 0.0 && g.condition > 1e3 && g.condition < 1e5);
  xp_regression_clear(&g);
  options.rcond = 1e-6;
  xp_assert_ok(xp_regression_solve(&g, &factor, &options, &error), &error);
  assert_true(g.jitter > 1e-6 && g.condition < 1e3);
  xp_regression_clear(&g);
  options.rcond = 0.9;
  assert_int_equal(xp_regression_solve(&g, &factor, &options, &error), XP_ERROR_NUMERIC);
  xp_assert_message(&error, "use the QR method");
  assert_null(g.coefficients);
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_not_finite(void **state) {
  (void)state;
  xp_dense dense = xp_dense_random(9, ROWS, COLUMNS, 1.0);
  xp_dense_row(&dense, 3)[5] = NAN;
  xp_factor factor = xp_dense_factor(&dense);
  for (int method = XP_REGRESSION_QR; method <= XP_REGRESSION_ARD; ++method) {
    xp_regression_options options = xp_regression_defaults((xp_regression_method)method, ROWS);
    xp_regression g;
    xp_error error = {0};
    assert_int_equal(xp_regression_solve(&g, &factor, &options, &error), XP_ERROR_NUMERIC);
    assert_null(g.coefficients);
  }
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_factor_is_kept(void **state) {
  (void)state;
  xp_dense dense = xp_dense_random(10, ROWS, COLUMNS, 5.0);
  xp_factor factor = xp_dense_factor(&dense), again = xp_dense_factor(&dense);
  xp_error error = {0};
  xp_assert_ok(xp_factor_triangulate(&factor, &error), &error);
  xp_assert_ok(xp_factor_triangulate(&again, &error), &error);
  for (int method = XP_REGRESSION_QR; method <= XP_REGRESSION_ARD; ++method) {
    xp_regression_options options = xp_regression_defaults((xp_regression_method)method, ROWS);
    xp_regression g;
    xp_assert_ok(xp_regression_solve(&g, &factor, &options, &error), &error);
    assert_memory_equal(factor.r, again.r, sizeof(double) * (COLUMNS + 1) * (COLUMNS + 1));
    xp_regression_clear(&g);
  }
  xp_factor_clear(&factor);
  xp_factor_clear(&again);
  xp_dense_free(&dense);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain),
      cmocka_unit_test(test_penalty),
      cmocka_unit_test(test_penalty_with_few_rows),
      cmocka_unit_test(test_penalty_limits),
      cmocka_unit_test(test_dependent_columns),
      cmocka_unit_test(test_few_rows),
      cmocka_unit_test(test_zero_column),
      cmocka_unit_test(test_rcond_of_normal_matrix),
      cmocka_unit_test(test_not_finite),
      cmocka_unit_test(test_factor_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
