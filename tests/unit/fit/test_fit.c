/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fitter gives the same numbers whatever it did before and on however many threads, also for folds and parts of the data. */
#include "fit/fit.h"

#include <math.h>
#include <unistd.h>

#include "data/predict.h"
#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/extxyz.h"

enum { STRUCTURES = 40 };

static char *folder;

static const char input[] = "{\"elements\": [\"Si\", \"Ge\"], \"data\": {\"train\": \"train.xyz\"}, \"potential\": "
                            "{\"kind\": \"qsnap\", \"twojmax\": 2,"
                            "\"rcutfac\": {\"min\": 3, \"max\": 5}}, \"weights\": {\"default\": {\"eweight\": "
                            "{\"min\": 1, \"max\": 100}, \"vweight\": 1e-6},"
                            "\"B\": {\"fweight\": {\"min\": 0, \"max\": 5}}}}";

static const char *path_of(const char *name) {
  return xp_test_in_folder(folder, name);
}

/* Random labels: a fit has no exact solution. */
static void write_data(void) {
  static const char *const symbols[] = {"Si", "Ge"};
  xp_test_random random = {5};
  xp_error error = {0};
  xp_dataset *set;
  xp_assert_ok(xp_dataset_new(&set, &error), &error);
  for (int s = 0; s < STRUCTURES; ++s) {
    xp_structure *structure = xp_test_structure(&random, 4 + s % 5, 6.0, 1.8, symbols, 2);
    structure->has_energy = structure->has_virial = true;
    structure->energy = xp_test_uniform(&random, -5.0, -4.0) * structure->natoms;
    structure->forces = calloc((size_t)structure->natoms, sizeof *structure->forces);
    for (int i = 0; i < 3 * structure->natoms; ++i)
      structure->forces[i / 3][i % 3] = xp_test_uniform(&random, -1.0, 1.0);
    for (int i = 0; i < 9; ++i) structure->virial[i / 3][i % 3] = (i % 3 + i / 3) * 0.1;
    free(structure->config_type);
    structure->config_type = strdup(s % 3 ? "A" : "B");
    xp_assert_ok(xp_dataset_append(set, structure, &error), &error);
  }
  xp_assert_ok(xp_extxyz_write(path_of("train.xyz"), set, &error), &error);
  xp_dataset_free(set);
}

typedef struct fixture {
  xp_config *config;
  xp_data *data;
} fixture;

static int set_up(void **state) {
  xp_error error = {0};
  fixture *f = calloc(1, sizeof *f);
  if (!f) return 1;
  folder = xp_test_folder_new("/tmp");
  write_data();
  xp_assert_ok(xp_file_write(path_of("input.json"), input, strlen(input), &error), &error);
  xp_assert_ok(xp_config_read(&f->config, path_of("input.json"), &error), &error);
  xp_assert_ok(xp_data_read(&f->data, f->config->train, NULL, &error), &error);
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  xp_config_free(f->config);
  xp_data_free(f->data);
  free(f);
  xp_test_folder_remove_known(folder, (const char *const[]){"input.json", "train.xyz", NULL});
  return 0;
}

static xp_fitter *new_fitter(const fixture *f, int threads) {
  xp_fitter *fitter;
  xp_error error = {0};
  xp_fit_threads(f->config);
  xp_fit_request request = {f->config, f->data, NULL, threads, NULL};
  xp_assert_ok(xp_fitter_new(&fitter, &request, &error), &error);
  return fitter;
}

static xp_fit_result fit(xp_fitter *fitter, const double *values, bool reused) {
  xp_fit_result result;
  xp_error error = {0};
  xp_assert_ok(xp_fitter_run(fitter, values, NULL, NULL, &result, &error), &error);
  assert_int_equal(result.snap.reused, reused);
  return result;
}

