/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Solutions by normal equations against those by singular values, on descriptors of made-up structures and of published data,
 * for weights that differ by orders of magnitude. */
#include <cblas.h>
#include <math.h>

#include "data/data.h"
#include "fit/design.h"
#include "fit/solve.h"
#include "testing/testing.h"

enum { GROUPS_MOST = 8 };

typedef struct example {
  xp_dataset *set; /* of made-up structures; NULL: data are of a file */
  xp_data *data;
  xp_design *design;
} example;

static xp_design *describe(const xp_data *data, const char *element, int twojmax, double cutoff, int threads) {
  static const bool types[GROUPS_MOST][XP_ROW_TYPES] = {{true, true, false}, {true, true, false}, {true, true, false},
                                                        {true, true, false}, {true, true, false}, {true, true, false},
                                                        {true, true, false}, {true, true, false}};
  const double one = 0.5, zero = 0.0;
  xp_error error = {0};
  xp_symbol symbol = {0};
  xp_design *design;
  snprintf(symbol, sizeof symbol, "%s", element);
  xp_design_request request = {.data = data,
                               .elements = (const xp_symbol *)&symbol,
                               .reference = &zero,
                               .group = data->group,
                               .ngroups = data->ngroups,
                               .used = types,
                               .radelem = &one,
                               .wj = &one,
                               .nelements = 1,
                               .constant = true,
                               .threads = threads};
  xp_snap_parameters_default(&request.parameters);
  request.parameters.twojmax = twojmax;
  request.parameters.rcutfac = cutoff;
  request.parameters.quadraticflag = true;
  assert_true(data->ngroups <= GROUPS_MOST);
  xp_assert_ok(xp_design_new(&design, &request, NULL, &error), &error);
  return design;
}

/* Random positions, energies and forces; one group after the other. */
static xp_data *make_data(int count) {
  static const char *const symbols[] = {"Si"};
  xp_test_random random = {3};
  xp_error error = {0};
  xp_data *data = calloc(1, sizeof *data);
  assert_non_null(data);
  data->path = strdup("made-up");
  xp_assert_ok(xp_dataset_new(&data->set, &error), &error);
  for (int s = 0; s < count; ++s) {
    xp_structure *structure = xp_test_structure(&random, 3 + s % 4, 6.0, 1.8, symbols, 1);
    structure->has_energy = true;
    structure->energy = xp_test_uniform(&random, -5.0, -4.0) * structure->natoms;
    structure->forces = calloc((size_t)structure->natoms, sizeof *structure->forces);
    for (int i = 0; i < 3 * structure->natoms; ++i)
      structure->forces[i / 3][i % 3] = xp_test_uniform(&random, -1.0, 1.0);
    free(structure->config_type);
    structure->config_type = strdup(s % 3 ? "A" : "B");
    xp_assert_ok(xp_dataset_append(data->set, structure, &error), &error);
  }
  xp_assert_ok(xp_data_describe(data, &error), &error);
  return data;
}

static xp_solution solve(const xp_design *design, const double (*weights)[XP_ROW_TYPES], bool normal, int threads) {
  xp_design copy = *design;
  xp_solution solution;
  xp_error error = {0};
  xp_solve_request request = {.weights = weights, .rcond = 1e-13, .threads = threads};
  if (!normal) copy.normal = NULL;
  xp_assert_ok(xp_solve(&solution, &copy, &request, &error), &error);
  return solution;
}

/* Sum of squares of A x. */
static double square_of(const xp_factor *factor, const double *x) {
  int n = factor->columns - 1;
  double *v = calloc((size_t)(n + factor->nrows + 1), sizeof *v), square = 0.0;
  assert_non_null(v);
  if (factor->r) {
    cblas_dcopy(n, x, 1, v, 1);
    cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, factor->r, n + 1, v, 1);
    square = cblas_ddot(n, v, 1, v, 1);
  } else if (factor->nrows) {
    cblas_dgemv(CblasColMajor, CblasNoTrans, factor->nrows, n, 1.0, factor->block, factor->capacity, x, 1, 0.0, v, 1);
    square = cblas_ddot(factor->nrows, v, 1, v, 1);
  }
  free(v);
  return square;
}

/* The largest difference of predictions of a group and type, relative to the predictions. */
static double compare(const xp_design *design, const xp_solution *a, const xp_solution *b) {
  double worst = 0.0, *difference = calloc((size_t)a->columns, sizeof *difference);
  assert_non_null(difference);
  for (int c = 0; c < a->columns; ++c) difference[c] = a->coefficients[c] - b->coefficients[c];
  for (int g = 0; g < design->ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      double all = square_of(&design->factors[g][type], a->coefficients);
      if (all > 0.0) worst = fmax(worst, sqrt(square_of(&design->factors[g][type], difference) / all));
    }
  free(difference);
  return worst;
}

/* eweight 30 .. 15000, fweight 0.1 .. 100: the ranges of published searches. */
static void draw_weights(xp_test_random *random, double (*weights)[XP_ROW_TYPES]) {
  for (int g = 0; g < GROUPS_MOST; ++g) {
    weights[g][XP_ROW_ENERGY] = exp(xp_test_uniform(random, log(30.0), log(15000.0)));
    weights[g][XP_ROW_FORCE] = exp(xp_test_uniform(random, log(0.1), log(100.0)));
    weights[g][XP_ROW_VIRIAL] = 0.0;
  }
}

