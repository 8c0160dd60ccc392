/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Losses of a user's own: expressions over metrics, and commands that read them. */
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "objective/objective.h"
#include "objective_testing.h"

static int set_up(void **state) {
  (void)state;
  xp_testing_write_data(30);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  xp_testing_remove();
  return 0;
}

static xp_trial run(const char *rest) {
  xp_error error = {0};
  xp_trial trial = {0};
  xp_config *config = xp_testing_config("\"holdout\": 0.25", rest);
  xp_objective *objective;
  xp_task task = {.number = 3, .fidelity = 1.0, .folder = xp_testing_folder()};
  xp_fit_threads(config);
  xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
  xp_assert_ok(xp_objective_run(objective, &task, &trial, &error), &error);
  xp_objective_free(objective);
  xp_config_free(config);
  return trial;
}

static int find(const xp_trial *trial, const char *name) {
  for (int m = 0; m < trial->nmetrics; ++m)
    if (strcmp(trial->metrics[m].name, name) == 0) return m;
  return -1;
}

static double metric(const xp_trial *trial, const char *name) {
  int m = find(trial, name);
  if (m < 0) fail_msg("there is no metric %s", name);
  return trial->metrics[m].value;
}

/* What an expression uses is recorded. */
static void test_expression(void **state) {
  (void)state;
  xp_trial plain = run(""), own = run("\"loss\": {\"expression\": \"3 * loss + {energy_mae_mev_per_atom:B}\"}");
  assert_int_equal(find(&plain, "loss"), -1);
  assert_int_equal(find(&plain, "us_per_atom"), -1);
  assert_true(metric(&own, "loss") == plain.loss);
  xp_assert_close(own.loss, 3.0 * plain.loss + metric(&own, "energy_mae_mev_per_atom:B"), 1e-12);
  xp_trial_clear(&plain);
  xp_trial_clear(&own);
}

static void test_cost_when_used(void **state) {
  (void)state;
  xp_trial trial = run("\"loss\": {\"expression\": \"us_per_atom\"}, \"cost\": {\"atoms\": 20}");
  assert_true(trial.loss > 0.0 && trial.loss < 1e6);
  assert_true(metric(&trial, "us_per_atom") == trial.loss);
  xp_trial_clear(&trial);
}

static void test_not_finite(void **state) {
  (void)state;
  xp_trial trial = run("\"loss\": {\"expression\": \"ln(0 - loss)\"}");
  assert_int_equal(trial.status, XP_TRIAL_FAILED);
  assert_non_null(strstr(trial.reason, "the loss is not a finite number: loss.expression ln(0 - loss)"));
  xp_trial_clear(&trial);
}

static void test_unknown_name(void **state) {
  (void)state;
  xp_error error = {0};
  xp_objective *objective;
  xp_config *config = xp_testing_config("\"folds\": 3", "\"loss\": {\"expression\": \"forces_rmse_ev_per_ang\"}");
  assert_int_equal(xp_objective_new(&objective, config, 1, NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "force_rmse_ev_per_ang");
  xp_config_free(config);
}

/* A metric that a search wants is recorded on request. */
static void test_request(void **state) {
  (void)state;
  xp_error error = {0};
  xp_trial trial = {0};
  xp_objective *objective;
  xp_task task = {.number = 1, .fidelity = 1.0};
  xp_place place = {"input.json", 3, 4};
  xp_config *config = xp_testing_config("\"holdout\": 0.25", "\"cost\": {\"atoms\": 10}");
  xp_assert_ok(xp_objective_new(&objective, config, 1, NULL, &error), &error);
  xp_assert_ok(xp_objective_record(objective, "us_per_atom", place, &error), &error);
  assert_int_equal(xp_objective_record(objective, "us_per_atoms", place, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "input.json:3:4: \"us_per_atoms\" is not a metric of trials; did you mean \"us_per_atom\"");
  xp_error_clear(&error);
  xp_assert_ok(xp_objective_run(objective, &task, &trial, &error), &error);
  assert_true(metric(&trial, "us_per_atom") > 0.0);
  xp_trial_clear(&trial);
  xp_objective_free(objective);
  xp_config_free(config);
}

static void write_script(const char *text) {
  xp_error error = {0};
  const char *path = xp_testing_path("score.sh");
  xp_assert_ok(xp_file_write(path, text, strlen(text), &error), &error);
  assert_int_equal(chmod(path, 0700), 0);
}

/* It runs beside the input, and reads trial and metrics. */
static void test_command(void **state) {
  (void)state;
  write_script("#!/bin/sh\ngrep -q '\"trial\":.*3' \"$2\" || exit 9\n"
               "awk -F '[:,]' '/\"force_loss\"/ { print $1 * 2 + $2 * '\"$1\"' }' \"$2\"\n");
  xp_trial plain = run(""), own = run("\"loss\": {\"command\": \"./score.sh 2\"}");
  if (own.status == XP_TRIAL_FAILED) fail_msg("%s", own.reason);
  xp_assert_close(own.loss, 2.0 * metric(&plain, "force_loss"), 1e-5);
  xp_trial_clear(&plain);
  xp_trial_clear(&own);
  assert_int_not_equal(access(xp_testing_path("scratch-3"), F_OK), 0);
}

static void expect_failure(const char *script, const char *reason) {
  write_script(script);
  xp_trial trial = run("\"loss\": {\"command\": \"./score.sh\"}");
  assert_int_equal(trial.status, XP_TRIAL_FAILED);
  if (!strstr(trial.reason, reason)) fail_msg("expected %s, found %s", reason, trial.reason);
  xp_trial_clear(&trial);
}

static void test_failing_commands(void **state) {
  (void)state;
  expect_failure("#!/bin/sh\necho 1\nexit 3\n", "loss.command ./score.sh ended with exit status 3");
  expect_failure("#!/bin/sh\nkill -9 $$\n", "exit status 137");
  expect_failure("#!/bin/sh\necho it is 5\n", "expected one number, found \"it is 5\"");
  expect_failure("#!/bin/sh\n", "expected one number, found \"\"");
  expect_failure("#!/bin/sh\necho nan\n", "not a finite number");
  expect_failure("#!/bin/sh\nyes 1 | head -n 100000\n", "expected one number");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_expression),      cmocka_unit_test(test_cost_when_used),
                                     cmocka_unit_test(test_not_finite),      cmocka_unit_test(test_unknown_name),
                                     cmocka_unit_test(test_request),         cmocka_unit_test(test_command),
                                     cmocka_unit_test(test_failing_commands)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
