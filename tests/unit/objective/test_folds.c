/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of cross-validation are those of fits made one by one to files without the fold. */
#include <math.h>

#include "data/predict.h"
#include "data/selection.h"
#include "objective/objective.h"
#include "objective_testing.h"

enum { STRUCTURES = 40, FOLDS = 4 };

static int set_up(void **state) {
  (void)state;
  xp_testing_write_data(STRUCTURES);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  xp_testing_remove();
  return 0;
}

static xp_objective *open_objective(const xp_config *config) {
  xp_objective *objective;
  xp_error error = {0};
  xp_fit_threads(config);
  xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
  return objective;
}

static double metric(const xp_trial *trial, const char *name) {
  for (int m = 0; m < trial->nmetrics; ++m)
    if (strcmp(trial->metrics[m].name, name) == 0) return trial->metrics[m].value;
  fail_msg("there is no metric %s", name);
  return NAN;
}

/* Fits to a selection as to a file, and adds its errors on what was left out to sums. */
static double fit_without(const xp_config *config, const xp_data *data, const bool *left_out, const xp_loss_form *form,
                          xp_loss_sums *sums, xp_errors *errors) {
  xp_error error = {0};
  bool use[STRUCTURES];
  xp_data *rest;
  xp_fitter *fitter;
  xp_fit_result fit;
  xp_plan *plan;
  xp_structure *predicted[STRUCTURES];
  for (int s = 0; s < STRUCTURES; ++s) use[s] = !left_out[s];
  xp_assert_ok(xp_data_select(&rest, data, use, &error), &error);
  xp_fit_request request = {config, rest, NULL, 1, NULL};
  xp_assert_ok(xp_fitter_new(&fitter, &request, &error), &error);
  xp_assert_ok(xp_fitter_run(fitter, NULL, NULL, NULL, &fit, &error), &error);
  xp_assert_ok(xp_fit_result_plan(&fit, &plan, &error), &error);
  xp_assert_ok(xp_predict(plan, data, 1, NULL, predicted, &error), &error);
  xp_loss_sums own = {0};
  for (int s = 0; s < STRUCTURES; ++s)
    if (left_out[s]) {
      xp_loss_add(&own, form, data->set->structures[s], predicted[s]);
      xp_errors_add(errors, data->set->structures[s], predicted[s]);
    }
  xp_loss_join(sums, &own);
  xp_predict_clear(predicted, STRUCTURES);
  xp_plan_free(plan);
  xp_fit_result_clear(&fit);
  xp_fitter_free(fitter);
  xp_data_free_selection(rest);
  return xp_loss_total(form, &own);
}

static void test_pooled_errors(void **state) {
  (void)state;
  xp_error error = {0};
  xp_config *config = xp_testing_config("\"folds\": 4", "");
  xp_objective *objective = open_objective(config);
  const xp_sets *sets = xp_objective_sets(objective);
  const xp_loss_form *form = xp_objective_form(objective);
  xp_task task = {.number = 1, .fidelity = 1.0};
  xp_trial trial = {0};
  xp_assert_ok(xp_objective_run(objective, &task, &trial, &error), &error);
  assert_int_equal(trial.status, XP_TRIAL_OK);

  xp_loss_sums sums = {0};
  xp_errors errors = {0};
  double losses[FOLDS], mean = 0.0, square = 0.0;
  for (int f = 0; f < FOLDS; ++f) {
    bool left_out[STRUCTURES];
    for (int s = 0; s < STRUCTURES; ++s) left_out[s] = sets->fold[s] == f;
    losses[f] = fit_without(config, sets->train, left_out, form, &sums, &errors);
    mean += losses[f] / FOLDS;
  }
  for (int f = 0; f < FOLDS; ++f) square += (losses[f] - mean) * (losses[f] - mean);
  assert_int_equal(errors.nstructures, STRUCTURES);
  xp_assert_close(trial.loss, xp_loss_total(form, &sums), 1e-6 * trial.loss);
  xp_assert_close(metric(&trial, "energy_rmse_mev_per_atom"), xp_errors_energy_rmse(&errors),
                  1e-6 * xp_errors_energy_rmse(&errors));
  xp_assert_close(metric(&trial, "force_mae_ev_per_ang"), xp_errors_force_mae(&errors), 1e-7);
  xp_assert_close(metric(&trial, "fold_spread"), sqrt(square / (FOLDS - 1)), 1e-6);
  xp_trial_clear(&trial);
  xp_objective_free(objective);
  xp_config_free(config);
}

