/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dense.h"

#include <math.h>

xp_dense xp_dense_new(int m, int n) {
  xp_dense dense = {.m = m, .n = n, .rows = calloc((size_t)m * (size_t)(n + 1), sizeof(double))};
  assert_non_null(dense.rows);
  return dense;
}

void xp_dense_free(xp_dense *dense) {
  free(dense->rows);
}

double *xp_dense_row(const xp_dense *dense, int row) {
  return dense->rows + (size_t)row * (size_t)(dense->n + 1);
}

xp_dense xp_dense_random(uint64_t seed, int m, int n, double spread) {
  xp_dense dense = xp_dense_new(m, n);
  xp_test_random random = {seed};
  for (int i = 0; i < m; ++i)
    for (int c = 0; c <= n; ++c) xp_dense_row(&dense, i)[c] = pow(spread, c % 4) * xp_test_uniform(&random, -1.0, 1.0);
  return dense;
}

xp_factor xp_dense_factor(const xp_dense *dense) {
  xp_factor factor;
  xp_error error = {0};
  xp_factor_init(&factor, dense->n + 1, dense->m);
  xp_assert_ok(xp_factor_add(&factor, dense->rows, dense->m, &error), &error);
  xp_assert_ok(xp_factor_finish(&factor, &error), &error);
  return factor;
}

double xp_dense_residual(const xp_dense *dense, const double *x) {
  long double sum = 0.0;
  for (int i = 0; i < dense->m; ++i) {
    const double *row = xp_dense_row(dense, i);
    long double r = -row[dense->n];
    for (int c = 0; c < dense->n; ++c) r += (long double)row[c] * x[c];
    sum += r * r;
  }
  return (double)sum;
}

double xp_dense_column_norm(const xp_dense *dense, int column) {
  double sum = 0.0;
  for (int i = 0; i < dense->m; ++i) sum += xp_dense_row(dense, i)[column] * xp_dense_row(dense, i)[column];
  return sqrt(sum);
}

static void swap_rows(long double *matrix, int columns, int a, int b) {
  for (int c = 0; c < columns && a != b; ++c) {
    long double t = matrix[a * columns + c];
    matrix[a * columns + c] = matrix[b * columns + c];
    matrix[b * columns + c] = t;
  }
}

double xp_dense_eliminate(long double *matrix, long double *b, int n, int nrhs) {
  double log_determinant = 0.0;
  for (int k = 0; k < n; ++k) {
    int pivot = k;
    for (int i = k + 1; i < n; ++i)
      if (fabsl(matrix[i * n + k]) > fabsl(matrix[pivot * n + k])) pivot = i;
    swap_rows(matrix, n, k, pivot);
    swap_rows(b, nrhs, k, pivot);
    log_determinant += (double)logl(fabsl(matrix[k * n + k]));
    for (int i = 0; i < n; ++i) {
      long double factor = i == k ? 0.0L : matrix[i * n + k] / matrix[k * n + k];
      for (int c = k; c < n; ++c) matrix[i * n + c] -= factor * matrix[k * n + c];
      for (int c = 0; c < nrhs; ++c) b[i * nrhs + c] -= factor * b[k * nrhs + c];
    }
  }
  for (int i = 0; i < n; ++i)
    for (int c = 0; c < nrhs; ++c) b[i * nrhs + c] /= matrix[i * n + i];
  return log_determinant;
}

/* A'A + P, and A'[A | b]. */
static void form(const xp_dense *dense, const double *penalty, long double *matrix, long double *right) {
  int n = dense->n;
  for (int a = 0; a < n; ++a)
    for (int c = 0; c <= n; ++c) {
      long double sum = 0.0L;
      for (int i = 0; i < dense->m; ++i) sum += (long double)xp_dense_row(dense, i)[a] * xp_dense_row(dense, i)[c];
      right[a * (n + 1) + c] = sum;
      if (c < n) matrix[a * n + c] = sum + (penalty && a == c ? penalty[a] : 0.0);
    }
}

/* solution[n][n + 1]: (A'A + P)^-1 A'[A | b]; caller frees. */
static long double *solve_all(const xp_dense *dense, const double *penalty) {
  size_t n = (size_t)dense->n;
  long double *matrix = calloc(n * n, sizeof *matrix), *right = calloc(n * (n + 1), sizeof *right);
  assert_true(matrix && right);
  form(dense, penalty, matrix, right);
  xp_dense_eliminate(matrix, right, dense->n, dense->n + 1);
  free(matrix);
  return right;
}

void xp_dense_normal_equations(const xp_dense *dense, const double *penalty, double *x) {
  long double *all = solve_all(dense, penalty);
  for (int i = 0; i < dense->n; ++i) x[i] = (double)all[i * (dense->n + 1) + dense->n];
  free(all);
}

double xp_dense_effective(const xp_dense *dense, const double *penalty) {
  long double *all = solve_all(dense, penalty), sum = 0.0L;
  for (int i = 0; i < dense->n; ++i) sum += all[i * (dense->n + 1) + i];
  free(all);
  return (double)sum;
}

double xp_dense_normal(xp_test_random *random) {
  double u = xp_test_uniform(random, 1e-300, 1.0), angle = xp_test_uniform(random, 0.0, 2.0 * M_PI);
  return sqrt(-2.0 * log(u)) * cos(angle);
}
