/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Active sets of a small SNAP potential of two elements. */
#include <math.h>

#include "active/active.h"
#include "active/grades.h"
#include "active/start.h"
#include "testing/testing.h"
#include "xpot/snap.h"

static const char *const ELEMENTS[] = {"Si", "C"};
enum { NELEMENTS = 2, TWOJMAX = 4 };
#define CUTOFF 3.5

static xp_potential *make_potential(bool quadratic) {
  xp_error error = {0};
  xp_snap_parameters parameters = {.twojmax = TWOJMAX, .quadraticflag = quadratic};
  xp_snap_model *model = NULL;
  xp_potential *potential = calloc(1, sizeof *potential);
  assert_non_null(potential);
  xp_assert_ok(xp_snap_model_new(&model, NELEMENTS, xp_snap_ncoeff(&parameters, NELEMENTS), &error), &error);
  model->parameters.twojmax = TWOJMAX;
  model->parameters.rcutfac = CUTOFF;
  model->parameters.quadraticflag = quadratic;
  for (int e = 0; e < NELEMENTS; ++e) {
    model->elements[e].radelem = 0.5;
    model->elements[e].wj = 1.0 - 0.4 * e;
    strcpy(model->elements[e].symbol, ELEMENTS[e]);
  }
  *potential = (xp_potential){.kind = XP_KIND_SNAP, .snap = model};
  return potential;
}

/* Random crystals of the first nelements elements. */
static xp_data *make_data(uint64_t seed, int nstructures, int nelements) {
  xp_test_random random = {seed};
  xp_error error = {0};
  xp_data *data = calloc(1, sizeof *data);
  assert_non_null(data);
  xp_assert_ok(xp_dataset_new(&data->set, &error), &error);
  for (int s = 0; s < nstructures; ++s)
    xp_assert_ok(
        xp_dataset_append(data->set, xp_test_structure(&random, 12 + s % 9, 6.5, 1.7, ELEMENTS, nelements), &error),
        &error);
  xp_assert_ok(xp_data_describe(data, &error), &error);
  return data;
}

typedef struct result {
  xp_active_set *set;
  xp_active_summary summary;
} result;

static result make(const xp_potential *potential, const xp_data *data, xp_grade_form form, double memory, int threads) {
  result r = {0};
  xp_error error = {0};
  xp_active_request request = {potential, data, form, memory, threads, NULL};
  xp_assert_ok(xp_active_make(&r.set, &r.summary, &request, &error), &error);
  assert_true(r.summary.complete);
  return r;
}

static void clear(result *r) {
  xp_active_set_free(r->set);
  xp_active_summary_clear(&r->summary);
}

/* Largest gamma of a data set by the core's own evaluation. */
static double largest_grade(const xp_potential *potential, const xp_active_set *set, const xp_data *data) {
  static const xp_symbol symbols[] = {"Si", "C"};
  xp_error error = {0};
  xp_grade *grade = NULL;
  xp_grades grades = {0};
  xp_assert_ok(xp_grade_new(&grade, potential, set, ELEMENTS, NELEMENTS, &error), &error);
  xp_grades_request request = {grade, symbols, NELEMENTS, data, 2, NULL};
  xp_assert_ok(xp_grades_evaluate(&grades, &request, &error), &error);
  double largest = 0.0;
  for (int s = 0; s < grades.nstructures; ++s)
    largest = fmax(largest, grades.gamma[s][xp_grades_worst(&grades, data, s)]);
  xp_grades_clear(&grades);
  xp_grade_free(grade);
  return largest;
}

static void check_inside(bool quadratic, xp_grade_form form) {
  xp_potential *potential = make_potential(quadratic);
  xp_data *data = make_data(11, 80, NELEMENTS);
  result r = make(potential, data, form, 1e9, 2);
  assert_true(largest_grade(potential, r.set, data) <= 1.0 + 1e-6);
  for (int e = 0; e < NELEMENTS; ++e) assert_int_equal(r.summary.elements[e].unexplored, 0);
  assert_true(r.summary.exchanges > 0);
  clear(&r);
  xp_data_free(data);
  xp_potential_free(potential);
}

