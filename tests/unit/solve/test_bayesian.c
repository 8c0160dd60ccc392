/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evidence and automatic relevance determination. */
#include <math.h>

#include "dense.h"
#include "solve/regression.h"

enum { COLUMNS = 20, ROWS = 300 };
static const double NOISE = 0.1;

/* The first nrelevant coefficients are 1, 2, ...; the columns' sizes differ. */
static xp_dense make(uint64_t seed, int m, int n, int nrelevant, double noise) {
  xp_dense dense = xp_dense_random(seed, m, n, 4.0);
  xp_test_random random = {seed + 1000};
  for (int i = 0; i < m; ++i) {
    double *row = xp_dense_row(&dense, i);
    row[n] = noise * xp_dense_normal(&random);
    for (int c = 0; c < nrelevant; ++c) row[n] += (c + 1) * row[c];
  }
  return dense;
}

static xp_regression solve(const xp_dense *dense, xp_regression_method method, const bool *unpenalised) {
  xp_factor factor = xp_dense_factor(dense);
  xp_regression_options options = xp_regression_defaults(method, dense->m);
  xp_regression g;
  xp_error error = {0};
  options.unpenalised = unpenalised;
  xp_assert_ok(xp_regression_solve(&g, &factor, &options, &error), &error);
  xp_assert_close(g.residual, xp_dense_residual(dense, g.coefficients), 1e-9 * g.residual + 1e-20);
  xp_factor_clear(&factor);
  return g;
}

/* ln p(b) of a normal distribution with covariance noise + A A' / prior, columns of norm 1. */
static double direct_evidence(const xp_dense *dense, double noise, double prior) {
  int m = dense->m, n = dense->n;
  long double *covariance = calloc((size_t)m * (size_t)m, sizeof *covariance), *b = calloc((size_t)m, sizeof *b);
  assert_true(covariance && b);
  double norms[COLUMNS];
  for (int c = 0; c < n; ++c) norms[c] = xp_dense_column_norm(dense, c);
  for (int i = 0; i < m; ++i) {
    const double *row = xp_dense_row(dense, i);
    b[i] = row[n];
    for (int j = 0; j < m; ++j)
      for (int c = 0; c < n; ++c)
        covariance[i * m + j] += row[c] * xp_dense_row(dense, j)[c] / (norms[c] * norms[c] * prior);
    covariance[i * m + i] += noise;
  }
  double sum = -m * log(2.0 * M_PI) - xp_dense_eliminate(covariance, b, m, 1);
  for (int i = 0; i < m; ++i) sum -= (double)b[i] * xp_dense_row(dense, i)[n];
  free(covariance);
  free(b);
  return 0.5 * sum;
}

/* Golden section over the logarithm of the prior precision. */
static double best_prior(const xp_dense *dense, double noise, double low, double high) {
  const double ratio = 0.5 * (sqrt(5.0) - 1.0);
  double a = log(low), b = log(high);
  while (b - a > 1e-5) {
    double c = b - ratio * (b - a), d = a + ratio * (b - a);
    if (direct_evidence(dense, noise, exp(c)) > direct_evidence(dense, noise, exp(d)))
      b = d;
    else
      a = c;
  }
  return exp(0.5 * (a + b));
}

/* The evidence is that of the definition, a maximum of it, and the coefficients are those of its precisions. */
static void check_evidence(int m) {
  double penalty[COLUMNS], x[COLUMNS];
  xp_dense dense = make(1, m, COLUMNS, 3, 0.5);
  xp_regression g = solve(&dense, XP_REGRESSION_EVIDENCE, NULL);
  double prior = best_prior(&dense, g.noise_variance, 1e-8, 1e4);
  xp_assert_close(g.log_evidence, direct_evidence(&dense, g.noise_variance, prior), 1e-7);
  assert_true(direct_evidence(&dense, g.noise_variance * 1.01, prior) < g.log_evidence);
  assert_true(direct_evidence(&dense, g.noise_variance / 1.01, prior) < g.log_evidence);
  for (int c = 0; c < COLUMNS; ++c) penalty[c] = prior * g.noise_variance * pow(xp_dense_column_norm(&dense, c), 2);
  xp_dense_normal_equations(&dense, penalty, x);
  for (int c = 0; c < COLUMNS; ++c) xp_assert_close(g.coefficients[c], x[c], 1e-4 * (fabs(x[c]) + 1e-3));
  xp_assert_close(g.effective, xp_dense_effective(&dense, penalty), 1e-3);
  xp_regression_clear(&g);
  xp_dense_free(&dense);
}

