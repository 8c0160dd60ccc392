/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The solution from factors against a plain dense solution of all rows. */
#include "fit/solve.h"

#include <lapacke.h>
#include <math.h>

#include "testing/testing.h"

enum { COLUMNS = 12, GROUPS = 2, MOST = 400 };

typedef struct problem {
  double rows[GROUPS][XP_ROW_TYPES][MOST][COLUMNS + 1];
  int counts[GROUPS][XP_ROW_TYPES];
  xp_design design;
  xp_factor factors[GROUPS][XP_ROW_TYPES];
} problem;

/* dependent: the last two columns are equal, so that only the minimum norm decides. */
static problem *make_problem(uint64_t seed, bool dependent) {
  problem *p = calloc(1, sizeof *p);
  assert_non_null(p);
  xp_test_random random = {seed};
  xp_error error = {0};
  p->design = (xp_design){.layout = {.columns = COLUMNS}, .ngroups = GROUPS, .factors = p->factors};
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      int count = p->counts[g][type] = type == XP_ROW_FORCE ? MOST - 13 * g : 5 + g;
      for (int i = 0; i < count; ++i) {
        double *row = p->rows[g][type][i];
        for (int c = 0; c <= COLUMNS; ++c) row[c] = pow(10.0, c % 5) * xp_test_uniform(&random, -1.0, 1.0);
        if (dependent) row[COLUMNS - 1] = row[COLUMNS - 2];
      }
      xp_factor_init(&p->factors[g][type], COLUMNS + 1, count);
      xp_assert_ok(xp_factor_add(&p->factors[g][type], p->rows[g][type][0], count, &error), &error);
      xp_assert_ok(xp_factor_finish(&p->factors[g][type], &error), &error);
    }
  return p;
}

static void free_problem(problem *p) {
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_factor_clear(&p->factors[g][type]);
  free(p);
}

/* Dense solution with columns scaled to norm 1 and the rows of a ridge below. */
static void solve_dense(const problem *p, const double weights[GROUPS][XP_ROW_TYPES], double ridge, double *x) {
  int most = GROUPS * XP_ROW_TYPES * MOST + COLUMNS, rows = 0, rank;
  double *a = calloc((size_t)most * COLUMNS, sizeof *a), *b = calloc((size_t)most, sizeof *b), singular[COLUMNS];
  double norms[COLUMNS] = {0};
  for (int g = 0; g < GROUPS; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type)
      for (int i = 0; i < p->counts[g][type]; ++i, ++rows) {
        for (int c = 0; c < COLUMNS; ++c) a[rows * COLUMNS + c] = weights[g][type] * p->rows[g][type][i][c];
        b[rows] = weights[g][type] * p->rows[g][type][i][COLUMNS];
      }
  for (int i = 0; i < rows * COLUMNS; ++i) norms[i % COLUMNS] += a[i] * a[i];
  for (int i = 0; i < rows * COLUMNS; ++i) a[i] /= sqrt(norms[i % COLUMNS]);
  for (int c = 0; c < COLUMNS; ++c, ++rows) a[rows * COLUMNS + c] = sqrt(ridge);
  assert_int_equal(LAPACKE_dgelsd(LAPACK_ROW_MAJOR, rows, COLUMNS, 1, a, COLUMNS, b, 1, singular, 1e-13, &rank), 0);
  for (int c = 0; c < COLUMNS; ++c) x[c] = b[c] / sqrt(norms[c]);
  free(a);
  free(b);
}

static void check(const problem *p, const double weights[GROUPS][XP_ROW_TYPES], double ridge, int rank) {
  double x[COLUMNS];
  xp_solution solution;
  xp_error error = {0};
  xp_solve_request request = {.weights = weights, .rcond = 1e-13, .ridge = ridge, .threads = 1};
  solve_dense(p, weights, ridge, x);
  xp_assert_ok(xp_solve(&solution, &p->design, &request, &error), &error);
  assert_int_equal(solution.rank, rank);
  for (int c = 0; c < COLUMNS; ++c) xp_assert_close(solution.coefficients[c], x[c], 1e-11 * (fabs(x[c]) + 1.0));
  for (int type = 0; type < XP_ROW_TYPES; ++type) {
    double sum = 0.0;
    int n = 0;
    for (int g = 0; g < GROUPS; ++g)
      for (int i = 0; i < p->counts[g][type]; ++i, ++n) {
        double r = -p->rows[g][type][i][COLUMNS];
        for (int c = 0; c < COLUMNS; ++c) r += p->rows[g][type][i][c] * x[c];
        sum += r * r;
      }
    xp_assert_close(solution.rmse[type], sqrt(sum / n), 1e-8 * sqrt(sum / n));
  }
  xp_solution_clear(&solution);
}

static const double even[GROUPS][XP_ROW_TYPES] = {{1.0, 1.0, 1.0}, {1.0, 1.0, 1.0}};
static const double uneven[GROUPS][XP_ROW_TYPES] = {{1000.0, 1.0, 1e-4}, {30.0, 0.2, 0.0}};

static void test_weights(void **state) {
  (void)state;
  problem *p = make_problem(1, false);
  check(p, even, 0.0, COLUMNS);
  check(p, uneven, 0.0, COLUMNS);
  free_problem(p);
}

static void test_minimum_norm(void **state) {
  (void)state;
  problem *p = make_problem(2, true);
  check(p, even, 0.0, COLUMNS - 1);
  check(p, uneven, 0.0, COLUMNS - 1);
  free_problem(p);
}

static void test_ridge(void **state) {
  (void)state;
  problem *p = make_problem(3, true);
  check(p, uneven, 1e-3, COLUMNS);
  free_problem(p);
}

static void test_nothing_to_fit(void **state) {
  (void)state;
  static const double none[GROUPS][XP_ROW_TYPES];
  problem *p = make_problem(4, false);
  xp_solution solution;
  xp_error error = {0};
  xp_solve_request request = {.weights = none, .rcond = 1e-13, .threads = 1};
  assert_int_equal(xp_solve(&solution, &p->design, &request, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "nothing to fit");
  free_problem(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_weights), cmocka_unit_test(test_minimum_norm),
                                     cmocka_unit_test(test_ridge), cmocka_unit_test(test_nothing_to_fit)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