static bool same(const xp_fit_result *a, const xp_fit_result *b) {
  assert_int_equal(a->snap.solution.columns, b->snap.solution.columns);
  return memcmp(a->snap.solution.coefficients, b->snap.solution.coefficients,
                sizeof(double) * (size_t)a->snap.solution.columns) == 0;
}

static const double first[] = {4.0, 10.0, 2.0}, other_weights[] = {4.0, 50.0, 0.5}, other_cutoff[] = {4.5, 10.0, 2.0};

static void test_history(void **state) {
  const fixture *f = *state;
  xp_fitter *used = new_fitter(f, 2), *fresh = new_fitter(f, 2);
  xp_fit_result a = fit(used, first, false), b = fit(used, other_weights, true), c = fit(fresh, other_weights, false);
  xp_fit_result d = fit(used, other_cutoff, false), e = fit(used, first, false);
  assert_true(same(&b, &c));
  assert_true(same(&a, &e));
  assert_false(same(&a, &b));
  assert_false(same(&a, &d));
  xp_fit_result *all[] = {&a, &b, &c, &d, &e};
  for (int i = 0; i < 5; ++i) xp_fit_result_clear(all[i]);
  xp_fitter_free(used);
  xp_fitter_free(fresh);
}

static void test_threads(void **state) {
  const fixture *f = *state;
  xp_fitter *serial = new_fitter(f, 1);
  xp_fit_result expected = fit(serial, first, false);
  for (int threads = 2; threads < 6; ++threads) {
    xp_fitter *fitter = new_fitter(f, threads);
    xp_fit_result result = fit(fitter, first, false);
    assert_true(same(&expected, &result));
    xp_fit_result_clear(&result);
    xp_fitter_free(fitter);
  }
  xp_fit_result_clear(&expected);
  xp_fitter_free(serial);
}

/* ---- folds and parts ---- */

enum { FOLDS = 3 };

static const int *make_folds(void) {
  static int fold[STRUCTURES];
  for (int s = 0; s < STRUCTURES; ++s) fold[s] = (s / 2) % FOLDS; /* both groups are in every fold */
  return fold;
}

static xp_fit_result fit_subset(xp_fitter *fitter, const double *values, const xp_fit_subset *subset, bool reused) {
  xp_fit_result result;
  xp_error error = {0};
  xp_assert_ok(xp_fitter_run(fitter, values, subset, NULL, &result, &error), &error);
  assert_int_equal(result.snap.reused, reused);
  return result;
}

/* A fit to a file that has nothing but the structures of the subset. */
static xp_fit_result fit_file(const fixture *f, const double *values, const xp_fit_subset *subset) {
  xp_structure *chosen[STRUCTURES];
  xp_dataset set = {.structures = chosen};
  fixture part = {.config = f->config};
  xp_error error = {0};
  for (int s = 0; s < STRUCTURES; ++s)
    if (xp_fit_subset_has(subset, s)) chosen[set.nstructures++] = f->data->set->structures[s];
  xp_assert_ok(xp_extxyz_write(path_of("part.xyz"), &set, &error), &error);
  xp_assert_ok(xp_data_read(&part.data, path_of("part.xyz"), NULL, &error), &error);
  unlink(path_of("part.xyz"));
  xp_fitter *fitter = new_fitter(&part, 1);
  xp_fit_result result = fit(fitter, values, false);
  xp_fitter_free(fitter);
  xp_data_free(part.data);
  return result;
}

