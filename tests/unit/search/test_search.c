/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "problems.h"
#include "search/design.h"
#include "testing/temporary.h"

enum { SEEDS = 5 };

/* Runs a search in a folder of its own. */
static xp_search_summary run(const xp_search_settings *settings, const xp_problem *problem,
                             xp_search_objective objective, void *user) {
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_space *space = problem->space();
  xp_search_summary summary;
  xp_error error = {0};
  xp_assert_ok(xp_search_run(settings, space, objective, user, path, &summary, &error), &error);
  xp_space_free(space);
  free(path);
  xp_test_folder_remove(folder);
  return summary;
}

/* ---- better than not thinking ---- */

static double best_of_search(const xp_problem *problem, uint64_t seed) {
  xp_search_settings settings = xp_problem_settings(problem, seed);
  xp_search_summary summary = run(&settings, problem, xp_problem_evaluate, (void *)problem);
  assert_int_equal(summary.cause, XP_STOP_TRIALS);
  assert_int_equal(summary.progress.trial, problem->trials);
  double best = summary.progress.best_loss;
  xp_assert_close(problem->function(summary.best_values), best, 0.0);
  xp_search_summary_clear(&summary);
  return best;
}

static double best_of_design(const xp_problem *problem, const double *units) {
  xp_space *space = problem->space();
  int ndims = xp_space_count(space);
  double best = INFINITY, values[16];
  for (int i = 0; i < problem->trials; ++i) {
    xp_space_sample(space, units + i * ndims, values);
    best = fmin(best, problem->function(values));
  }
  xp_space_free(space);
  return best;
}

static double best_of_random(const xp_problem *problem, int ndims, uint64_t seed, double *units) {
  xp_test_random random = {seed};
  for (int i = 0; i < problem->trials * ndims; ++i) units[i] = xp_test_uniform(&random, 0.0, 1.0);
  return best_of_design(problem, units);
}

static double best_of_hammersley(const xp_problem *problem, int ndims, uint64_t seed, double *units) {
  xp_error error = {0};
  xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, problem->trials, ndims, seed, units, &error), &error);
  return best_of_design(problem, units);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* In every seed the distance to the minimum must be below limit; its median must be below a share of the medians of random
 * search and of a Hammersley design of all trials. */
static void compare(const xp_problem *problem, double limit, double share) {
  xp_space *space = problem->space();
  int ndims = xp_space_count(space);
  xp_space_free(space);
  double *units = malloc((size_t)(problem->trials * ndims) * sizeof *units);
  assert_non_null(units);
  double search[SEEDS], random[SEEDS], hammersley[SEEDS];
  for (int i = 0; i < SEEDS; ++i) {
    search[i] = best_of_search(problem, (uint64_t)i + 1) - problem->minimum;
    random[i] = best_of_random(problem, ndims, (uint64_t)i + 1, units) - problem->minimum;
    hammersley[i] = best_of_hammersley(problem, ndims, (uint64_t)i + 1, units) - problem->minimum;
  }
  free(units);
  qsort(search, SEEDS, sizeof *search, ascending);
  qsort(random, SEEDS, sizeof *random, ascending);
  qsort(hammersley, SEEDS, sizeof *hammersley, ascending);
  print_message("%s, %d trials, %d seeds, best loss above the minimum: search median %.3g (worst %.3g), random %.3g, "
                "Hammersley %.3g\n",
                problem->name, problem->trials, SEEDS, search[SEEDS / 2], search[SEEDS - 1], random[SEEDS / 2],
                hammersley[SEEDS / 2]);
  assert_true(search[SEEDS - 1] < limit);
  assert_true(search[SEEDS / 2] < share * random[SEEDS / 2]);
  assert_true(search[SEEDS / 2] < share * hammersley[SEEDS / 2]);
}

static void finds_the_minimum_of_branin(void **state) {
  (void)state;
  compare(&xp_problem_branin, 0.1, 0.05);
}

static void finds_the_minimum_of_hartmann(void **state) {
  (void)state;
  compare(&xp_problem_hartmann, 0.5, 0.2);
}

static void finds_the_minimum_of_a_mixed_space(void **state) {
  (void)state;
  compare(&xp_problem_fit, 0.02, 0.2);
}

/* ---- discrete spaces ---- */

typedef struct visits {
  int count[7][4];
} visits;

static xp_status visit(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  visits *v = user;
  ++v->count[(int)values[0]][(int)values[1]];
  return xp_problem_evaluate((void *)&xp_problem_tiny, trial, values, result, error);
}

