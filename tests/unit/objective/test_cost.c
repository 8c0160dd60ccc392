/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Supercells, and the cell on which cost is measured. */
#include <math.h>

#include "data/replicate.h"
#include "objective/objective.h"
#include "objective_testing.h"

/* The potential sees the same crystal. */
static void test_same_crystal(void **state) {
  (void)state;
  static const char *const symbols[] = {"Si"};
  xp_test_random random = {2};
  xp_error error = {0};
  xp_structure *one = xp_test_structure(&random, 5, 6.0, 1.8, symbols, 1), *many, *labelled[2];
  int times[3];
  xp_assert_ok(xp_replicate(&many, one, 31, times, &error), &error);
  assert_int_equal(many->natoms, 5 * times[0] * times[1] * times[2]);
  assert_true(many->natoms >= 31);
  xp_assert_close(xp_structure_volume(many), xp_structure_volume(one) * many->natoms / 5, 1e-8);
  xp_assert_ok(xp_structure_check(many, &error), &error);

  char *file = xp_test_source("tests/fuzz/seeds/tiny.yace");
  xp_potential *potential;
  xp_plan *plan;
  xp_workspace *workspace;
  xp_assert_ok(xp_potential_read(&potential, (const char *const *)&file, 1, &error), &error);
  const char *element = xp_potential_element(potential, 0);
  for (int i = 0; i < many->natoms; ++i) strcpy(many->symbols[i], element);
  for (int i = 0; i < one->natoms; ++i) strcpy(one->symbols[i], element);
  xp_assert_ok(xp_plan_new(&plan, potential, &element, 1, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate_structure(plan, workspace, one, &labelled[0], &error), &error);
  xp_assert_ok(xp_evaluate_structure(plan, workspace, many, &labelled[1], &error), &error);
  assert_true(labelled[0]->energy != 0.0);
  xp_assert_close(labelled[1]->energy / many->natoms, labelled[0]->energy / 5, 1e-10);
  for (int i = 0; i < many->natoms; ++i)
    for (int d = 0; d < 3; ++d) xp_assert_close(labelled[1]->forces[i][d], labelled[0]->forces[i % 5][d], 1e-9);
  xp_structure_free(labelled[0]);
  xp_structure_free(labelled[1]);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_potential_free(potential);
  free(file);
  xp_structure_free(one);
  xp_structure_free(many);
}

/* The short edges are repeated first; open directions never. */
static void test_directions(void **state) {
  (void)state;
  xp_error error = {0};
  xp_structure *slab, *many;
  int times[3];
  xp_assert_ok(xp_structure_new(&slab, 1, &error), &error);
  slab->cell[0][0] = 2.0;
  slab->cell[1][1] = 4.0;
  slab->cell[2][2] = 1.0;
  slab->periodic[0] = slab->periodic[1] = true;
  strcpy(slab->symbols[0], "Si");
  xp_assert_ok(xp_replicate(&many, slab, 7, times, &error), &error);
  assert_int_equal(times[0], 4);
  assert_int_equal(times[1], 2);
  assert_int_equal(times[2], 1);
  xp_structure_free(many);
  slab->periodic[0] = slab->periodic[1] = false;
  xp_assert_ok(xp_replicate(&many, slab, 7, times, &error), &error);
  assert_int_equal(many->natoms, 1);
  xp_structure_free(many);
  xp_structure_free(slab);
}

static void test_named_cell(void **state) {
  (void)state;
  static const char *const rests[] = {"\"cost\": {\"atoms\": 30}",
                                      "\"cost\": {\"structure\": \"train.xyz\", \"atoms\": 1}"};
  static const char *const names[] = {"8 atoms of ", "4 atoms of "};
  xp_testing_write_data(10);
  for (int c = 0; c < 2; ++c) {
    xp_error error = {0};
    xp_config *config = xp_testing_config("", rests[c]);
    xp_objective *objective;
    xp_fit_result fit;
    xp_plan *plan;
    const char *cell;
    double us_per_atom;
    xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
    xp_assert_ok(xp_fitter_run(xp_objective_fitter(objective), NULL, NULL, NULL, &fit, &error), &error);
    xp_assert_ok(xp_fit_result_plan(&fit, &plan, &error), &error);
    xp_assert_ok(xp_objective_cost(objective, plan, &us_per_atom, &cell, &error), &error);
    assert_true(us_per_atom > 0.01 && us_per_atom < 1e5);
    assert_ptr_equal(strstr(cell, names[c]), cell);
    assert_non_null(strstr(cell, c ? "train.xyz:1, repeated 1 x 1 x 1" : "repeated "));
    xp_plan_free(plan);
    xp_fit_result_clear(&fit);
    xp_objective_free(objective);
    xp_config_free(config);
  }
}

static int clean(void **state) {
  (void)state;
  xp_testing_remove();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_crystal), cmocka_unit_test(test_directions),
                                     cmocka_unit_test(test_named_cell)};
  return cmocka_run_group_tests(tests, NULL, clean);
}
