/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbourhoods at the edge of what there is: none, one, in line, exactly at a cutoff, too close, not a number. */
#include <math.h>

#include "ace_testing.h"

static void with_models(void (*check)(const ace_engine *engine, const ace_options *options)) {
  static const xp_ace_radial_type radials[] = {XP_ACE_SBESSEL, XP_ACE_CHEB_LINEAR, XP_ACE_ACEJL};
  for (int k = 0; k < 3; ++k)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner) {
      if (radials[k] == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
      ace_options options = {2, radials[k], (xp_ace_inner_type)inner, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 4};
      xp_ace_model *model = ace_test_model(&options);
      ace_engine engine;
      ace_engine_open(&engine, model, ace_test_elements, 2);
      check(&engine, &options);
      ace_engine_close(&engine);
      xp_ace_model_free(model);
    }
}

static void compare_cluster(const ace_engine *engine, int natoms, const double (*positions)[3], const char *what) {
  const int species[8] = {0, 1, 0, 1, 1, 0, 0, 1};
  xp_structure *structure = ace_test_cluster(natoms, positions, species, ace_test_elements);
  ace_engine_compare(engine, structure, what);
  xp_structure_free(structure);
}

static void check_alone(const ace_engine *engine, const ace_options *options) {
  const double one[1][3] = {{0.3, 0.1, 0.2}}, far[2][3] = {{0, 0, 0}, {0, 0, 5.3}};
  const int species[2] = {0, 1};
  compare_cluster(engine, 1, one, ace_test_name(options));
  compare_cluster(engine, 2, far, ace_test_name(options));
  xp_structure *structure = ace_test_cluster(2, far, species, ace_test_elements);
  ace_result result = ace_engine_run(engine, structure, false);
  xp_assert_close(result.local[0], engine->model->e0[0], 1e-15);
  xp_assert_close(result.local[1], engine->model->e0[1], 1e-15);
  for (int d = 0; d < 3; ++d) xp_assert_close(result.forces[0][d], 0.0, 0.0);
  ace_result_free(&result);
  xp_structure_free(structure);
}

static void check_few(const ace_engine *engine, const ace_options *options) {
  const double pair_x[2][3] = {{0, 0, 0}, {2.2, 0, 0}}, pair_z[2][3] = {{0, 0, 0}, {0, 0, -2.2}};
  const double line[5][3] = {{0, 0, 0}, {0, 0, 2.1}, {0, 0, 4.2}, {0, 0, 6.3}, {0, 0, 8.4}};
  const double plane[4][3] = {{0, 0, 0}, {2.2, 0, 0}, {0, 2.2, 0}, {2.2, 2.2, 0}};
  compare_cluster(engine, 2, pair_x, ace_test_name(options));
  compare_cluster(engine, 2, pair_z, ace_test_name(options));
  compare_cluster(engine, 5, line, ace_test_name(options));
  compare_cluster(engine, 4, plane, ace_test_name(options));
}

/* A neighbour exactly at the cutoff is none. */
static void check_cutoff(const ace_engine *engine, const ace_options *options) {
  double cutoff = xp_ace_plan_cutoff(engine->plan, 0, 1);
  const double at[3][3] = {{0, 0, 0}, {0, 0, cutoff}, {2.0, 0.3, 0.4}}, alone[2][3] = {{0, 0, 0}, {2.0, 0.3, 0.4}};
  const int species_at[3] = {0, 1, 0}, species_alone[2] = {0, 0};
  xp_structure *with = ace_test_cluster(3, at, species_at, ace_test_elements);
  xp_structure *without = ace_test_cluster(2, alone, species_alone, ace_test_elements);
  ace_engine_compare(engine, with, ace_test_name(options));
  ace_result a = ace_engine_run(engine, with, false), b = ace_engine_run(engine, without, false);
  xp_assert_close(a.local[0], b.local[0], 1e-14);
  const double inside[3][3] = {{0, 0, 0}, {0, 0, nextafter(cutoff, 0.0)}, {2.0, 0.3, 0.4}};
  compare_cluster(engine, 3, inside, ace_test_name(options));
  ace_result_free(&a);
  ace_result_free(&b);
  xp_structure_free(with);
  xp_structure_free(without);
}