static void check_weights(const xp_design *design, int draws, const char *what) {
  double weights[GROUPS_MOST][XP_ROW_TYPES], worst = 0.0;
  xp_test_random random = {11};
  assert_non_null(design->normal);
  for (int k = 0; k < draws; ++k) {
    draw_weights(&random, weights);
    xp_solution fast = solve(design, (const double(*)[XP_ROW_TYPES])weights, true, 2);
    xp_solution slow = solve(design, (const double(*)[XP_ROW_TYPES])weights, false, 1);
    double difference = compare(design, &slow, &fast);
    worst = fmax(worst, difference);
    assert_int_equal(fast.rank, slow.rank);
    assert_true(memcmp(fast.coefficients, slow.coefficients, (size_t)fast.columns * sizeof(double)) != 0);
    assert_true(fast.condition > 0.2 * slow.condition && fast.condition < 1.01 * slow.condition);
    for (int type = 0; type < XP_ROW_VIRIAL; ++type) xp_assert_close(fast.rmse[type], slow.rmse[type], 1e-8);
    xp_solution_clear(&fast);
    xp_solution_clear(&slow);
  }
  print_message("%s: %d columns, condition about %.1g, predictions differ by %.1g at most\n", what,
                design->layout.columns, design->normal->condition, worst);
  assert_true(worst < 1e-8);
}

static void test_made_up(void **state) {
  (void)state;
  xp_data *data = make_data(300);
  xp_design *design = describe(data, "Si", 4, 4.0, 2);
  check_weights(design, 8, "made-up structures");
  xp_design_free(design);
  xp_data_free(data);
}

/* Weights of zero leave coefficients open, and so do few structures: then singular values decide, alone. */
static void test_undetermined(void **state) {
  (void)state;
  static const double energies[GROUPS_MOST][XP_ROW_TYPES] = {{100.0, 0.0, 0.0}, {50.0, 0.0, 0.0}};
  static const double both[GROUPS_MOST][XP_ROW_TYPES] = {{100.0, 1.0, 0.0}, {50.0, 2.0, 0.0}};
  const int counts[] = {100, 6};
  for (int k = 0; k < 2; ++k) {
    xp_data *data = make_data(counts[k]);
    xp_design *design = describe(data, "Si", 4, 4.0, 2);
    const double(*weights)[XP_ROW_TYPES] = k == 0 ? energies : both;
    xp_solution fast = solve(design, weights, true, 2), slow = solve(design, weights, false, 1);
    assert_true((k == 0) == (design->normal != NULL));
    assert_true(slow.rank < slow.columns);
    assert_memory_equal(fast.coefficients, slow.coefficients, (size_t)fast.columns * sizeof(double));
    xp_solution_clear(&fast);
    xp_solution_clear(&slow);
    xp_design_free(design);
    xp_data_free(data);
  }
}

/* Neither threads nor solutions before change a digit. */
static void test_same_digits(void **state) {
  (void)state;
  double weights[GROUPS_MOST][XP_ROW_TYPES], others[GROUPS_MOST][XP_ROW_TYPES];
  xp_test_random random = {5};
  draw_weights(&random, weights);
  draw_weights(&random, others);
  xp_data *data = make_data(150);
  xp_design *first = describe(data, "Si", 4, 4.0, 1);
  xp_solution expected = solve(first, (const double(*)[XP_ROW_TYPES])weights, true, 1);
  for (int threads = 1; threads < 5; ++threads) {
    xp_design *design = describe(data, "Si", 4, 4.0, threads);
    xp_solution other = solve(design, (const double(*)[XP_ROW_TYPES])others, true, threads);
    xp_solution solution = solve(design, (const double(*)[XP_ROW_TYPES])weights, true, threads);
    assert_memory_equal(solution.coefficients, expected.coefficients, (size_t)solution.columns * sizeof(double));
    xp_solution_clear(&other);
    xp_solution_clear(&solution);
    xp_design_free(design);
  }
  xp_solution_clear(&expected);
  xp_design_free(first);
  xp_data_free(data);
}

static void check_file(const char *name, const char *element, int twojmax, double cutoff) {
  xp_error error = {0};
  xp_data *data;
  char *path = xp_test_shared(name);
  if (!path) return;
  xp_assert_ok(xp_data_read(&data, path, NULL, &error), &error);
  xp_design *design = describe(data, element, twojmax, cutoff, 2);
  check_weights(design, 2, name);
  xp_design_free(design);
  xp_data_free(data);
  free(path);
}

static void test_silicon(void **state) {
  (void)state;
  check_file("data/mlearn/Si/train.xyz", "Si", 6, 4.9);
}

static void test_germanium(void **state) {
  (void)state;
  check_file("data/mlearn/Ge/train.xyz", "Ge", 6, 5.1);
}

static void test_molybdenum(void **state) {
  (void)state;
  check_file("data/mlearn/Mo/train.xyz", "Mo", 6, 5.2);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_made_up),     cmocka_unit_test(test_undetermined),
                                     cmocka_unit_test(test_same_digits), cmocka_unit_test(test_silicon),
                                     cmocka_unit_test(test_germanium),   cmocka_unit_test(test_molybdenum)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
