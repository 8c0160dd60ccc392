/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grades against their definition in plain double precision; on the active rows themselves; whatever else a call has. */
#include <math.h>

#include "grade_testing.h"
#include "kernel/kernel.h"

enum { ATOMS = 37 };
static const double CELL = 12.0;

static xp_potential *some_ace(int nelements, int ndensity, uint64_t seed) {
  const training_options options = {nelements, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, ndensity,
                                    seed};
  return grade_test_ace(training_basis(&options));
}

static xp_potential *some_snap(int twojmax, bool quadratic, uint64_t seed) {
  xp_test_random random = {seed};
  const snap_case which = {.name = "grade", .twojmax = twojmax, .nelements = 2, .quadratic = quadratic};
  return grade_test_snap(snap_case_model(&which, &random));
}

/* The definition; *scale is the largest sum of magnitudes, what rounding is measured by. */
static double define(int n, const double *row, const double *inverse, double *scale) {
  double gamma = 0.0;
  *scale = 0.0;
  for (int k = 0; k < n; ++k) {
    double sum = 0.0, magnitude = 0.0;
    for (int q = 0; q < n; ++q) {
      sum += row[q] * inverse[q * n + k];
      magnitude += fabs(row[q] * inverse[q * n + k]);
    }
    gamma = fmax(gamma, fabs(sum));
    *scale = fmax(*scale, magnitude);
  }
  return gamma;
}

static int place_of(const xp_active_set *set, const char *element) {
  int e = 0;
  while (strcmp(set->elements[e], element) != 0) ++e;
  return e;
}

static void assert_grades(const grade_case *c, const xp_active_set *set, xp_grade_form form) {
  grade_rows rows = grade_test_describe(c, &c->view, form);
  double *gamma = grade_test_grades(c, set, &c->view);
  for (int a = 0; a < c->view.natoms; ++a) {
    double scale;
    int place = place_of(set, c->elements[c->view.species[a]]);
    double expected = define(set->sizes[place], rows.rows + (size_t)a * rows.stride, set->inverses[place], &scale);
    xp_assert_close(gamma[a], expected, 1e-13 * scale);
  }
  free(gamma);
  free(rows.rows);
}

static void check_random(xp_potential *potential, xp_grade_form form, uint64_t seed) {
  grade_case c;
  grade_test_open(&c, potential, true, seed, ATOMS, CELL);
  xp_active_set *set = grade_test_random_set(&c, form, seed + 1);
  assert_grades(&c, set, form);
  xp_active_set_free(set);
  grade_test_close(&c);
}

static void grades_are_what_they_are_defined_as(void **state) {
  (void)state;
  check_random(some_ace(1, 1, 11), XP_GRADE_LINEAR, 111);
  check_random(some_ace(2, 2, 12), XP_GRADE_LINEAR, 112);
  check_random(some_ace(2, 2, 12), XP_GRADE_FULL, 113);
  check_random(some_ace(3, 1, 13), XP_GRADE_FULL, 114);
  check_random(some_snap(6, false, 14), XP_GRADE_LINEAR, 115);
  check_random(some_snap(4, true, 15), XP_GRADE_LINEAR, 116);
  check_random(some_snap(4, true, 15), XP_GRADE_FULL, 117);
}

/* Columns that are nearly alike cannot be told apart in single precision, nor those of a matrix whose numbers cancel. */
static void close_columns_are_told_apart(void **state) {
  (void)state;
  grade_case c;
  xp_test_random random = {21};
  grade_test_open(&c, some_ace(2, 1, 22), false, 23, ATOMS, CELL);
  xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 24);
  for (int e = 0; e < set->nelements; ++e)
    for (int q = 0, n = set->sizes[e]; q < n; ++q)
      for (int k = 1; k < n; ++k)
        set->inverses[e][q * n + k] = set->inverses[e][q * n] * (1.0 + 1e-9 * xp_test_uniform(&random, -1.0, 1.0));
  assert_grades(&c, set, XP_GRADE_LINEAR);
  xp_active_set_free(set);
  grade_test_close(&c);
}

