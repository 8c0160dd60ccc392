/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel against reference: every radial type, inner cutoff and embedding, one to three elements, equal and different
 * numbers of densities, clusters and small skewed cells where atoms see their own images, every processor level. */
#include <math.h>

#include "ace_testing.h"
#include "kernel/kernel.h"

enum { CLUSTER_ATOMS = 13, CELL_ATOMS = 5 };

static void compare_structures(const ace_engine *engine, const ace_options *options) {
  xp_test_random random = {options->seed + 17};
  xp_structure *cluster = xp_test_structure(&random, CLUSTER_ATOMS, 0.0, 1.45, ace_test_elements, options->nelements);
  xp_structure *cell = xp_test_structure(&random, CELL_ATOMS, 4.3, 1.7, ace_test_elements, options->nelements);
  ace_engine_compare(engine, cluster, ace_test_name(options));
  ace_engine_compare(engine, cell, ace_test_name(options));
  xp_structure_free(cluster);
  xp_structure_free(cell);
}

static void compare_model(const ace_options *options) {
  ace_engine engine;
  xp_ace_model *model = ace_test_model(options);
  ace_engine_open(&engine, model, ace_test_elements, options->nelements);
  compare_structures(&engine, options);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

static void compare_combinations(int nelements, int ndensity) {
  for (int radial = XP_ACE_CHEB_EXP_COS; radial <= XP_ACE_ZERO; ++radial)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner)
      for (int embedding = 0; embedding < 2; ++embedding) {
        if (radial == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
        ace_options options = {nelements,
                               (xp_ace_radial_type)radial,
                               (xp_ace_inner_type)inner,
                               (xp_ace_embedding_type)embedding,
                               ndensity,
                               (uint64_t)(radial * 100 + inner * 10 + embedding)};
        compare_model(&options);
      }
}

static void test_one_element(void **state) {
  (void)state;
  for (int ndensity = 1; ndensity <= 5; ++ndensity) compare_combinations(1, ndensity);
}

static void test_two_elements(void **state) {
  (void)state;
  compare_combinations(2, 1);
  compare_combinations(2, 3);
}

static void test_three_elements(void **state) {
  (void)state;
  compare_combinations(3, 2);
}

static void test_levels(void **state) {
  (void)state;
  static const int levels[] = {XP_KERNEL_BASE, XP_KERNEL_V2, XP_KERNEL_V3, XP_KERNEL_V4};
  for (int i = 0; i < 4; ++i) {
    xp_kernel_limit(levels[i]);
    compare_combinations(2, 2);
    compare_combinations(1, 4);
  }
}

/* Any choice and order of elements gives the same numbers for the same atoms. */
static void test_element_lists(void **state) {
  (void)state;
  static const char *const lists[][3] = {{"C", "Si", "Ge"}, {"Ge", "C", "Si"}, {"Ge", "Si", NULL}, {"Si", "Ge", NULL}};
  ace_options options = {3, XP_ACE_SBESSEL, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 5};
  xp_ace_model *model = ace_test_model(&options);
  xp_test_random random = {99};
  xp_structure *structure = xp_test_structure(&random, 9, 0.0, 1.6, ace_test_elements + 1, 2);
  double energy = 0.0;
  for (size_t i = 0; i < sizeof lists / sizeof *lists; ++i) {
    ace_engine engine;
    ace_engine_open(&engine, model, lists[i], lists[i][2] ? 3 : 2);
    ace_engine_compare(&engine, structure, "list of elements");
    ace_result result = ace_engine_run(&engine, structure, false);
    if (i == 0) energy = result.energy;
    xp_assert_close(result.energy, energy, 1e-10 * (1.0 + fabs(energy)));
    ace_result_free(&result);
    ace_engine_close(&engine);
  }
  xp_structure_free(structure);
  xp_ace_model_free(model);
}

static void test_element_errors(void **state) {
  (void)state;
  ace_options options = {2, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 5};
  xp_ace_model *model = ace_test_model(&options);
  xp_error error = {0};
  xp_ace_plan *plan = NULL;
  const char *unknown[] = {"C", "Xe"}, *twice[] = {"C", "C"};
  assert_int_equal(xp_ace_plan_new(&plan, model, unknown, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "Xe");
  assert_int_equal(xp_ace_plan_new(&plan, model, twice, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "twice");
  assert_int_equal(xp_ace_plan_new(&plan, model, unknown, 0, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  assert_null(plan);
  model->functions[1][0].ns[0] = 40;
  assert_int_equal(xp_ace_plan_new(&plan, model, ace_test_elements, 2, XP_PRECISION_DOUBLE, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "ns has 40");
  xp_ace_model_free(model);
}

/* Energy and forces do not depend on what else is asked for. */
static void test_partial_output(void **state) {
  (void)state;
  ace_options options = {1, XP_ACE_CHEB_POW, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 8};
  xp_ace_model *model = ace_test_model(&options);
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, 1);
  const double displacements[3][3] = {{2.1, 0.3, 0.0}, {-0.4, 2.2, 1.0}, {0.1, -0.2, 2.6}};
  const size_t first[] = {0, 3};
  const int species[] = {0}, neighbour_species[] = {0, 0, 0};
  xp_neighbourhoods view = {1, species, first, neighbour_species, displacements};
  xp_error error = {0};
  double energy[2], gradient[3][3], factor;
  xp_evaluation everything = {&energy[0], gradient, &factor}, only = {&energy[1], NULL, NULL}, nothing = {0};
  xp_assert_ok(xp_ace_evaluate(engine.plan, engine.workspace, &view, &everything, &error), &error);
  xp_assert_ok(xp_ace_evaluate(engine.plan, engine.workspace, &view, &only, &error), &error);
  xp_assert_ok(xp_ace_evaluate(engine.plan, engine.workspace, &view, &nothing, &error), &error);
  xp_assert_close(energy[0], energy[1], 0.0);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_element),    cmocka_unit_test(test_two_elements),
                                     cmocka_unit_test(test_three_elements), cmocka_unit_test(test_element_lists),
                                     cmocka_unit_test(test_element_errors), cmocka_unit_test(test_partial_output),
                                     cmocka_unit_test(test_levels)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
