/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A factor says the same as the rows it was made of. */
#include "fit/factor.h"

#include <math.h>

#include "testing/testing.h"

enum { COLUMNS = 37 };

static double *random_rows(xp_test_random *random, int rows, int columns) {
  double *numbers = malloc(sizeof *numbers * (size_t)rows * (size_t)columns);
  assert_non_null(numbers);
  for (int i = 0; i < rows * columns; ++i) numbers[i] = xp_test_uniform(random, -1.0, 1.0);
  return numbers;
}

static double direct_residual(const double *rows, int nrows, const double *x) {
  double sum = 0.0;
  for (int i = 0; i < nrows; ++i) {
    const double *row = rows + (size_t)i * COLUMNS;
    double r = -row[COLUMNS - 1];
    for (int c = 0; c < COLUMNS - 1; ++c) r += row[c] * x[c];
    sum += r * r;
  }
  return sum;
}

static void check_residual(const xp_factor *factor, const double *rows, int nrows, double scale,
                           xp_test_random *random) {
  double x[COLUMNS - 1], square;
  xp_error error = {0};
  for (int c = 0; c < COLUMNS - 1; ++c) x[c] = xp_test_uniform(random, -1.0, 1.0);
  xp_assert_ok(xp_factor_residual(factor, x, &square, &error), &error);
  double expected = scale * scale * direct_residual(rows, nrows, x);
  xp_assert_close(square, expected, 1e-12 * expected);
}

/* expected: what the factor is told about the number of rows, which may be wrong. */
static void check_rows(int nrows, int expected, int step) {
  xp_test_random random = {(uint64_t)nrows};
  xp_error error = {0};
  double *rows = random_rows(&random, nrows, COLUMNS);
  xp_factor factor;
  xp_factor_init(&factor, COLUMNS, expected);
  for (int i = 0; i < nrows; i += step) {
    int count = nrows - i < step ? nrows - i : step;
    xp_assert_ok(xp_factor_add(&factor, rows + (size_t)i * COLUMNS, count, &error), &error);
  }
  xp_assert_ok(xp_factor_finish(&factor, &error), &error);
  assert_int_equal(factor.total, nrows);
  check_residual(&factor, rows, nrows, 1.0, &random);
  xp_factor_clear(&factor);
  free(rows);
}

static void test_any_number_of_rows(void **state) {
  (void)state;
  check_rows(1, 1, 1);
  check_rows(COLUMNS - 1, COLUMNS - 1, 5);
  check_rows(COLUMNS, COLUMNS, 7);
  check_rows(COLUMNS + 1, COLUMNS + 1, 3);
  check_rows(500, 500, 11);
  check_rows(2500, 2500, 2500);
  check_rows(500, 10, 64);
  check_rows(5, 2500, 5);
}

/* Every combination of few and many rows on both sides. */
static void test_merge(void **state) {
  (void)state;
  const int sizes[] = {0, 4, 30, 200};
  const double scale = 3.5;
  xp_error error = {0};
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) {
      xp_test_random random = {(uint64_t)(10 * a + b)};
      int na = sizes[a], nb = sizes[b];
      double *rows = random_rows(&random, na + nb + 1, COLUMNS);
      xp_factor left, right;
      xp_factor_init(&left, COLUMNS, na);
      xp_factor_init(&right, COLUMNS, nb);
      xp_assert_ok(xp_factor_add(&left, rows, na, &error), &error);
      xp_assert_ok(xp_factor_add(&right, rows + (size_t)na * COLUMNS, nb, &error), &error);
      xp_assert_ok(xp_factor_finish(&left, &error), &error);
      xp_assert_ok(xp_factor_finish(&right, &error), &error);
      xp_assert_ok(xp_factor_merge(&left, &right, scale, &error), &error);
      for (int i = na * COLUMNS; i < (na + nb) * COLUMNS; ++i) rows[i] *= scale;
      assert_int_equal(left.total, na + nb);
      check_residual(&left, rows, na + nb, 1.0, &random);
      xp_assert_ok(xp_factor_triangulate(&left, &error), &error);
      check_residual(&left, rows, na + nb, 1.0, &random);
      xp_factor_clear(&left);
      xp_factor_clear(&right);
      free(rows);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_number_of_rows), cmocka_unit_test(test_merge)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