/* Rows of an inverse larger or smaller than single precision holds. */
static void numbers_may_be_of_any_size(void **state) {
  (void)state;
  static const double scales[] = {1e-300, 1e-50, 1e-40, 1e-30, 1e30, 1e36, 1e50, 1e250};
  for (size_t s = 0; s < sizeof scales / sizeof *scales; ++s) {
    grade_case c;
    grade_test_open(&c, some_ace(2, 1, 31), false, 32, ATOMS, CELL);
    xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 33);
    for (int e = 0; e < set->nelements; ++e)
      for (int k = 0; k < set->sizes[e] * set->sizes[e]; ++k) set->inverses[e][k] *= scales[s];
    assert_grades(&c, set, XP_GRADE_LINEAR);
    xp_active_set_free(set);
    grade_test_close(&c);
  }
}

/* Makes column 0 of an inverse overflow in single precision for an atom that column 1 is larger for. */
static void overflow_one_column(int n, const double *row, double large, double *inverse) {
  int least = 0, most = 0;
  for (int q = 0; q < n; ++q) {
    if (row[q] != 0.0 && fabs(row[q]) < fabs(row[least])) least = q;
    if (fabs(row[q]) > fabs(row[most])) most = q;
  }
  for (int q = 0; q < n; ++q) inverse[q * n] = inverse[q * n + 1] = 0.0;
  inverse[least * n] = large;
  inverse[most * n + 1] = 30.0 * large * fabs(row[least] / row[most]);
}

static void an_overflowing_column_does_not_hide_the_largest(void **state) {
  (void)state;
  static const double larges[] = {1e30, 1e38, 1e39, 1e41, 1e45};
  for (size_t l = 0; l < sizeof larges / sizeof *larges; ++l) {
    grade_case c;
    grade_test_open(&c, some_ace(1, 1, 41), false, 42, ATOMS, CELL);
    xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 43);
    grade_rows rows = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
    overflow_one_column(set->sizes[0], rows.rows, larges[l], set->inverses[0]);
    assert_grades(&c, set, XP_GRADE_LINEAR);
    free(rows.rows);
    xp_active_set_free(set);
    grade_test_close(&c);
  }
}

/* Solves a x = b for all columns of b by Gauss and Jordan with pivots; both are destroyed, b becomes x. */
static void invert(int n, double *a, double *b) {
  for (int column = 0; column < n; ++column) {
    int pivot = column;
    for (int i = column; i < n; ++i)
      if (fabs(a[i * n + column]) > fabs(a[pivot * n + column])) pivot = i;
    assert_true(a[pivot * n + column] != 0.0);
    for (int j = 0; j < n; ++j) {
      double x = a[column * n + j], y = b[column * n + j];
      a[column * n + j] = a[pivot * n + j];
      b[column * n + j] = b[pivot * n + j];
      a[pivot * n + j] = x;
      b[pivot * n + j] = y;
    }
    double scale = 1.0 / a[column * n + column];
    for (int j = 0; j < n; ++j) {
      a[column * n + j] *= scale;
      b[column * n + j] *= scale;
    }
    for (int i = 0; i < n; ++i) {
      double factor = i == column ? 0.0 : a[i * n + column];
      for (int j = 0; j < n && factor != 0.0; ++j) {
        a[i * n + j] -= factor * a[column * n + j];
        b[i * n + j] -= factor * b[column * n + j];
      }
    }
  }
}

/* The grade of an atom of the active set is 1: its row times the inverse is a row of the unit matrix. */
static void active_atoms_have_the_grade_one(void **state) {
  (void)state;
  xp_test_random random = {51};
  grade_case c;
  const snap_case which = {.name = "one", .twojmax = 4, .nelements = 1};
  grade_test_open(&c, grade_test_snap(snap_case_model(&which, &random)), false, 52, ATOMS, 10.0);
  xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 53);
  grade_rows rows = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  int n = set->sizes[0];
  double *matrix = calloc((size_t)(n * n), sizeof *matrix);
  assert_non_null(matrix);
  assert_true(n <= ATOMS);
  for (int i = 0; i < n; ++i) {
    memcpy(matrix + i * n, rows.rows + (size_t)i * rows.stride, (size_t)n * sizeof *matrix);
    for (int j = 0; j < n; ++j) set->inverses[0][i * n + j] = i == j;
  }
  invert(n, matrix, set->inverses[0]);
  double *gamma = grade_test_grades(&c, set, &c.view);
  for (int i = 0; i < n; ++i) xp_assert_close(gamma[i], 1.0, 1e-6);
  free(gamma);
  free(matrix);
  free(rows.rows);
  xp_active_set_free(set);
  grade_test_close(&c);
}