static void test_evidence(void **state) {
  (void)state;
  check_evidence(50);
  check_evidence(12);
}

/* The estimate of a variance from k degrees of freedom has the relative deviation sqrt(2 / k). */
static void test_noise(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 5; ++seed)
    for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
      xp_dense dense = make(seed, ROWS, COLUMNS, 8, NOISE);
      xp_regression g = solve(&dense, (xp_regression_method)method, NULL);
      double variance = NOISE * NOISE;
      xp_assert_close(g.noise_variance, variance, 4.0 * sqrt(2.0 / (ROWS - COLUMNS)) * variance);
      for (int c = 0; c < COLUMNS; ++c) {
        double error = 5.0 * NOISE * sqrt(3.0 / ROWS) / pow(4.0, c % 4);
        xp_assert_close(g.coefficients[c], c < 8 ? c + 1 : 0.0, error);
      }
      xp_regression_clear(&g);
      xp_dense_free(&dense);
    }
}

static void test_no_signal(void **state) {
  (void)state;
  for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
    xp_dense dense = make(3, ROWS, COLUMNS, 0, 1.0);
    xp_regression g = solve(&dense, (xp_regression_method)method, NULL);
    assert_true(g.effective < 0.4 * COLUMNS);
    xp_assert_close(g.noise_variance, 1.0, 4.0 * sqrt(2.0 / ROWS));
    xp_regression_clear(&g);
    for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[COLUMNS] = 0.0;
    g = solve(&dense, (xp_regression_method)method, NULL);
    for (int c = 0; c < COLUMNS; ++c) xp_assert_close(g.coefficients[c], 0.0, 0.0);
    xp_regression_clear(&g);
    xp_dense_free(&dense);
  }
}

/* Data without noise: the solution is that of least squares. */
static void test_no_noise(void **state) {
  (void)state;
  for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
    xp_dense dense = make(4, ROWS, COLUMNS, 5, 0.0);
    xp_regression g = solve(&dense, (xp_regression_method)method, NULL);
    for (int c = 0; c < COLUMNS; ++c) xp_assert_close(g.coefficients[c], c < 5 ? c + 1 : 0.0, 1e-9);
    xp_regression_clear(&g);
    xp_dense_free(&dense);
  }
}

/* A coefficient without a prior takes up any offset; all others stay. */
static void test_unpenalised(void **state) {
  (void)state;
  const bool unpenalised[COLUMNS] = {[2] = true, [9] = true};
  const double offset = 1e4;
  for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
    xp_dense dense = make(5, ROWS, COLUMNS, 5, NOISE);
    for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[2] = 1.0;
    xp_regression g = solve(&dense, (xp_regression_method)method, unpenalised);
    for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[COLUMNS] += offset;
    xp_regression shifted = solve(&dense, (xp_regression_method)method, unpenalised);
    for (int c = 0; c < COLUMNS; ++c)
      xp_assert_close(shifted.coefficients[c], g.coefficients[c] + (c == 2 ? offset : 0.0), 1e-6);
    assert_true(g.coefficients[9] != 0.0);
    xp_assert_close(shifted.noise_variance, g.noise_variance, 1e-5 * g.noise_variance);
    xp_assert_close(shifted.effective, g.effective, 1e-3);
    xp_regression_clear(&g);
    xp_regression_clear(&shifted);
    xp_dense_free(&dense);
  }
}

/* All coefficients without a prior: plain least squares. Dependent or empty columns among them are harmless. */
static void test_all_unpenalised(void **state) {
  (void)state;
  bool unpenalised[COLUMNS];
  double x[COLUMNS], penalty[COLUMNS] = {[4] = 1.0};
  for (int c = 0; c < COLUMNS; ++c) unpenalised[c] = true;
  for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
    xp_dense dense = make(6, ROWS, COLUMNS, 3, NOISE);
    for (int i = 0; i < ROWS; ++i) xp_dense_row(&dense, i)[4] = 0.0;
    xp_dense_normal_equations(&dense, penalty, x);
    xp_regression g = solve(&dense, (xp_regression_method)method, unpenalised);
    for (int c = 0; c < COLUMNS; ++c) xp_assert_close(g.coefficients[c], x[c], 1e-10 * (fabs(x[c]) + 1.0));
    assert_int_equal(g.rank, COLUMNS - 1);
    xp_assert_close(g.noise_variance, g.residual / (ROWS - COLUMNS + 1), 1e-10);
    xp_regression_clear(&g);
    xp_dense_free(&dense);
  }
}

