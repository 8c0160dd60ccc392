/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Losses against numbers computed by hand. */
#include "objective/loss.h"

#include <math.h>

#include "objective_testing.h"
#include "xpot/structure.h"

static xp_structure *make(int natoms, double energy, bool forces) {
  xp_structure *structure;
  xp_error error = {0};
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  structure->has_energy = true;
  structure->energy = energy;
  if (forces) structure->forces = calloc((size_t)natoms, sizeof *structure->forces);
  return structure;
}

/* Cells of 2 and 8 atoms, energy errors 0.02 and -0.04 eV: 0.0141421 over the square root in both; two atoms with force errors
 * (0.1,0,0) and (0,-0.2,0.2). */
static xp_loss_sums example(const xp_loss_form *form) {
  xp_structure *two = make(2, -1.0, true), *eight = make(8, -5.0, true);
  xp_structure *two_predicted = make(2, -0.98, true), *eight_predicted = make(8, -5.04, true);
  xp_loss_sums sums = {0}, more = {0};
  two_predicted->forces[1][0] = 0.1;
  eight_predicted->forces[5][1] = -0.2;
  eight_predicted->forces[5][2] = 0.2;
  xp_loss_add(&sums, form, two, two_predicted);
  xp_loss_add(&more, form, eight, eight_predicted);
  xp_loss_join(&sums, &more);
  xp_structure_free(two);
  xp_structure_free(eight);
  xp_structure_free(two_predicted);
  xp_structure_free(eight_predicted);
  return sums;
}

static void test_squares(void **state) {
  (void)state;
  xp_loss_form vector = {.alpha = 0.7}, component = {.force = XP_LOSS_COMPONENT, .alpha = 0.7};
  xp_loss_sums sums = example(&vector), others = example(&component);
  xp_assert_close(xp_loss_of_energies(&vector, &sums), 0.01414214, 1e-8);
  xp_assert_close(xp_loss_of_forces(&vector, &sums), 0.09486833, 1e-8);
  xp_assert_close(xp_loss_total(&vector, &sums), 0.03836000, 1e-8);
  xp_assert_close(xp_loss_of_forces(&component, &others), 0.05477226, 1e-8);
  xp_assert_close(xp_loss_total(&component, &others), 0.02633117, 1e-8);
}

static void test_absolute_values(void **state) {
  (void)state;
  xp_loss_form vector = {.error = XP_LOSS_MAE, .alpha = 0.5};
  xp_loss_form component = {.error = XP_LOSS_MAE, .force = XP_LOSS_COMPONENT, .alpha = 0.5};
  xp_loss_sums sums = example(&vector), others = example(&component);
  xp_assert_close(xp_loss_of_energies(&vector, &sums), 0.02 / sqrt(2.0), 1e-15);
  xp_assert_close(xp_loss_of_forces(&vector, &sums), (0.1 + 0.2 * sqrt(2.0)) / 10, 1e-15);
  xp_assert_close(xp_loss_of_forces(&component, &others), 0.5 / 30, 1e-15);
}

/* Where no error is above the limits it is the root mean square; errors above count linearly, with value and slope of the
 * square at the limit. */
static void test_huber(void **state) {
  (void)state;
  xp_loss_form wide = {.error = XP_LOSS_HUBER, .huber_energy = 1.0, .huber_force = 1.0, .alpha = 0.7};
  xp_loss_form narrow = {.error = XP_LOSS_HUBER, .huber_energy = 0.01, .huber_force = 0.1, .alpha = 0.5};
  xp_loss_sums sums = example(&wide), others = example(&narrow);
  double length = 0.2 * sqrt(2.0), energy = 0.02 / sqrt(2.0);
  xp_assert_close(xp_loss_total(&wide, &sums), 0.03836000, 1e-8);
  xp_assert_close(xp_loss_of_energies(&narrow, &others), sqrt(0.02 * energy - 0.0001), 1e-15);
  xp_assert_close(xp_loss_of_forces(&narrow, &others), sqrt((0.01 + 0.2 * length - 0.01) / 10), 1e-15);
}

/* A share of zero makes a missing label harmless; otherwise the loss is not a number, and the trial fails. */
static void test_missing_labels(void **state) {
  (void)state;
  xp_loss_form energies = {.alpha = 1.0}, both = {.alpha = 0.5}, virials = {.alpha = 1.0, .virial_weight = 0.1};
  xp_structure *reference = make(2, -1.0, false), *predicted = make(2, -0.9, true);
  xp_loss_sums sums = {0};
  xp_loss_add(&sums, &energies, reference, predicted);
  xp_assert_close(xp_loss_total(&energies, &sums), 0.1 / sqrt(2.0), 1e-12);
  assert_true(isnan(xp_loss_total(&both, &sums)));
  assert_true(isnan(xp_loss_total(&virials, &sums)));
  xp_structure_free(reference);
  xp_structure_free(predicted);
}

