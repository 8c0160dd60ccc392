/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include "config/change.h"
#include "testing/temporary.h"

static const char input[] =
    "{\"elements\": [\"Si\"], \"data\": {\"train\": \"train.xyz\"}, \"potential\": {\"kind\": \"ace\"},\n"
    " \"embeddings\": {\"ALL\": {\"ndensity\": 3, \"fs_parameters\": [1, 1, 2, 0.5, 3, 2]}},\n"
    " \"functions\": {\"number_of_functions_per_element\": {\"min\": 10, \"max\": 20}},\n"
    " \"fit\": {\"kappa\": [0.8, 0.02]}}\n";

static void changes_values(void **state) {
  (void)state;
  const xp_change changes[] = {{"embeddings.ALL.ndensity", "2"},
                               {"functions.number_of_functions_per_element", "12"},
                               {"bonds.ALL.radbase", "ChebPow"},
                               {"fit.kappa", "[0.5]"},
                               {"name", "other"}};
  xp_error error = {0};
  xp_config *config = NULL;
  char *path = xp_test_file_new(input, strlen(input));
  xp_assert_ok(xp_config_read_changed(&config, path, changes, 5, &error), &error);
  xp_embedding_options embedding = xp_config_embedding(config, 0);
  xp_assert_close(embedding.ndensity.value, 2.0, 0.0);
  assert_int_equal(embedding.fs_parameters.count, 4); /* those of the third are gone */
  xp_assert_close(embedding.fs_parameters.values[2].value, 2.0, 0.0);
  assert_int_equal(xp_space_count(config->space), 0); /* the range has become a number */
  xp_assert_close(config->number_of_functions_per_element.value, 12.0, 0.0);
  assert_true(xp_config_bond(config, 0, 0).radbase.given);
  assert_int_equal(config->kappa.count, 1);
  assert_string_equal(config->name, "other");
  xp_config_free(config);
  xp_test_file_remove(path);
}

static void refuses_unknown_keys(void **state) {
  (void)state;
  static const struct {
    xp_change change;
    const char *sentence;
  } cases[] = {{{"bonds.ALL.rcutt", "4"}, "did you mean \"bonds.ALL.rcut\""},
               {{"bonds.rcut", "4"}, "did you mean \"bonds.ALL.rcut\""},
               {{"bond.ALL.rcut", "4"}, "there is no option \"bond.ALL.rcut\""},
               {{"bonds.ALL.rcut", "-4"}, "rcut"},
               {{"elements.x", "4"}, "there is no option"}};
  char *path = xp_test_file_new(input, strlen(input));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    xp_error error = {0};
    xp_config *config = NULL;
    assert_int_equal(xp_config_read_changed(&config, path, &cases[i].change, 1, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, cases[i].sentence);
    assert_null(config);
  }
  xp_test_file_remove(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(changes_values), cmocka_unit_test(refuses_unknown_keys)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