static void test_inside(void **state) {
  (void)state;
  check_inside(false, XP_GRADE_LINEAR);
  check_inside(true, XP_GRADE_LINEAR);
  check_inside(true, XP_GRADE_FULL);
}

/* A cell that is pressed together leaves the data, further and further. */
static void test_outside(void **state) {
  xp_potential *potential = make_potential(false);
  xp_data *data = make_data(12, 80, NELEMENTS), *path = make_data(13, 1, NELEMENTS);
  result r = make(potential, data, XP_GRADE_LINEAR, 1e9, 1);
  xp_structure *structure = path->set->structures[0];
  double before = 0.0;
  (void)state;
  for (int step = 0; step < 6; ++step) {
    for (int i = 0; i < structure->natoms; ++i)
      for (int d = 0; d < 3; ++d) structure->positions[i][d] *= 0.94;
    for (int a = 0; a < 3; ++a)
      for (int d = 0; d < 3; ++d) structure->cell[a][d] *= 0.94;
    double now = largest_grade(potential, r.set, path);
    assert_true(now > before);
    before = now;
  }
  assert_true(before > 2.0);
  clear(&r);
  xp_data_free(path);
  xp_data_free(data);
  xp_potential_free(potential);
}

/* What is kept in memory and how many threads there are changes no bit. */
static void test_same(void **state) {
  xp_potential *potential = make_potential(true);
  xp_data *data = make_data(14, 60, NELEMENTS);
  result first = make(potential, data, XP_GRADE_FULL, 1e9, 1);
  (void)state;
  for (int other = 0; other < 3; ++other) {
    result r = make(potential, data, XP_GRADE_FULL, (const double[]){0.0, 3e5, 1e9}[other], 3);
    for (int e = 0; e < NELEMENTS; ++e) {
      size_t n = (size_t)first.set->sizes[e];
      assert_int_equal(r.set->sizes[e], first.set->sizes[e]);
      assert_memory_equal(r.set->inverses[e], first.set->inverses[e], n * n * sizeof(double));
    }
    clear(&r);
  }
  clear(&first);
  xp_data_free(data);
  xp_potential_free(potential);
}

/* Fewer atoms than descriptors, and an element that is not there: floors take the places that are left; atoms of the data
 * stay inside, others are far outside. */
static void test_few(void **state) {
  xp_potential *potential = make_potential(false);
  xp_data *few = make_data(15, 1, 1), *other = make_data(16, 1, 1), *both = make_data(17, 1, NELEMENTS);
  result r = make(potential, few, XP_GRADE_LINEAR, 1e9, 1);
  const xp_active_element *silicon = &r.summary.elements[0], *carbon = &r.summary.elements[1];
  (void)state;
  assert_int_equal(silicon->unexplored, silicon->descriptors - (int)silicon->atoms);
  assert_int_equal(carbon->atoms, 0);
  assert_int_equal(carbon->unexplored, carbon->descriptors);
  assert_true(largest_grade(potential, r.set, few) <= 1.0 + 1e-6);
  assert_true(largest_grade(potential, r.set, other) > 100.0);
  assert_true(largest_grade(potential, r.set, both) > 100.0);
  for (int e = 0; e < NELEMENTS; ++e)
    for (int i = 0; i < r.set->sizes[e] * r.set->sizes[e]; ++i) assert_true(isfinite(r.set->inverses[e][i]));
  clear(&r);
  xp_data_free(few);
  xp_data_free(other);
  xp_data_free(both);
  xp_potential_free(potential);
}

static void test_unknown(void **state) {
  xp_potential *potential = make_potential(false);
  xp_data *data = make_data(18, 3, 1);
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_active_summary summary = {0};
  xp_active_request request = {potential, data, XP_GRADE_LINEAR, 1e9, 1, NULL};
  (void)state;
  strcpy(data->set->structures[1]->symbols[2], "Ge");
  assert_int_equal(xp_active_make(&set, &summary, &request, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "atom 3 is Ge, which the potential does not know");
  xp_active_summary_clear(&summary);
  xp_data_free(data);
  xp_potential_free(potential);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_inside), cmocka_unit_test(test_outside),
                                     cmocka_unit_test(test_same), cmocka_unit_test(test_few),
                                     cmocka_unit_test(test_unknown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