/* Largest difference of forces and energies on all structures, relative to the largest. */
static double compare_predictions(const fixture *f, const xp_fit_result *a, const xp_fit_result *b) {
  const xp_fit_result *results[] = {a, b};
  xp_structure *predicted[2][STRUCTURES];
  xp_error error = {0};
  double difference = 0.0, largest = 0.0;
  for (int r = 0; r < 2; ++r) {
    xp_plan *plan;
    xp_assert_ok(xp_fit_result_plan(results[r], &plan, &error), &error);
    xp_assert_ok(xp_predict(plan, f->data, 1, NULL, predicted[r], &error), &error);
    xp_plan_free(plan);
  }
  for (int s = 0; s < STRUCTURES; ++s) {
    const xp_structure *one = predicted[0][s], *other = predicted[1][s];
    difference = fmax(difference, fabs(one->energy - other->energy));
    largest = fmax(largest, fabs(one->energy));
    for (int i = 0; i < 3 * one->natoms; ++i)
      difference = fmax(difference, fabs(one->forces[i / 3][i % 3] - other->forces[i / 3][i % 3]));
  }
  for (int r = 0; r < 2; ++r) xp_predict_clear(predicted[r], STRUCTURES);
  return difference / largest;
}

static void expect_like_file(const fixture *f, const xp_fit_result *result, const double *values,
                             const xp_fit_subset *subset) {
  xp_fit_result expected = fit_file(f, values, subset);
  double difference = compare_predictions(f, result, &expected);
  assert_true(difference < 1e-9);
  for (int type = 0; type < XP_ROW_TYPES; ++type) {
    assert_int_equal(result->snap.solution.rows[type], expected.snap.solution.rows[type]);
    xp_assert_close(result->snap.solution.rmse[type], expected.snap.solution.rmse[type],
                    1e-9 * expected.snap.solution.rmse[type]);
  }
  xp_fit_result_clear(&expected);
}

/* One design for all folds, for all of them together, and for other weights; each fit is that of a smaller file. */
static void test_folds(void **state) {
  const fixture *f = *state;
  xp_fitter *fitter = new_fitter(f, 2);
  xp_fit_subset subset = xp_fit_subset_all();
  subset.fold = make_folds();
  subset.nfolds = FOLDS;
  for (int w = 0; w < 2; ++w)
    for (subset.left_out = -1; subset.left_out < FOLDS; ++subset.left_out) {
      const double *values = w ? other_weights : first;
      xp_fit_result result = fit_subset(fitter, values, &subset, w > 0 || subset.left_out >= 0);
      expect_like_file(f, &result, values, &subset);
      xp_fit_result_clear(&result);
    }
  xp_fit_result whole = fit_subset(fitter, first, NULL, false); /* without folds the cells are others */
  xp_fit_result_clear(&whole);
  xp_fitter_free(fitter);
}

