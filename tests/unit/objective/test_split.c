/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a set have their share of every config_type. */
#include "objective/split.h"

#include "objective/sets.h"
#include "objective_testing.h"

enum { STRUCTURES = 31 };

static xp_data *data;

static int set_up(void **state) {
  (void)state;
  xp_error error = {0};
  xp_testing_write_data(STRUCTURES);
  return xp_data_read(&data, xp_testing_path("train.xyz"), NULL, &error) != XP_OK;
}

static int tear_down(void **state) {
  (void)state;
  xp_data_free(data);
  xp_testing_remove();
  return 0;
}

static void check_counts(const int *counts, int n) {
  int least = counts[0], most = counts[0];
  for (int i = 1; i < n; ++i) {
    if (counts[i] < least) least = counts[i];
    if (counts[i] > most) most = counts[i];
  }
  assert_in_range(most - least, 0, 1);
}

static void test_folds(void **state) {
  (void)state;
  enum { FOLDS = 4 };
  int fold[STRUCTURES], again[STRUCTURES], other[STRUCTURES], sizes[FOLDS] = {0};
  xp_error error = {0};
  xp_assert_ok(xp_split_folds(fold, data, FOLDS, 7, &error), &error);
  xp_assert_ok(xp_split_folds(again, data, FOLDS, 7, &error), &error);
  xp_assert_ok(xp_split_folds(other, data, FOLDS, 8, &error), &error);
  assert_memory_equal(fold, again, sizeof fold);
  assert_memory_not_equal(fold, other, sizeof fold);
  for (int g = 0; g < data->ngroups; ++g) {
    int counts[FOLDS] = {0};
    for (int s = 0; s < STRUCTURES; ++s)
      if (data->group[s] == g) ++counts[fold[s]];
    check_counts(counts, FOLDS);
    for (int f = 0; f < FOLDS; ++f) sizes[f] += counts[f];
  }
  check_counts(sizes, FOLDS);
}

static int count(const bool *part, int group) {
  int n = 0;
  for (int s = 0; s < STRUCTURES; ++s) n += part[s] && (group < 0 || data->group[s] == group);
  return n;
}

/* 19 of A, 11 of B, one of C. */
static void test_holdout(void **state) {
  (void)state;
  bool part[STRUCTURES];
  xp_error error = {0};
  assert_int_equal(data->ngroups, 3);
  xp_assert_ok(xp_split_holdout(part, data, 0.2, 7, &error), &error);
  for (int g = 0; g < 3; ++g) {
    char type = data->groups[g][0];
    assert_int_equal(count(part, g), type == 'A' ? 4 : type == 'B' ? 2 : 0);
  }
  xp_assert_ok(xp_split_holdout(part, data, 0.001, 7, &error), &error);
  assert_int_equal(count(part, -1), 2);
}

static void test_shares_are_nested(void **state) {
  (void)state;
  bool small[STRUCTURES], large[STRUCTURES];
  xp_error error = {0};
  xp_assert_ok(xp_split_share(small, data, 0.1, 7, &error), &error);
  xp_assert_ok(xp_split_share(large, data, 0.5, 7, &error), &error);
  assert_int_equal(count(small, -1), 2 + 2 + 1);
  assert_int_equal(count(large, -1), 10 + 6 + 1);
  for (int s = 0; s < STRUCTURES; ++s) assert_true(large[s] || !small[s]);
}

/* With a holdout the parts add up to the file, and have checksums of their own; with folds members are those of the folds. */
static void test_sets(void **state) {
  (void)state;
  xp_sets sets;
  xp_error error = {0};
  xp_config *config = xp_testing_config("\"holdout\": 0.2", "");
  xp_assert_ok(xp_sets_read(&sets, config, &error), &error);
  assert_int_equal(sets.validate->set->nstructures, 6);
  assert_int_equal(sets.train->set->nstructures, STRUCTURES - 6);
  assert_ptr_equal(sets.judged, sets.validate);
  assert_string_not_equal(sets.train->sha256, sets.validate->sha256);
  assert_string_equal(sets.held->sha256, data->sha256);
  xp_sets_clear(&sets);
  xp_config_free(config);
  config = xp_testing_config("\"folds\": 5", "");
  xp_assert_ok(xp_sets_read(&sets, config, &error), &error);
  assert_ptr_equal(sets.judged, sets.train);
  for (int s = 0, at[5] = {0}; s < STRUCTURES; ++s) {
    int f = sets.fold[s];
    assert_ptr_equal(sets.fold_members[f]->set->structures[at[f]++], sets.train->set->structures[s]);
  }
  xp_sets_clear(&sets);
  xp_config_free(config);
}

static void test_too_many_folds(void **state) {
  (void)state;
  xp_sets sets;
  xp_error error = {0};
  xp_config *config = xp_testing_config("\"folds\": 32", "");
  assert_int_equal(xp_sets_read(&sets, config, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "at most as many as structures, 31, found 32");
  xp_config_free(config);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_folds), cmocka_unit_test(test_holdout),
                                     cmocka_unit_test(test_shares_are_nested), cmocka_unit_test(test_sets),
                                     cmocka_unit_test(test_too_many_folds)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
