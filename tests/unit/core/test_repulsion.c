/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ZBL that is given to potentials without a core repulsion: gradients, limits, and who refuses it. */
#include "xpot/repulsion.h"

#include <math.h>

#include "testing/testing.h"
#include "xpot/ace.h"

#define SEEDS "tests/fuzz/seeds/"

enum { NEIGHBOURS = 3 };

static const double INNER = 1.0, OUTER = 2.0;

static xp_potential *read_potential(const char *first, const char *second) {
  char *paths[2] = {xp_test_source(first), second ? xp_test_source(second) : NULL};
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_assert_ok(xp_potential_read(&potential, (const char *const *)paths, second ? 2 : 1, &error), &error);
  free(paths[0]);
  free(paths[1]);
  return potential;
}

static xp_potential *read_snap(void) {
  return read_potential(SEEDS "tiny.snapcoeff", SEEDS "tiny.snapparam");
}

static xp_potential *read_ace(bool with_core) {
  xp_potential *potential = read_potential(SEEDS "tiny.yace", NULL);
  for (int k = 0; k < 4 && !with_core; ++k) potential->ace->bonds[k].prehc = 0.0;
  return potential;
}

static xp_plan *compile(xp_potential *potential) {
  const char *symbols[2] = {xp_potential_element(potential, 0), xp_potential_element(potential, 1)};
  xp_error error = {0};
  xp_plan *plan = NULL;
  xp_assert_ok(xp_plan_new(&plan, potential, symbols, 2, XP_PRECISION_DOUBLE, &error), &error);
  return plan;
}

static double evaluate(const xp_plan *plan, const double (*x)[3], double (*gradient)[3]) {
  static const int species[NEIGHBOURS] = {1, 0, 1}, centre[1] = {0};
  static const size_t first[2] = {0, NEIGHBOURS};
  xp_neighbourhoods seen = {1, centre, first, species, x};
  double energy = 0.0;
  xp_evaluation out = {.energy = &energy, .gradient = gradient};
  xp_error error = {0};
  xp_workspace *workspace = NULL;
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate(plan, workspace, &seen, &out, &error), &error);
  xp_workspace_free(workspace);
  return energy;
}

/* Central differences for neighbours of which the first is this far away. */
static void check_gradient(const xp_plan *plan, double distance) {
  double x[NEIGHBOURS][3] = {{0.6 * distance, -0.8 * distance, 0.0}, {0.3, 1.4, 1.9}, {-2.1, 0.4, 0.9}};
  double gradient[NEIGHBOURS][3] = {{0}}, unused[NEIGHBOURS][3] = {{0}};
  evaluate(plan, (const double(*)[3])x, gradient);
  for (int k = 0; k < NEIGHBOURS; ++k)
    for (int d = 0; d < 3; ++d) {
      const double step = 1e-5, here = x[k][d];
      x[k][d] = here + step;
      double above = evaluate(plan, (const double(*)[3])x, unused);
      x[k][d] = here - step;
      double below = evaluate(plan, (const double(*)[3])x, unused);
      x[k][d] = here;
      xp_assert_close(gradient[k][d], (above - below) / (2.0 * step), 1e-6 * (1.0 + fabs(gradient[k][d])));
    }
}

static void gradients_are_those_of_the_energy(void **state) {
  (void)state;
  for (int ace = 0; ace < 2; ++ace) {
    xp_potential *potential = ace ? read_ace(false) : read_snap();
    xp_error error = {0};
    xp_assert_ok(xp_potential_add_zbl(potential, INNER, OUTER, &error), &error);
    xp_plan *plan = compile(potential);
    for (double distance = 0.3; distance < 2.3; distance += 0.17) check_gradient(plan, distance);
    xp_plan_free(plan);
    xp_potential_free(potential);
  }
}

static void plans_say_what_repels(void **state) {
  (void)state;
  xp_potential *potential = read_ace(false);
  xp_plan *plan = compile(potential);
  assert_null(xp_plan_repulsion(plan, 0, 1).form);
  assert_true(xp_plan_repulsion(plan, 0, 1).nearest > 0.0);
  xp_plan_free(plan);
  xp_error error = {0};
  xp_assert_ok(xp_potential_add_zbl(potential, INNER, OUTER, &error), &error);
  plan = compile(potential);
  xp_repulsion repulsion = xp_plan_repulsion(plan, 0, 1);
  assert_string_equal(repulsion.form, "ZBL");
  xp_assert_close(repulsion.outer, OUTER, 1e-12);
  xp_assert_close(repulsion.inner, INNER, 1e-12);
  assert_false(xp_plan_adds_zbl(plan));
  xp_plan_free(plan);
  xp_potential_free(potential);
  potential = read_ace(true);
  plan = compile(potential);
  assert_string_equal(xp_plan_repulsion(plan, 0, 0).form, "exponential");
  xp_assert_close(xp_plan_repulsion(plan, 0, 0).outer, 1.2, 1e-12);
  xp_plan_free(plan);
  xp_potential_free(potential);
}

static void snap_is_added_to(void **state) {
  (void)state;
  xp_potential *potential = read_snap();
  xp_plan *bare = compile(potential);
  xp_error error = {0};
  xp_assert_ok(xp_potential_add_zbl(potential, INNER, OUTER, &error), &error);
  xp_plan *plan = compile(potential);
  assert_true(xp_plan_adds_zbl(plan) && !xp_plan_adds_zbl(bare));
  double far[NEIGHBOURS][3] = {{2.0, 0, 0}, {0, 2.1, 0}, {0, 0, 2.2}}, gradient[NEIGHBOURS][3] = {{0}};
  xp_assert_close(evaluate(plan, (const double(*)[3])far, gradient), evaluate(bare, (const double(*)[3])far, gradient),
                  0.0);
  far[0][0] = 0.5;
  assert_true(evaluate(plan, (const double(*)[3])far, gradient) >
              evaluate(bare, (const double(*)[3])far, gradient) + 10.0);
  xp_plan_free(bare);
  xp_plan_free(plan);
  xp_potential_free(potential);
}

static void others_refuse(void **state) {
  (void)state;
  xp_error error = {0};
  xp_potential *potential = read_ace(true);
  assert_int_equal(xp_potential_add_zbl(potential, INNER, OUTER, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "found an exponential one of Si and Si");
  xp_potential_free(potential);
  potential = read_ace(false);
  assert_int_equal(xp_potential_add_zbl(potential, INNER, 1.1, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "expected OUTER from the inner cutoff of the potential, 1.2");
  assert_int_equal(xp_potential_add_zbl(potential, 2.0, 1.0, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "expected 0 < INNER < OUTER");
  xp_assert_ok(xp_potential_add_zbl(potential, INNER, OUTER, &error), &error);
  assert_int_equal(xp_potential_add_zbl(potential, INNER, OUTER, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "fades into ZBL for all pairs");
  xp_potential_free(potential);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_are_those_of_the_energy),
      cmocka_unit_test(plans_say_what_repels),
      cmocka_unit_test(snap_is_added_to),
      cmocka_unit_test(others_refuse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
