/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE fits to parts of the data: those of a file without the other structures; fewer iterations; checkpoints told apart. */
#include <math.h>
#include <unistd.h>

#include "ace/fitter.h"
#include "testing/known_ace.h"
#include "testing/temporary.h"
#include "xpot/extxyz.h"
#include "xpot/file.h"

enum { TRAIN = 20, FOLDS = 4, ITERATIONS = 20 };

static char *folder;

static const char input[] = "{\"elements\": [\"Si\"], \"data\": {\"train\": \"train.xyz\"}, \"potential\": {\"kind\": "
                            "\"ace\", \"repulsion\": \"given\"},"
                            "\"embeddings\": {\"ALL\": {\"ndensity\": 2, \"fs_parameters\": [1, 1, 1, 0.5]}},"
                            "\"bonds\": {\"ALL\": {\"radbase\": \"SBessel\", \"rcut\": 4.5}},"
                            "\"functions\": {\"number_of_functions_per_element\": 12,"
                            "\"ALL\": {\"nradmax_by_orders\": [4, 2], \"lmax_by_orders\": [0, 2]}},"
                            "\"fit\": {\"kappa\": 0.5, \"iterations\": 20}}";

static const char *in_folder(const char *name) {
  return xp_test_in_folder(folder, name);
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
  xp_assert_ok(xp_file_write(in_folder("input.json"), input, strlen(input), &error), &error);
  xp_ace_basis *known = known_ace_make(in_folder("input.json"), 1, &error);
  assert_non_null(known);
  xp_assert_ok(known_ace_label(known, in_folder("train.xyz"), 2, TRAIN, false, &error), &error);
  xp_ace_basis_free(known);
  xp_assert_ok(xp_config_read(&f->config, in_folder("input.json"), &error), &error);
  xp_assert_ok(xp_data_read(&f->data, in_folder("train.xyz"), NULL, &error), &error);
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  xp_config_free(f->config);
  xp_data_free(f->data);
  free(f);
  static const char *const names[] = {"input.json", "train.xyz", "potential.curve.csv", "potential.checkpoint", NULL};
  xp_test_folder_remove_known(folder, names);
  return 0;
}

static xp_fit_subset without_fold(int left_out) {
  static int fold[TRAIN];
  for (int s = 0; s < TRAIN; ++s) fold[s] = s % FOLDS;
  xp_fit_subset subset = xp_fit_subset_all();
  subset.fold = fold;
  subset.nfolds = FOLDS;
  subset.left_out = left_out;
  return subset;
}

static xp_status run(const fixture *f, const xp_data *data, const xp_fit_subset *subset, const char *where, int threads,
                     xp_ace_result *result, xp_error *error) {
  xp_ace_fitter *fitter;
  xp_ace_fitter_request request = {f->config, data, NULL, threads, NULL};
  xp_assert_ok(xp_ace_fitter_new(&fitter, &request, error), error);
  xp_status status = xp_ace_fitter_run(fitter, NULL, subset, where, result, error);
  xp_ace_fitter_free(fitter);
  return status;
}

static xp_ace_result fit(const fixture *f, const xp_data *data, const xp_fit_subset *subset, int threads) {
  xp_ace_result result;
  xp_error error = {0};
  xp_assert_ok(run(f, data, subset, NULL, threads, &result, &error), &error);
  return result;
}

/* The file without what the subset leaves out. */
static xp_data *read_part(const fixture *f, const xp_fit_subset *subset) {
  xp_structure *chosen[TRAIN];
  xp_dataset set = {.structures = chosen};
  xp_data *part;
  xp_error error = {0};
  for (int s = 0; s < TRAIN; ++s)
    if (xp_fit_subset_has(subset, s)) chosen[set.nstructures++] = f->data->set->structures[s];
  xp_assert_ok(xp_extxyz_write(in_folder("part.xyz"), &set, &error), &error);
  xp_assert_ok(xp_data_read(&part, in_folder("part.xyz"), NULL, &error), &error);
  unlink(in_folder("part.xyz"));
  return part;
}

static void expect_same(const xp_ace_result *a, const xp_ace_result *b) {
  assert_int_equal(a->iterations, b->iterations);
  assert_memory_equal(&a->train.total, &b->train.total, sizeof a->train.total);
}

/* To the last digit: both see the same numbers in the same order. */
static void test_fold(void **state) {
  const fixture *f = *state;
  xp_ace_result whole = fit(f, f->data, NULL, 1);
  for (int left_out = 0; left_out < 2; ++left_out) {
    xp_fit_subset subset = without_fold(left_out);
    xp_data *part = read_part(f, &subset);
    assert_int_equal(part->set->nstructures, TRAIN - TRAIN / FOLDS);
    xp_ace_result expected = fit(f, part, NULL, 1), result = fit(f, f->data, &subset, 2);
    expect_same(&result, &expected);
    assert_true(result.train.total != whole.train.total);
    xp_ace_basis_free(expected.basis);
    xp_ace_basis_free(result.basis);
    xp_data_free(part);
  }
  xp_ace_basis_free(whole.basis);
}

static void test_share_of_iterations(void **state) {
  const fixture *f = *state;
  const double shares[] = {1.0, 0.5, 0.01};
  const int most[] = {ITERATIONS, ITERATIONS / 2, 5};
  for (int k = 0; k < 3; ++k) {
    xp_fit_subset subset = xp_fit_subset_all();
    subset.iterations = shares[k];
    xp_ace_result result = fit(f, f->data, &subset, 1);
    assert_int_equal(result.iterations, most[k]);
    xp_ace_basis_free(result.basis);
  }
}

/* A checkpoint is good for its own part and share alone. */
static void test_checkpoint(void **state) {
  const fixture *f = *state;
  xp_fit_subset own = without_fold(1), other = without_fold(2), shorter = own;
  xp_ace_result result;
  xp_error error = {0};
  shorter.iterations = 0.5;
  xp_assert_ok(run(f, f->data, &own, folder, 1, &result, &error), &error);
  xp_ace_basis_free(result.basis);
  const xp_fit_subset *strangers[] = {NULL, &other, &shorter};
  for (int k = 0; k < 3; ++k) {
    assert_int_equal(run(f, f->data, strangers[k], folder, 1, &result, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, "other input or data");
    xp_error_clear(&error);
  }
  xp_assert_ok(run(f, f->data, &own, folder, 1, &result, &error), &error);
  xp_ace_basis_free(result.basis);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fold), cmocka_unit_test(test_share_of_iterations),
                                     cmocka_unit_test(test_checkpoint)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