static void test_part(void **state) {
  const fixture *f = *state;
  bool use[STRUCTURES], none[STRUCTURES] = {0};
  xp_fitter *fitter = new_fitter(f, 2);
  xp_fit_subset subset = xp_fit_subset_all();
  xp_fit_result result;
  xp_error error = {0};
  subset.use = use;
  for (int s = 0; s < STRUCTURES; ++s) use[s] = s % 5 != 2;
  result = fit_subset(fitter, first, &subset, false);
  expect_like_file(f, &result, first, &subset);
  xp_fit_result_clear(&result);
  result = fit_subset(fitter, other_weights, &subset, true);
  xp_fit_result_clear(&result);
  use[0] = false;
  result = fit_subset(fitter, first, &subset, false);
  expect_like_file(f, &result, first, &subset);
  xp_fit_result_clear(&result);
  subset.use = none;
  assert_int_equal(xp_fitter_run(fitter, first, &subset, NULL, &result, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "nothing to fit");
  xp_fitter_free(fitter);
}

static void test_fold_threads(void **state) {
  const fixture *f = *state;
  xp_fit_subset subset = xp_fit_subset_all();
  subset.fold = make_folds();
  subset.nfolds = FOLDS;
  subset.left_out = 1;
  xp_fitter *serial = new_fitter(f, 1);
  xp_fit_result expected = fit_subset(serial, first, &subset, false);
  for (int threads = 2; threads < 6; ++threads) {
    xp_fitter *fitter = new_fitter(f, threads);
    xp_fit_result result = fit_subset(fitter, first, &subset, false);
    assert_true(same(&expected, &result));
    xp_fit_result_clear(&result);
    xp_fitter_free(fitter);
  }
  xp_fit_result_clear(&expected);
  xp_fitter_free(serial);
}

/* The RMSE that a factor gives is that of the potential on the data. */
static void test_training_errors(void **state) {
  const fixture *f = *state;
  xp_error error = {0};
  xp_fitter *fitter = new_fitter(f, 2);
  xp_fit_result result = fit(fitter, first, false);
  xp_plan *plan;
  xp_workspace *workspace;
  xp_assert_ok(xp_fit_result_plan(&result, &plan, &error), &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  double energy = 0.0, force = 0.0;
  for (int s = 0; s < f->data->set->nstructures; ++s) {
    const xp_structure *structure = f->data->set->structures[s];
    xp_structure *labelled;
    xp_assert_ok(xp_evaluate_structure(plan, workspace, structure, &labelled, &error), &error);
    energy += pow((labelled->energy - structure->energy) / structure->natoms, 2.0);
    for (int i = 0; i < 3 * structure->natoms; ++i)
      force += pow(labelled->forces[i / 3][i % 3] - structure->forces[i / 3][i % 3], 2.0);
    xp_structure_free(labelled);
  }
  xp_assert_close(result.snap.solution.rmse[XP_ROW_ENERGY], sqrt(energy / f->data->set->nstructures), 1e-9);
  xp_assert_close(result.snap.solution.rmse[XP_ROW_FORCE], sqrt(force / (3.0 * f->data->natoms)), 1e-9);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_fit_result_clear(&result);
  xp_fitter_free(fitter);
}

/* Neighbours count: memory for their derivatives grows with the cube of the cutoff. */
static void test_memory(void **state) {
  const fixture *f = *state;
  const double far[] = {100.0, 10.0, 2.0};
  xp_fitter *fitter = new_fitter(f, 1);
  xp_fit_size near_size, far_size;
  xp_fit_result result;
  xp_error error = {0};
  xp_assert_ok(xp_fitter_measure(fitter, first, &near_size, &error), &error);
  assert_true(near_size.snap.bytes < 1e7);
  assert_int_equal(xp_fitter_measure(fitter, far, &far_size, &error), XP_OK);
  assert_true(far_size.snap.bytes > 100.0 * near_size.snap.bytes);
  f->config->memory.value = 0.01;
  assert_int_equal(xp_fitter_run(fitter, far, NULL, NULL, &result, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "more than fit.memory allows");
  f->config->memory.value = 4.0;
  xp_fitter_free(fitter);
}

/* Chem-SNAP of many elements is refused before its coefficients are counted in an int. */
static void test_too_many(void **state) {
  const fixture *f = *state;
  xp_config *config;
  xp_error error = {0};
  xp_fit_size size;
  char text[1024] = "{\"data\": {\"train\": \"train.xyz\"}, \"potential\": {\"twojmax\": 14, \"chemflag\": true}, "
                    "\"elements\": [\"Si\", \"Ge\"";
  for (int e = 0; e < 40; ++e) snprintf(text + strlen(text), sizeof text - strlen(text), ", \"X%d\"", e);
  strcat(text, "]}");
  xp_assert_ok(xp_file_write(path_of("input.json"), text, strlen(text), &error), &error);
  xp_assert_ok(xp_config_read(&config, path_of("input.json"), &error), &error);
  fixture many = {config, f->data};
  xp_fitter *fitter = new_fitter(&many, 1);
  assert_int_equal(xp_fitter_measure(fitter, NULL, &size, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "more coefficients than can be counted");
  xp_fitter_free(fitter);
  xp_config_free(config);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_history),      cmocka_unit_test(test_threads),
                                     cmocka_unit_test(test_folds),        cmocka_unit_test(test_part),
                                     cmocka_unit_test(test_fold_threads), cmocka_unit_test(test_training_errors),
                                     cmocka_unit_test(test_memory),       cmocka_unit_test(test_too_many)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