static void check_alone(xp_potential *potential, xp_grade_form form, uint64_t seed) {
  xp_test_random random = {seed};
  grade_case c;
  grade_test_open(&c, potential, false, seed + 1, ATOMS, CELL);
  xp_active_set *set = grade_test_random_set(&c, form, seed + 2);
  double *all = grade_test_grades(&c, set, &c.view);
  for (int a = 0; a < ATOMS; ++a) {
    grade_alone alone;
    grade_test_alone(&alone, &c.view, a, &random);
    double *one = grade_test_grades(&c, set, &alone.view);
    assert_memory_equal(one, &all[a], sizeof *one);
    free(one);
    grade_test_alone_clear(&alone);
  }
  free(all);
  xp_active_set_free(set);
  grade_test_close(&c);
}

static void a_grade_depends_on_its_atom_alone(void **state) {
  (void)state;
  check_alone(some_ace(2, 2, 61), XP_GRADE_FULL, 62);
  check_alone(some_snap(6, false, 63), XP_GRADE_LINEAR, 64);
}

/* What is not finite must not look like a small grade. */
static void a_grade_is_finite_where_descriptors_are(void **state) {
  (void)state;
  grade_case c;
  grade_test_open(&c, some_snap(4, true, 71), false, 72, ATOMS, CELL);
  xp_snap_model *model = c.potential->snap;
  for (int e = 0; e < model->nelements; ++e) model->elements[e].wj = 1e200;
  xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 73);
  grade_rows rows = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  double *gamma = grade_test_grades(&c, set, &c.view);
  int overflowing = 0;
  for (int a = 0; a < ATOMS; ++a) {
    bool finite = true;
    for (int q = 0; q < rows.counts[c.view.species[a]]; ++q)
      finite = finite && isfinite(rows.rows[(size_t)a * rows.stride + (size_t)q]);
    assert_int_equal(isfinite(gamma[a]) != 0, finite);
    overflowing += !finite;
  }
  assert_true(overflowing > ATOMS / 2);
  free(rows.rows);
  free(gamma);
  xp_active_set_free(set);
  grade_test_close(&c);
}

static void assert_form(const grade_case *c, const xp_active_set *set, xp_grade_form form) {
  xp_error error = {0};
  xp_grade *grade = NULL;
  xp_assert_ok(xp_grade_new(&grade, c->potential, set, c->elements, c->nelements, &error), &error);
  assert_int_equal(xp_grade_form_of(grade), form);
  for (int e = 0; e < c->nelements; ++e)
    assert_int_equal(xp_grade_count(grade, e), set->sizes[place_of(set, c->elements[e])]);
  xp_grade_free(grade);
}

static void the_form_is_found_from_the_sizes(void **state) {
  (void)state;
  grade_case c;
  grade_test_open(&c, some_ace(2, 2, 81), true, 82, ATOMS, CELL);
  for (int form = XP_GRADE_LINEAR; form <= XP_GRADE_FULL; ++form) {
    xp_active_set *set = grade_test_random_set(&c, (xp_grade_form)form, 83);
    assert_form(&c, set, (xp_grade_form)form);
    xp_active_set_free(set);
  }
  grade_test_close(&c);
}

static void refuse(const grade_case *c, const xp_active_set *set, const char *sentence) {
  xp_error error = {0};
  xp_grade *grade = NULL;
  assert_int_equal(xp_grade_new(&grade, c->potential, set, c->elements, c->nelements, &error), XP_ERROR_INPUT);
  assert_null(grade);
  xp_assert_message(&error, sentence);
}

/* A set of sizes that are given. */
static xp_active_set *sized(const char *const *elements, int nelements, const int *sizes) {
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_assert_ok(xp_active_set_new(&set, nelements, elements, sizes, &error), &error);
  set->ordered = true;
  return set;
}