/* The structures held out are not fitted to. */
static void test_holdout(void **state) {
  (void)state;
  xp_error error = {0};
  xp_config *config = xp_testing_config("\"holdout\": 0.25", "");
  xp_objective *objective = open_objective(config);
  const xp_sets *sets = xp_objective_sets(objective);
  const xp_loss_form *form = xp_objective_form(objective);
  xp_task task = {.number = 1, .fidelity = 1.0};
  xp_trial trial = {0};
  xp_loss_sums sums = {0};
  xp_errors errors = {0};
  bool left_out[STRUCTURES] = {0};
  xp_assert_ok(xp_objective_run(objective, &task, &trial, &error), &error);
  for (int s = 0; s < STRUCTURES; ++s)
    for (int h = 0; h < sets->validate->set->nstructures; ++h)
      left_out[s] |= sets->held->set->structures[s] == sets->validate->set->structures[h];
  fit_without(config, sets->held, left_out, form, &sums, &errors);
  assert_int_equal(errors.nstructures, sets->validate->set->nstructures);
  xp_assert_close(trial.loss, xp_loss_total(form, &sums), 1e-12);
  xp_trial_clear(&trial);
  xp_objective_free(objective);
  xp_config_free(config);
}

/* A cheap trial is fitted to some of the structures and judged on all. */
static void test_fidelity(void **state) {
  (void)state;
  xp_error error = {0};
  xp_config *config = xp_testing_config("\"holdout\": 0.25", "");
  xp_objective *objective = open_objective(config);
  xp_task whole = {.number = 1, .fidelity = 1.0}, half = {.number = 2, .fidelity = 0.5};
  xp_trial a = {0}, b = {0}, c = {0};
  xp_assert_ok(xp_objective_run(objective, &whole, &a, &error), &error);
  xp_assert_ok(xp_objective_run(objective, &half, &b, &error), &error);
  xp_assert_ok(xp_objective_run(objective, &whole, &c, &error), &error);
  assert_true(a.loss == c.loss);
  assert_true(a.loss != b.loss);
  assert_true(metric(&b, "train_energy_rmse_mev_per_atom") < metric(&a, "train_energy_rmse_mev_per_atom"));
  xp_trial_clear(&a);
  xp_trial_clear(&b);
  xp_trial_clear(&c);
  xp_objective_free(objective);
  xp_config_free(config);
}

static void test_fingerprint(void **state) {
  (void)state;
  static const char *const inputs[][2] = {{"\"folds\": 4", ""},
                                          {"\"folds\": 5", ""},
                                          {"\"holdout\": 0.25", ""},
                                          {"\"folds\": 4", "\"search\": {\"seed\": 7}"},
                                          {"\"folds\": 4", "\"loss\": {\"error\": \"mae\"}"},
                                          {"\"folds\": 4", "\"loss\": {\"expression\": \"2 * loss\"}"},
                                          {"\"folds\": 4", "\"loss\": {\"energy_target\": 5, \"force_target\": 0.1}"}};
  enum { INPUTS = sizeof inputs / sizeof *inputs };
  char *texts[INPUTS];
  for (int i = 0; i < INPUTS; ++i) {
    xp_error error = {0};
    size_t size;
    FILE *stream = open_memstream(&texts[i], &size);
    xp_config *config = xp_testing_config(inputs[i][0], inputs[i][1]);
    xp_objective *objective = open_objective(config);
    xp_assert_ok(xp_objective_print_fingerprint(objective, stream, &error), &error);
    fclose(stream);
    for (int j = 0; j < i; ++j) assert_string_not_equal(texts[i], texts[j]);
    xp_objective_free(objective);
    xp_config_free(config);
  }
  for (int i = 0; i < INPUTS; ++i) free(texts[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_pooled_errors), cmocka_unit_test(test_holdout),
                                     cmocka_unit_test(test_fidelity), cmocka_unit_test(test_fingerprint)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