/* Twenty-four points, a hundred trials allowed: each point once, then the end. */
static void tries_no_point_twice(void **state) {
  (void)state;
  visits v = {0};
  xp_search_settings settings = xp_problem_settings(&xp_problem_tiny, 3);
  xp_search_summary summary = run(&settings, &xp_problem_tiny, visit, &v);
  assert_int_equal(summary.cause, XP_STOP_EXHAUSTED);
  assert_int_equal(summary.progress.trial, 24);
  for (int n = 1; n <= 6; ++n)
    for (int choice = 0; choice < 4; ++choice) assert_int_equal(v.count[n][choice], 1);
  assert_true(summary.progress.best_trial <= 15);
  xp_search_summary_clear(&summary);
}

static xp_status distance_from_one(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  (void)user, (void)trial, (void)error;
  result->loss = fabs(values[0] - 1.0);
  return XP_OK;
}

/* One dimension of each kind, and a real range with two doubles in it: the end is found, without a point twice. */
static void copes_with_the_smallest_spaces(void **state) {
  (void)state;
  static const char *const choices[] = {"no", "yes"};
  static const int expected[4] = {12, 2, 12, 2};
  const xp_place nowhere = {0};
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  for (int kind = 0; kind < 4; ++kind) {
    xp_space *space = NULL;
    xp_search_summary summary;
    xp_error error = {0};
    xp_assert_ok(xp_space_new(&space, &error), &error);
    if (kind == 0) xp_assert_ok(xp_space_add_real(space, "x", -3.0, 4.0, false, nowhere, &error), &error);
    if (kind == 1) xp_assert_ok(xp_space_add_choice(space, "x", choices, 2, nowhere, &error), &error);
    if (kind == 2) xp_assert_ok(xp_space_add_integer(space, "x", 1.0, 1e6, true, nowhere, &error), &error);
    if (kind == 3)
      xp_assert_ok(xp_space_add_real(space, "x", 1.0, nextafter(1.0, 2.0), false, nowhere, &error), &error);
    xp_search_settings settings = xp_search_settings_default(space);
    settings.stop.trials = 12;
    xp_assert_ok(xp_search_run(&settings, space, distance_from_one, NULL, path, &summary, &error), &error);
    assert_int_equal(summary.progress.trial, expected[kind]);
    assert_true(summary.progress.best_loss < 0.05);
    xp_search_summary_clear(&summary);
    xp_space_free(space);
    remove(path);
  }
  free(path);
  xp_test_folder_remove(folder);
}

/* ---- failures ---- */

/* Fails where rcutfac is below 4.2, in three different ways, and is the fit problem elsewhere. */
static xp_status fail_below(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  int *failures = user;
  if (values[0] >= 4.2) return xp_problem_evaluate((void *)&xp_problem_fit, trial, values, result, error);
  switch (++*failures % 3) {
  case 0:
    result->loss = NAN;
    return XP_OK;
  case 1:
    result->loss = INFINITY;
    return XP_OK;
  default:
    xp_trial_fail(result, "the matrix of trial %d is singular", trial);
    return XP_OK;
  }
}

static void failed_trials_are_recorded_and_avoided(void **state) {
  (void)state;
  int failures = 0;
  xp_search_settings settings = xp_problem_settings(&xp_problem_fit, 4);
  xp_search_summary summary = run(&settings, &xp_problem_fit, fail_below, &failures);
  assert_int_equal(summary.progress.trial, 60);
  assert_int_equal(summary.progress.failed, failures);
  assert_in_range(failures, 3, 20); /* two fifths of the space fail; a design of 60 would meet 24 */
  assert_true(summary.progress.best_loss < xp_problem_fit.minimum + 0.02);
  xp_search_summary_clear(&summary);
}

static xp_status always_nan(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  (void)user, (void)trial, (void)values, (void)error;
  result->loss = NAN;
  return XP_OK;
}

static void survives_without_any_success(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_space *space = xp_problem_branin.space();
  xp_search_settings settings = xp_problem_settings(&xp_problem_branin, 1);
  settings.stop.trials = 12;
  xp_search_summary summary;
  xp_error error = {0};
  xp_assert_ok(xp_search_run(&settings, space, always_nan, NULL, path, &summary, &error), &error);
  assert_int_equal(summary.progress.failed, 12);
  assert_int_equal(summary.progress.best_trial, 0);
  assert_null(summary.best_values);
  xp_search_summary_clear(&summary);
  char *text = xp_text_read(path, NULL);
  assert_non_null(strstr(text, "\"failed\":\"the loss is nan, not a finite number\""));
  free(text);
  xp_space_free(space);
  free(path);
  xp_test_folder_remove(folder);
}

static xp_status break_at_five(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  if (trial == 5) return xp_error_set(error, XP_ERROR_IO, "no room for trial 5");
  return xp_problem_evaluate(user, trial, values, result, error);
}