static void refuses_sets_of_another_potential(void **state) {
  (void)state;
  grade_case c;
  grade_test_open(&c, some_ace(2, 2, 91), false, 92, ATOMS, CELL);
  grade_rows linear = grade_test_describe(&c, &c.view, XP_GRADE_LINEAR);
  grade_rows full = grade_test_describe(&c, &c.view, XP_GRADE_FULL);
  const int mixed[] = {linear.counts[0], full.counts[1]}, wrong[] = {linear.counts[0], linear.counts[1] + 1};
  xp_active_set *set = sized(c.elements, 1, linear.counts);
  refuse(&c, set, "has nothing for element Ge");
  xp_active_set_free(set);
  set = sized(c.elements, 2, wrong);
  refuse(&c, set, "descriptors for element Ge, expected");
  xp_active_set_free(set);
  set = sized(c.elements, 2, mixed);
  refuse(&c, set, "linear for some elements and full for others");
  xp_active_set_free(set);
  free(linear.rows);
  free(full.rows);
  grade_test_close(&c);
}

static bool differ_in_lint_alone(const xp_ace_bfunction *a, const xp_ace_bfunction *b) {
  size_t bytes = (size_t)a->rank * sizeof(int);
  return a->rank == b->rank && memcmp(a->mus, b->mus, bytes) == 0 && memcmp(a->ns, b->ns, bytes) == 0 &&
         memcmp(a->ls, b->ls, bytes) == 0;
}

static bool has_ties(const xp_ace_basis *basis) {
  for (int e = 0; e < basis->nelements; ++e)
    for (int f = 1; f < basis->nfunctions[e]; ++f)
      if (differ_in_lint_alone(&basis->functions[e][f - 1], &basis->functions[e][f])) return true;
  return false;
}

/* All functions up to a rank of one element. */
static xp_potential *pure_ace(int nranks) {
  static const int nradmax[] = {2, 2, 2, 1}, lmax[] = {0, 2, 2, 2}, species[] = {0};
  const training_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 95};
  const xp_ace_block_request block = {0, 1, species, nranks, nradmax, lmax, -1, -1, XP_ACE_ORDER_POWER};
  xp_error error = {0};
  xp_ace_basis *basis = training_basis(&options);
  for (int f = 0; f < basis->nfunctions[0]; ++f) xp_ace_bfunction_clear(&basis->functions[0][f]);
  free(basis->functions[0]);
  basis->functions[0] = NULL;
  basis->nfunctions[0] = 0;
  free(basis->bonds[0].radcoefficients);
  basis->bonds[0].radcoefficients = NULL;
  basis->bonds[0].nradmax = basis->bonds[0].nradbasemax = 0;
  basis->bonds[0].lmax = -1;
  xp_assert_ok(xp_ace_basis_select(basis, &block, 1, &error), &error);
  return grade_test_ace(basis);
}

/* Files of other programs say nothing of the order of functions that differ in intermediate momenta alone. */
static void refuses_an_order_that_is_not_known(void **state) {
  (void)state;
  for (int nranks = 2; nranks <= 4; nranks += 2) {
    grade_case c;
    grade_test_open(&c, pure_ace(nranks), false, 96, ATOMS, CELL);
    xp_active_set *set = grade_test_random_set(&c, XP_GRADE_LINEAR, 97);
    assert_int_equal(has_ties(c.potential->basis), nranks == 4);
    assert_form(&c, set, XP_GRADE_LINEAR);
    set->ordered = false;
    if (nranks == 4)
      refuse(&c, set, "make the active set with xpot-opt active");
    else
      assert_form(&c, set, XP_GRADE_LINEAR);
    xp_active_set_free(set);
    grade_test_close(&c);
  }
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(grades_are_what_they_are_defined_as),
      cmocka_unit_test(close_columns_are_told_apart),
      cmocka_unit_test(numbers_may_be_of_any_size),
      cmocka_unit_test(an_overflowing_column_does_not_hide_the_largest),
      cmocka_unit_test(active_atoms_have_the_grade_one),
      cmocka_unit_test(a_grade_depends_on_its_atom_alone),
      cmocka_unit_test(a_grade_is_finite_where_descriptors_are),
      cmocka_unit_test(the_form_is_found_from_the_sizes),
      cmocka_unit_test(refuses_sets_of_another_potential),
      cmocka_unit_test(refuses_an_order_that_is_not_known),
  };
  if (argc == 2) xp_kernel_limit(atoi(argv[1]));
  return cmocka_run_group_tests(tests, NULL, NULL);
}