static void test_virials(void **state) {
  (void)state;
  xp_loss_form form = {.alpha = 1.0, .virial_weight = 0.5};
  xp_structure *reference = make(4, 0.0, false), *predicted = make(4, 0.2, false);
  reference->has_virial = predicted->has_virial = true;
  predicted->virial[0][1] = predicted->virial[1][0] = 0.6; /* one of six components, 0.3 eV over the square root of 4 */
  xp_loss_sums sums = {0};
  xp_loss_add(&sums, &form, reference, predicted);
  xp_assert_close(xp_loss_of_virials(&form, &sums), 0.3 / sqrt(6.0), 1e-15);
  xp_assert_close(xp_loss_total(&form, &sums), 0.1 + 0.15 / sqrt(6.0), 1e-15);
  xp_structure_free(reference);
  xp_structure_free(predicted);
}

/* Predictions that miss every energy and every force component by their targets, forces in random directions. */
static xp_loss_sums miss(const xp_loss_form *form, const xp_data *data, double energy, double force) {
  xp_test_random random = {3};
  xp_loss_sums sums = {0};
  xp_error error = {0};
  for (int s = 0; s < data->set->nstructures; ++s) {
    xp_structure *predicted;
    xp_assert_ok(xp_structure_copy(&predicted, data->set->structures[s], &error), &error);
    predicted->energy += energy * predicted->natoms;
    for (int i = 0; i < predicted->natoms; ++i)
      for (int d = 0; d < 3; ++d) predicted->forces[i][d] += xp_test_uniform(&random, 0.0, 1.0) < 0.5 ? force : -force;
    xp_loss_add(&sums, form, data->set->structures[s], predicted);
    xp_structure_free(predicted);
  }
  return sums;
}

/* At the target accuracies both terms are the same; the mean length of vectors needs directions that are alike, which those
 * of the corners of a cube are not. */
static void test_targets(void **state) {
  (void)state;
  static const char *const forms[] = {"\"error\": \"rmse\"", "\"force\": \"component\"",
                                      "\"error\": \"mae\", \"force\": \"component\"",
                                      "\"error\": \"huber\", \"huber_energy\": 1, \"huber_force\": 1"};
  xp_testing_write_data(20);
  for (size_t f = 0; f < sizeof forms / sizeof *forms; ++f) {
    char rest[256];
    xp_error error = {0};
    xp_data *data;
    snprintf(rest, sizeof rest, "\"loss\": {%s, \"energy_target\": 5, \"force_target\": 0.1}", forms[f]);
    xp_config *config = xp_testing_config("", rest);
    xp_assert_ok(xp_data_read(&data, config->train, NULL, &error), &error);
    xp_loss_form form = xp_loss_form_of(config, data);
    xp_loss_sums sums = miss(&form, data, 0.005, 0.1);
    xp_assert_close(form.alpha * xp_loss_of_energies(&form, &sums),
                    (1.0 - form.alpha) * xp_loss_of_forces(&form, &sums), 1e-14);
    xp_data_free(data);
    xp_config_free(config);
  }
}

/* The formula for vectors: alpha = sqrt(3) f / (e sqrt(N) + sqrt(3) f); with absolute values 2 f and the mean root. */
static void test_formula(void **state) {
  (void)state;
  xp_structure *four = make(4, 0.0, false), *sixteen = make(16, 0.0, false), *all[] = {four, sixteen};
  xp_dataset set = {.structures = all, .nstructures = 2};
  xp_data data = {.set = &set, .nenergies = 2};
  xp_config config = {.energy_target = {.value = 10.0, .given = true}, .force_target = {.value = 0.1, .given = true}};
  double e = 0.01 * sqrt(10.0), f = 0.1 * sqrt(3.0);
  xp_assert_close(xp_loss_form_of(&config, &data).alpha, f / (e + f), 1e-15);
  config.loss_error.value = XP_LOSS_MAE;
  xp_assert_close(xp_loss_form_of(&config, &data).alpha, 0.2 / (0.03 + 0.2), 1e-15);
  xp_structure_free(four);
  xp_structure_free(sixteen);
}

static void test_refusals(void **state) {
  (void)state;
  xp_testing_refuse("", "\"loss\": {\"energy_target\": 5}", "give both or none");
  xp_testing_refuse("", "\"loss\": {\"energy_target\": 5, \"force_target\": 0.1, \"alpha\": 0.5}",
                    "remove it, or them");
  xp_testing_refuse("", "\"loss\": {\"error\": \"huber\"}", "needs loss.huber_energy");
  xp_testing_refuse("", "\"loss\": {\"huber_force\": 0.1}", "act only with loss.error \"huber\"");
  xp_testing_refuse("", "\"loss\": {\"expression\": \"loss\", \"command\": \"true\"}", "found both");
  xp_testing_refuse("\"folds\": 3, \"holdout\": 0.1", "", "found folds and holdout");
  xp_testing_refuse("\"folds\": 3, \"validate\": \"v.xyz\"", "", "found validate and folds");
  xp_testing_refuse("\"folds\": 1", "", "at least 2 folds");
}

static int clean(void **state) {
  (void)state;
  xp_testing_remove();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_squares), cmocka_unit_test(test_absolute_values),
                                     cmocka_unit_test(test_huber),   cmocka_unit_test(test_missing_labels),
                                     cmocka_unit_test(test_virials), cmocka_unit_test(test_targets),
                                     cmocka_unit_test(test_formula), cmocka_unit_test(test_refusals)};
  return cmocka_run_group_tests(tests, NULL, clean);
}
