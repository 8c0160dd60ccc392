/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures of error against numbers computed by hand. */
#include "data/errors.h"

#include <math.h>

#include "testing/testing.h"

static xp_structure *make(int natoms, double energy, bool forces) {
  xp_structure *structure;
  xp_error error = {0};
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  structure->has_energy = true;
  structure->energy = energy;
  if (forces) structure->forces = calloc((size_t)natoms, sizeof *structure->forces);
  return structure;
}

/* Cells of 2 and 8 atoms, energy errors 0.02 and -0.04 eV; two atoms with force errors (0.1,0,0) and (0,0.2,0.2). */
static void add_example(xp_errors *errors) {
  xp_structure *two = make(2, -1.0, true), *eight = make(8, -5.0, true);
  xp_structure *two_predicted = make(2, -0.98, true), *eight_predicted = make(8, -5.04, true);
  two_predicted->forces[1][0] = 0.1;
  eight_predicted->forces[5][1] = -0.2;
  eight_predicted->forces[5][2] = 0.2;
  xp_errors_add(errors, two, two_predicted);
  xp_errors_add(errors, eight, eight_predicted);
  xp_structure_free(two);
  xp_structure_free(eight);
  xp_structure_free(two_predicted);
  xp_structure_free(eight_predicted);
}

static void test_worked_example(void **state) {
  (void)state;
  xp_errors errors = {0};
  add_example(&errors);
  xp_assert_close(xp_errors_energy_rmse(&errors), 7.90569, 1e-5);
  xp_assert_close(xp_errors_energy_mae(&errors), 7.5, 1e-12);
  xp_assert_close(xp_errors_force_rmse(&errors), 0.05477226, 1e-8);
  xp_assert_close(xp_errors_force_mae(&errors), 0.5 / 30.0, 1e-12);
  assert_true(isnan(xp_errors_virial_rmse(&errors)));
}

static void test_virial(void **state) {
  (void)state;
  xp_errors errors = {0};
  xp_structure *reference = make(4, 0.0, false), *predicted = make(4, 0.0, false);
  reference->has_virial = predicted->has_virial = true;
  predicted->virial[0][1] = predicted->virial[1][0] = 0.6; /* one of six components, 0.15 eV an atom */
  xp_errors_add(&errors, reference, predicted);
  xp_assert_close(xp_errors_virial_rmse(&errors), 150.0 / sqrt(6.0), 1e-9);
  xp_assert_close(xp_errors_virial_mae(&errors), 25.0, 1e-9);
  xp_structure_free(reference);
  xp_structure_free(predicted);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_worked_example), cmocka_unit_test(test_virial)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
