/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Predictions while fitting are those of the potential that is written: the basis expanded into plain products and
 * evaluated as pair_style xpotace does. */
#include <math.h>

#include "training_testing.h"
#include "xpot/potential.h"

enum { COMBINATIONS = 64 };

static void compare(const training_case *c, const xp_structure *expected, const char *what) {
  int natoms = c->structure->natoms;
  double(*forces)[3] = calloc((size_t)natoms, sizeof *forces);
  assert_non_null(forces);
  xp_ace_fit_labels out = training_predict(c, forces);
  double scale = 1.0;
  for (int a = 0; a < natoms; ++a)
    for (int d = 0; d < 3; ++d) scale = fmax(scale, fabs(expected->forces[a][d]));
  if (!(fabs(out.energy - expected->energy) <= 1e-9 * (1.0 + fabs(expected->energy))))
    fail_msg("%s: energy %.15g, expected %.15g", what, out.energy, expected->energy);
  for (int a = 0; a < natoms; ++a)
    for (int d = 0; d < 3; ++d)
      if (!(fabs(forces[a][d] - expected->forces[a][d]) <= 1e-8 * scale))
        fail_msg("%s: force %d of atom %d is %.12g, expected %.12g", what, d, a, forces[a][d], expected->forces[a][d]);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      if (!(fabs(out.virial[a][b] - expected->virial[a][b]) <= 1e-8 * natoms * scale))
        fail_msg("%s: virial %d %d is %.12g, expected %.12g", what, a, b, out.virial[a][b], expected->virial[a][b]);
  free(forces);
}

static void check(const training_options *options, int natoms, double cell, double distance) {
  training_case c;
  xp_error error = {0};
  training_open(&c, options, natoms, cell, distance);
  xp_potential potential = {.kind = XP_KIND_ACE};
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_structure *labelled = NULL;
  xp_assert_ok(xp_ace_basis_convert(c.basis, &potential.ace, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, &potential, training_elements, options->nelements, XP_PRECISION_DOUBLE, &error),
               &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate_structure(plan, workspace, c.structure, &labelled, &error), &error);
  compare(&c, labelled, training_name(options));
  xp_structure_free(labelled);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_ace_model_free(potential.ace);
  training_close(&c);
}

static void test_clusters(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; ++k) check(&list[k], 9, 0.0, 1.9);
}

/* Cells smaller than the cutoff, where an atom sees its own images. */
static void test_crystals(void **state) {
  (void)state;
  training_options list[COMBINATIONS];
  int count = training_combinations(list, COMBINATIONS);
  for (int k = 0; k < count; ++k) check(&list[k], 1 + k % 12, 5.0, 1.8);
}

static void test_free_atom(void **state) {
  (void)state;
  training_options options = {2, XP_ACE_SBESSEL, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 5};
  training_case c;
  double force[1][3];
  training_open(&c, &options, 1, 0.0, 1.0);
  xp_ace_fit_labels out = training_predict(&c, force);
  int species = strcmp(c.structure->symbols[0], "Ge") == 0;
  xp_assert_close(out.energy, c.basis->e0[species], 1e-14);
  for (int d = 0; d < 3; ++d) xp_assert_close(force[0][d], 0.0, 1e-14);
  training_close(&c);
}

static void test_round_trip(void **state) {
  (void)state;
  training_options options = {3, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 6};
  training_case c;
  training_open(&c, &options, 3, 0.0, 2.0);
  double *again = calloc((size_t)c.layout.ntotal, sizeof *again);
  assert_non_null(again);
  for (int p = 0; p < c.layout.ntotal; ++p) c.parameters[p] += 0.001 * p;
  xp_ace_fit_put(c.fit, c.parameters, c.basis);
  xp_ace_fit_get(c.fit, c.basis, again);
  assert_memory_equal(again, c.parameters, (size_t)c.layout.ntotal * sizeof *again);
  free(again);
  training_close(&c);
}

static void test_refuses_functions_outside(void **state) {
  (void)state;
  training_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 1, 7};
  xp_ace_basis *basis = training_basis(&options);
  xp_ace_fit *fit = NULL;
  xp_error error = {0};
  basis->functions[0][basis->nfunctions[0] - 1].ns[0] = 99;
  assert_int_equal(xp_ace_fit_new(&fit, basis, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "n = 99");
  assert_null(fit);
  xp_ace_basis_free(basis);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_clusters), cmocka_unit_test(test_crystals),
                                     cmocka_unit_test(test_free_atom), cmocka_unit_test(test_round_trip),
                                     cmocka_unit_test(test_refuses_functions_outside)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
