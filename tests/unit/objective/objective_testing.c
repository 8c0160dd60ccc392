/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective_testing.h"

#include "testing/temporary.h"
#include "xpot/extxyz.h"

static char *folder;

const char *xp_testing_folder(void) {
  if (!folder) folder = xp_test_folder_new("/tmp");
  return folder;
}

const char *xp_testing_path(const char *name) {
  return xp_test_in_folder(xp_testing_folder(), name);
}

void xp_testing_remove(void) {
  if (folder) xp_test_folder_remove(folder);
  folder = NULL;
}

static xp_structure *make_structure(xp_test_random *random, int number) {
  static const char *const symbols[] = {"Si", "Ge"};
  xp_structure *structure = xp_test_structure(random, 4 + number % 5, 6.0, 1.8, symbols, 2);
  structure->has_energy = structure->has_virial = true;
  structure->energy = xp_test_uniform(random, -5.0, -4.0) * structure->natoms;
  structure->forces = calloc((size_t)structure->natoms, sizeof *structure->forces);
  for (int i = 0; i < 3 * structure->natoms; ++i) structure->forces[i / 3][i % 3] = xp_test_uniform(random, -1.0, 1.0);
  for (int i = 0; i < 9; ++i) structure->virial[i / 3][i % 3] = (i % 3 + i / 3) * 0.1;
  free(structure->config_type);
  structure->config_type = strdup(number == 4 ? "C" : number % 3 ? "A" : "B");
  return structure;
}

void xp_testing_write_data(int nstructures) {
  xp_test_random random = {5};
  xp_error error = {0};
  xp_dataset *set;
  xp_assert_ok(xp_dataset_new(&set, &error), &error);
  for (int s = 0; s < nstructures; ++s)
    xp_assert_ok(xp_dataset_append(set, make_structure(&random, s), &error), &error);
  xp_assert_ok(xp_extxyz_write(xp_testing_path("train.xyz"), set, &error), &error);
  xp_dataset_free(set);
}

static xp_status read_input(xp_config **config, const char *more_data, const char *rest, xp_error *error) {
  char text[2048];
  int size = snprintf(text, sizeof text,
                      "{\"elements\": [\"Si\", \"Ge\"], \"data\": {\"train\": \"train.xyz\"%s%s}, \"threads\": 1, "
                      "\"potential\": {\"kind\": \"snap\", \"twojmax\": 2, \"rcutfac\": 4}%s%s}",
                      more_data[0] ? ", " : "", more_data, rest[0] ? ", " : "", rest);
  assert_true(size < (int)sizeof text);
  xp_assert_ok(xp_file_write(xp_testing_path("input.json"), text, (size_t)size, error), error);
  return xp_config_read(config, xp_testing_path("input.json"), error);
}

xp_config *xp_testing_config(const char *more_data, const char *rest) {
  xp_config *config;
  xp_error error = {0};
  xp_assert_ok(read_input(&config, more_data, rest, &error), &error);
  return config;
}

void xp_testing_refuse(const char *more_data, const char *rest, const char *message) {
  xp_config *config;
  xp_error error = {0};
  assert_int_equal(read_input(&config, more_data, rest, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, message);
}