/* Columns 0 and 1 without a prior are empty and a copy of column 2: as if these two were not there. */
static void test_dependent_unpenalised(void **state) {
  (void)state;
  const bool some[COLUMNS] = {true, true, true}, one[COLUMNS - 2] = {true};
  for (int method = XP_REGRESSION_EVIDENCE; method <= XP_REGRESSION_ARD; ++method) {
    xp_dense dense = make(7, ROWS, COLUMNS, 7, NOISE), without = xp_dense_new(ROWS, COLUMNS - 2);
    for (int i = 0; i < ROWS; ++i) {
      double *row = xp_dense_row(&dense, i);
      row[0] = 0.0;
      row[1] = row[2];
      memcpy(xp_dense_row(&without, i), row + 2, (COLUMNS - 1) * sizeof *row);
    }
    xp_regression g = solve(&dense, (xp_regression_method)method, some),
                  expected = solve(&without, (xp_regression_method)method, one);
    xp_assert_close(g.coefficients[0], 0.0, 0.0);
    xp_assert_close(g.coefficients[1] + g.coefficients[2], expected.coefficients[0], 1e-6);
    for (int c = 3; c < COLUMNS; ++c) xp_assert_close(g.coefficients[c], expected.coefficients[c - 2], 1e-6);
    assert_int_equal(g.rank, expected.rank);
    xp_assert_close(g.noise_variance, expected.noise_variance, 1e-6 * g.noise_variance);
    xp_regression_clear(&g);
    xp_regression_clear(&expected);
    xp_dense_free(&dense);
    xp_dense_free(&without);
  }
}

static void test_relevance(void **state) {
  (void)state;
  enum { MANY = 60, RELEVANT = 5 };
  xp_dense dense = make(8, ROWS, MANY, RELEVANT, NOISE), kept = xp_dense_new(ROWS, RELEVANT);
  double x[RELEVANT];
  for (int i = 0; i < ROWS; ++i) {
    memcpy(xp_dense_row(&kept, i), xp_dense_row(&dense, i), RELEVANT * sizeof *x);
    xp_dense_row(&kept, i)[RELEVANT] = xp_dense_row(&dense, i)[MANY];
  }
  xp_dense_normal_equations(&kept, NULL, x);
  xp_regression ard = solve(&dense, XP_REGRESSION_ARD, NULL), evidence = solve(&dense, XP_REGRESSION_EVIDENCE, NULL);
  double far = 0.0, far_evidence = 0.0;
  int zeros = 0;
  for (int c = 0; c < MANY; ++c) {
    double truth = c < RELEVANT ? c + 1 : 0.0;
    zeros += ard.coefficients[c] == 0.0;
    far += pow(ard.coefficients[c] - truth, 2);
    far_evidence += pow(evidence.coefficients[c] - truth, 2);
  }
  assert_int_equal(zeros, ard.pruned);
  assert_in_range(ard.pruned, 2 * (MANY - RELEVANT) / 3, MANY - RELEVANT);
  for (int c = 0; c < RELEVANT; ++c) xp_assert_close(ard.coefficients[c], x[c], 2e-2);
  assert_true(far < 0.7 * far_evidence);
  assert_true(ard.log_evidence > evidence.log_evidence);
  assert_true(ard.iterations < 500);
  xp_regression_clear(&ard);
  xp_regression_clear(&evidence);
  xp_dense_free(&dense);
  xp_dense_free(&kept);
}

/* Columns orthogonal to each other decouple: with q = a.b, a of norm 1, the prior's best precision is infinite when q^2 is
 * below the noise variance v, and else such that the coefficient is q - v / q. */