/* Inside the core down to the first bin. */
static void check_core(const ace_engine *engine, const ace_options *options) {
  static const double lengths[] = {0.012, 0.1, 0.499, 0.4995, 0.5, 0.5005, 0.7, 1.0, 1.5, 1.9};
  for (size_t k = 0; k < sizeof lengths / sizeof *lengths; ++k) {
    const double positions[3][3] = {{0, 0, 0}, {0.6 * lengths[k], 0, 0.8 * lengths[k]}, {2.3, 0, -0.4}};
    compare_cluster(engine, 3, positions, ace_test_name(options));
  }
}

static xp_status evaluate_pair(const ace_engine *engine, const double displacement[3], xp_error *error) {
  const size_t first[] = {0, 1};
  const int species[] = {0}, neighbour_species[] = {1};
  xp_neighbourhoods view = {1, species, first, neighbour_species, (const double(*)[3])displacement};
  double energy, gradient[1][3];
  xp_evaluation out = {&energy, gradient, NULL};
  return xp_ace_evaluate(engine->plan, engine->workspace, &view, &out, error);
}

static void check_refused(const ace_engine *engine, const ace_options *options) {
  xp_error error = {0};
  const double close[3] = {0.0, 0.0005, 0.0}, same[3] = {0.0, 0.0, 0.0}, nan[3] = {NAN, 1.0, 1.0};
  const double infinite[3] = {INFINITY, 0.0, 0.0}, fine[3] = {2.0, 0.0, 0.0};
  if (options->radial != XP_ACE_ACEJL) {
    assert_int_equal(evaluate_pair(engine, close, &error), XP_ERROR_RANGE);
    xp_assert_message(&error, "atom 1 has a neighbour 0.0005 Angstrom away");
  }
  assert_int_equal(evaluate_pair(engine, same, &error), XP_ERROR_RANGE);
  assert_int_equal(evaluate_pair(engine, nan, &error), XP_ERROR_RANGE);
  xp_assert_ok(evaluate_pair(engine, infinite, &error), &error);
  xp_assert_ok(evaluate_pair(engine, fine, &error), &error);
}

static void test_alone(void **state) {
  (void)state;
  with_models(check_alone);
}

static void test_few(void **state) {
  (void)state;
  with_models(check_few);
}

static void test_cutoff(void **state) {
  (void)state;
  with_models(check_cutoff);
}

static void test_core(void **state) {
  (void)state;
  with_models(check_core);
}

static void test_refused(void **state) {
  (void)state;
  with_models(check_refused);
}

/* No functions at all: core repulsion and E0 remain. */
static void test_empty_model(void **state) {
  (void)state;
  ace_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 1, 4};
  xp_ace_model *model = ace_test_model(&options);
  for (int f = 0; f < model->nfunctions[0]; ++f) xp_ace_function_clear(&model->functions[0][f]);
  model->nfunctions[0] = 0;
  ace_engine engine;
  ace_engine_open(&engine, model, ace_test_elements, 1);
  const double positions[2][3] = {{0, 0, 0}, {0, 0, 1.4}};
  const int species[2] = {0, 0};
  xp_structure *structure = ace_test_cluster(2, positions, species, ace_test_elements);
  ace_engine_compare(&engine, structure, "no functions");
  ace_result result = ace_engine_run(&engine, structure, false);
  double v, dv;
  xp_reference_ace_core(model, 0, 0, 1.4, &v, &dv);
  xp_assert_close(result.local[0], v + model->e0[0], 1e-9);
  ace_result_free(&result);
  xp_structure_free(structure);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_alone),   cmocka_unit_test(test_few),
                                     cmocka_unit_test(test_cutoff),  cmocka_unit_test(test_core),
                                     cmocka_unit_test(test_refused), cmocka_unit_test(test_empty_model)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