/* An error of the objective ends the search; run again, it goes on with that very trial. */
static void errors_end_the_search(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_space *space = xp_problem_branin.space();
  xp_search_settings settings = xp_problem_settings(&xp_problem_branin, 1);
  settings.stop.trials = 8;
  xp_search_summary summary;
  xp_error error = {0};
  void *user = (void *)&xp_problem_branin;
  assert_int_equal(xp_search_run(&settings, space, break_at_five, user, path, &summary, &error), XP_ERROR_IO);
  assert_string_equal(error.message, "no room for trial 5");
  xp_assert_ok(xp_search_run(&settings, space, xp_problem_evaluate, user, path, &summary, &error), &error);
  assert_int_equal(summary.resumed, 4);
  assert_int_equal(summary.progress.trial, 8);
  xp_search_summary_clear(&summary);
  xp_space_free(space);
  free(path);
  xp_test_folder_remove(folder);
}

/* ---- stopping and settings ---- */

static void stops_for_each_rule(void **state) {
  (void)state;
  volatile sig_atomic_t flag = 0;
  xp_stop stop = xp_stop_default();
  stop.trials = 50;
  stop.interrupt = &flag;
  xp_search_progress progress = {.trial = 20,
                                 .started = 20,
                                 .best_trial = 11,
                                 .best_loss = 0.5,
                                 .best_fidelity = 1.0,
                                 .best_within = true,
                                 .since_best = 9,
                                 .seconds = 10.0};
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_NONE);
  stop.plateau = 9;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_PLATEAU);
  stop.plateau = 10;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_NONE);
  stop.seconds = 10.0;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_SECONDS);
  stop.seconds = 10.5;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_NONE);
  stop.target_loss = 0.5;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_TARGET);
  progress.best_within = false;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_NONE);
  progress.best_within = true;
  progress.best_fidelity = 0.3;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_NONE);
  stop.target_loss = 0.4;
  stop.trials = 20;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_TRIALS);
  flag = 1;
  assert_int_equal(xp_stop_test(&stop, &progress), XP_STOP_INTERRUPT);
}

static void count_progress(void *user, const xp_search_progress *progress) {
  int *calls = user;
  assert_int_equal(progress->trial, *calls);
  assert_int_equal(progress->trials, 40);
  assert_int_equal(isnan(progress->seconds_left), *calls == 0);
  ++*calls;
}

static void stops_at_the_target(void **state) {
  (void)state;
  int calls = 0;
  xp_search_settings settings = xp_problem_settings(&xp_problem_branin, 1);
  settings.stop.target_loss = 1.0;
  settings.progress = count_progress;
  settings.hook_user = &calls;
  xp_search_summary summary = run(&settings, &xp_problem_branin, xp_problem_evaluate, (void *)&xp_problem_branin);
  assert_int_equal(summary.cause, XP_STOP_TARGET);
  assert_true(summary.progress.best_loss <= 1.0);
  assert_int_equal(summary.progress.best_trial, summary.progress.trial);
  assert_int_equal(calls, summary.progress.trial + 1);
  xp_search_summary_clear(&summary);
}

static void refuses_bad_settings(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_search_settings good = xp_search_settings_default(space), bad[6];
  assert_int_equal(good.proposal.initial, 6);
  for (int i = 0; i < 6; ++i) bad[i] = good;
  bad[0].proposal.initial = 0;
  bad[1].stop.trials = 0;
  bad[2].stop.plateau = -1;
  bad[3].stop.seconds = NAN;
  bad[4].proposal.seed = ((uint64_t)1 << 53) + 1;
  bad[5].proposal.xi = -0.5;
  static const char *const sentences[6] = {"at least 1 initial point, found 0",
                                           "at least 1 trial, found 0",
                                           "plateau",
                                           "time limit",
                                           "a seed of at most 2^53",
                                           "xi of 0 or more"};
  for (int i = 0; i < 6; ++i) {
    xp_search_summary summary;
    xp_error error = {0};
    assert_int_equal(xp_search_run(&bad[i], space, always_nan, NULL, "/nowhere/journal", &summary, &error),
                     XP_ERROR_INPUT);
    xp_assert_message(&error, sentences[i]);
  }
  xp_search_summary summary;
  xp_error error = {0};
  assert_int_equal(xp_search_run(&good, space, always_nan, NULL, "/nowhere/journal", &summary, &error), XP_ERROR_IO);
  xp_assert_message(&error, "/nowhere/journal: cannot open the journal: No such file or directory");
  xp_space_free(space);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_the_minimum_of_branin),
      cmocka_unit_test(finds_the_minimum_of_hartmann),
      cmocka_unit_test(finds_the_minimum_of_a_mixed_space),
      cmocka_unit_test(tries_no_point_twice),
      cmocka_unit_test(copes_with_the_smallest_spaces),
      cmocka_unit_test(failed_trials_are_recorded_and_avoided),
      cmocka_unit_test(survives_without_any_success),
      cmocka_unit_test(errors_end_the_search),
      cmocka_unit_test(stops_for_each_rule),
      cmocka_unit_test(stops_at_the_target),
      cmocka_unit_test(refuses_bad_settings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