static void test_orthogonal(void **state) {
  (void)state;
  xp_dense dense = xp_dense_new(ROWS, COLUMNS);
  xp_test_random random = {9};
  for (int i = 0; i < ROWS; ++i) {
    double *row = xp_dense_row(&dense, i);
    for (int c = 0; c < COLUMNS; ++c) row[c] = sqrt(2.0 / ROWS) * cos(M_PI * (c + 1) * (i + 0.5) / ROWS);
    row[COLUMNS] = xp_dense_normal(&random) + 8.0 * row[1] - 15.0 * row[12];
  }
  xp_regression g = solve(&dense, XP_REGRESSION_ARD, NULL);
  double log_evidence = -0.5 * ROWS * log(2.0 * M_PI * g.noise_variance), square = 0.0;
  for (int i = 0; i < ROWS; ++i) square += pow(xp_dense_row(&dense, i)[COLUMNS], 2);
  log_evidence -= 0.5 * square / g.noise_variance;
  for (int c = 0; c < COLUMNS; ++c) {
    double q = 0.0;
    for (int i = 0; i < ROWS; ++i) q += xp_dense_row(&dense, i)[c] * xp_dense_row(&dense, i)[COLUMNS];
    double ratio = q * q / g.noise_variance;
    xp_assert_close(g.coefficients[c], ratio > 1.0 ? q - g.noise_variance / q : 0.0, 1e-3);
    if (ratio > 1.0) log_evidence += 0.5 * (ratio - 1.0 - log(ratio));
  }
  xp_assert_close(g.log_evidence, log_evidence, 1e-3);
  xp_regression_clear(&g);
  xp_dense_free(&dense);
}

/* More coefficients than rows: no more of them are determined than there are rows, and the numbers stay sensible. */
static void test_few_rows(void **state) {
  (void)state;
  for (uint64_t seed = 10; seed < 30; ++seed) {
    xp_dense dense = make(seed, 8, COLUMNS, 2, seed % 2 ? 0.01 : 0.0);
    xp_regression evidence = solve(&dense, XP_REGRESSION_EVIDENCE, NULL), ard = solve(&dense, XP_REGRESSION_ARD, NULL);
    assert_true(evidence.effective > 0.0 && evidence.effective < 8.0 + 1e-9 && evidence.noise_variance > 0.0);
    assert_true(ard.effective > 0.0 && ard.effective < 8.0 + 1e-6 && ard.noise_variance > 0.0);
    assert_true(isfinite(evidence.log_evidence) && ard.log_evidence > evidence.log_evidence);
    xp_regression_clear(&evidence);
    xp_regression_clear(&ard);
    xp_dense_free(&dense);
  }
}

static void test_too_few_rows(void **state) {
  (void)state;
  const bool unpenalised[COLUMNS] = {true, true, true};
  xp_dense dense = make(11, 3, COLUMNS, 2, 0.01);
  xp_factor factor = xp_dense_factor(&dense);
  xp_regression_options options = xp_regression_defaults(XP_REGRESSION_EVIDENCE, dense.m);
  xp_regression g;
  xp_error error = {0};
  options.unpenalised = unpenalised;
  assert_int_equal(xp_regression_solve(&g, &factor, &options, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "3 rows are not enough to estimate the noise beside 3");
  xp_factor_clear(&factor);
  xp_dense_free(&dense);
}

static void test_same_bits(void **state) {
  (void)state;
  xp_dense dense = make(12, ROWS, COLUMNS, 4, NOISE);
  for (int method = XP_REGRESSION_QR; method <= XP_REGRESSION_ARD; ++method) {
    xp_regression a = solve(&dense, (xp_regression_method)method, NULL),
                  b = solve(&dense, (xp_regression_method)method, NULL);
    assert_memory_equal(a.coefficients, b.coefficients, COLUMNS * sizeof(double));
    xp_regression_clear(&a);
    xp_regression_clear(&b);
  }
  xp_dense_free(&dense);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_evidence),
      cmocka_unit_test(test_noise),
      cmocka_unit_test(test_no_signal),
      cmocka_unit_test(test_no_noise),
      cmocka_unit_test(test_unpenalised),
      cmocka_unit_test(test_all_unpenalised),
      cmocka_unit_test(test_dependent_unpenalised),
      cmocka_unit_test(test_relevance),
      cmocka_unit_test(test_orthogonal),
      cmocka_unit_test(test_few_rows),
      cmocka_unit_test(test_too_few_rows),
      cmocka_unit_test(test_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
