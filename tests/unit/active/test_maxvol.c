/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exchanges of rows against determinants of all choices. */
#include <math.h>

#include "active/maxvol.h"
#include "testing/testing.h"

enum { N = 3, M = 9 };

static void random_rows(double (*rows)[N], uint64_t seed) {
  xp_test_random random = {seed};
  for (int i = 0; i < M; ++i)
    for (int q = 0; q < N; ++q) rows[i][q] = xp_test_uniform(&random, -1.0, 1.0);
}

static double volume(const double (*r)[N], const int *k) {
  const double *a = r[k[0]], *b = r[k[1]], *c = r[k[2]];
  return fabs(a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
              a[2] * (b[0] * c[1] - b[1] * c[0]));
}

static double largest_volume(const double (*rows)[N]) {
  double most = 0.0;
  for (int i = 0; i < M; ++i)
    for (int j = 0; j < i; ++j)
      for (int k = 0; k < j; ++k) most = fmax(most, volume(rows, (const int[]){i, j, k}));
  return most;
}

/* coordinates <- rows[m] of the candidates in those that are chosen. */
static void combine(const double (*rows)[N], const int *chosen, const int *candidates, int m, double *coordinates) {
  double square[N][N], inverse[N][N];
  xp_error error = {0};
  for (int k = 0; k < N; ++k) memcpy(square[k], rows[chosen[k]], sizeof square[k]);
  xp_assert_ok(xp_maxvol_invert(&square[0][0], N, &inverse[0][0], &error), &error);
  for (int i = 0; i < m; ++i)
    for (int k = 0; k < N; ++k) {
      double sum = 0.0;
      for (int q = 0; q < N; ++q) sum += rows[candidates[i]][q] * inverse[q][k];
      coordinates[i * N + k] = sum;
    }
}

/* From the pivots on: the volume grows with each exchange, coordinates stay those of the rows, and in the end no row lies
 * outside; the volume is then at least the largest one over N^(N/2). */
static void check_exchange(uint64_t seed, int threads) {
  double rows[M][N], coordinates[(M - N) * N], expected[(M - N) * N];
  int chosen[N], rest[M - N], nrest = 0, count;
  xp_error error = {0};
  random_rows(rows, seed);
  xp_assert_ok(xp_maxvol_pivots(&rows[0][0], M, N, chosen, &error), &error);
  for (int i = 0; i < M; ++i)
    if (i != chosen[0] && i != chosen[1] && i != chosen[2]) rest[nrest++] = i;
  assert_int_equal(nrest, M - N);
  combine((const double(*)[N])rows, chosen, rest, nrest, coordinates);
  xp_maxvol maxvol = {N, nrest, coordinates, chosen, rest};
  for (double before = volume((const double(*)[N])rows, chosen);;) {
    xp_assert_ok(xp_maxvol_exchange(&maxvol, 1.0 + 1e-9, 1, threads, &count, &error), &error);
    if (count == 0) break;
    double now = volume((const double(*)[N])rows, chosen);
    assert_true(now > before);
    before = now;
  }
  combine((const double(*)[N])rows, chosen, rest, nrest, expected);
  for (int i = 0; i < nrest * N; ++i) {
    xp_assert_close(coordinates[i], expected[i], 1e-12);
    assert_true(fabs(coordinates[i]) <= 1.0 + 1e-9);
  }
  assert_true(volume((const double(*)[N])rows, chosen) * pow(N, 0.5 * N) >= largest_volume((const double(*)[N])rows));
}

static void test_exchange(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 200; ++seed) check_exchange(seed, 1 + (int)(seed % 2));
}

/* Pivots of a matrix whose first rows are no use. */
static void test_pivots(void **state) {
  const double rows[6][2] = {{0.0, 0.0}, {1e-9, 1e-9}, {1.0, 2.0}, {2.0, 4.0}, {2.0, 4.0}, {0.5, -1.0}};
  int chosen[2];
  xp_error error = {0};
  (void)state;
  xp_assert_ok(xp_maxvol_pivots(&rows[0][0], 6, 2, chosen, &error), &error);
  assert_int_equal(chosen[0], 3);
  assert_int_equal(chosen[1], 5);
}

static void test_singular(void **state) {
  const double rows[2][2] = {{1.0, 2.0}, {2.0, 4.0}};
  double inverse[2][2];
  xp_error error = {0};
  (void)state;
  assert_int_equal(xp_maxvol_invert(&rows[0][0], 2, &inverse[0][0], &error), XP_ERROR_NUMERIC);
  xp_assert_message(&error, "linearly dependent");
}

/* Large enough for threads: the same bits with one and three. */
static void test_threads(void **state) {
  enum { n = 120, m = 2000 };
  double *one = calloc(2 * m * n, sizeof *one), *three = one + m * n;
  int labels[2][n + m], counts[2];
  xp_test_random random = {5};
  xp_error error = {0};
  (void)state;
  assert_non_null(one);
  for (int i = 0; i < m * n; ++i) one[i] = three[i] = xp_test_uniform(&random, -3.0, 3.0);
  for (int t = 0; t < 2; ++t) {
    for (int l = 0; l < n + m; ++l) labels[t][l] = l;
    xp_maxvol maxvol = {n, m, t ? three : one, labels[t], labels[t] + n};
    xp_assert_ok(xp_maxvol_exchange(&maxvol, 1.0 + 1e-7, 50, t ? 3 : 1, &counts[t], &error), &error);
  }
  assert_int_equal(counts[0], 50);
  assert_int_equal(counts[1], 50);
  assert_memory_equal(labels[0], labels[1], sizeof labels[0]);
  assert_memory_equal(one, three, m * n * sizeof *one);
  free(one);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_exchange), cmocka_unit_test(test_pivots),
                                     cmocka_unit_test(test_singular), cmocka_unit_test(test_threads)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
