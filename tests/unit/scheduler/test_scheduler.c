/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "journal/journal.h"
#include "problems.h"
#include "scheduler/scheduler.h"
#include "testing/temporary.h"

enum { SLOTS_MOST = 8, TRIALS = 40 };

static const double fidelities[3] = {0.1, 0.3, 1.0};

/* Somebody who makes several trials at a time and finishes them in an order of their own. */
typedef struct team {
  const xp_problem *problem;
  int slots;
  int number[SLOTS_MOST]; /* of the trial in each slot; 0: none */
  xp_trial result[SLOTS_MOST];
  int begun, most; /* trials it was given; running at a time */
  int fails_at;    /* this trial is an error that ends the search */
  xp_test_random random;
} team;

static int team_idle(void *user) {
  const team *t = user;
  int idle = 0;
  for (int i = 0; i < t->slots; ++i) idle += t->number[i] == 0;
  return idle;
}

/* A loss that less fidelity makes larger and rougher; metrics: "cost" falls as the loss rises. */
static xp_trial evaluate(const team *t, const double *values, double fidelity) {
  xp_trial trial = {.loss = t->problem->function(values) + (1.0 - fidelity) * (1.0 + 0.1 * sin(100.0 * values[0]))};
  xp_error error = {0};
  xp_assert_ok(xp_trial_add_metric(&trial, "cost", 100.0 - trial.loss, &error), &error);
  if (values[0] < -4.5) xp_trial_fail(&trial, "too far");
  return trial;
}

static xp_status team_submit(void *user, int number, const double *values, double fidelity, xp_error *error) {
  team *t = user;
  int slot = 0;
  if (number == t->fails_at) return xp_error_set(error, XP_ERROR_IO, "no room for trial %d", number);
  while (t->number[slot]) ++slot;
  assert_true(slot < t->slots);
  t->number[slot] = number;
  t->result[slot] = evaluate(t, values, fidelity);
  ++t->begun;
  int running = t->slots - team_idle(t);
  if (running > t->most) t->most = running;
  return XP_OK;
}

static xp_status team_wait(void *user, double seconds, int *number, xp_trial *result, xp_error *error) {
  team *t = user;
  int slot = xp_test_integer(&t->random, t->slots);
  (void)seconds, (void)error;
  *number = t->number[slot];
  if (!*number) return XP_OK;
  *result = t->result[slot];
  t->number[slot] = 0;
  return XP_OK;
}

static void disband(team *t) {
  for (int i = 0; i < t->slots; ++i)
    if (t->number[i]) xp_trial_clear(&t->result[i]);
}

static xp_search_settings settings_for(int trials, bool halving) {
  xp_search_settings settings = xp_problem_settings(&xp_problem_branin, 5);
  settings.stop.trials = trials;
  settings.fidelities = fidelities;
  settings.nfidelities = halving ? 3 : 0;
  return settings;
}

static xp_status execute(const xp_search_settings *settings, team *t, const char *path, xp_search_summary *summary,
                         xp_error *error) {
  xp_space *space = xp_problem_branin.space();
  xp_executor executor = {t, team_idle, team_submit, team_wait};
  t->problem = &xp_problem_branin;
  xp_status status = xp_search_execute(settings, space, &executor, path, summary, error);
  disband(t);
  xp_space_free(space);
  return status;
}

static xp_journal *read_journal(const xp_search_settings *settings, xp_space *space, const char *path) {
  xp_error error = {0};
  char *text = NULL;
  xp_journal *journal = NULL;
  xp_assert_ok(xp_search_settings_text(settings, space, &text, &error), &error);
  xp_journal_header header = {space, text, settings->fingerprint};
  xp_assert_ok(xp_journal_read(&journal, path, &header, &error), &error);
  free(text);
  return journal;
}

/* ---- several at a time ---- */

static void keeps_everybody_busy(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(TRIALS, false);
  xp_search_summary summary;
  xp_error error = {0};
  team t = {.slots = 4, .random = {3}};
  xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
  assert_int_equal(summary.cause, XP_STOP_TRIALS);
  assert_int_equal(summary.progress.trial, TRIALS);
  assert_int_equal(summary.progress.started, TRIALS);
  assert_int_equal(summary.progress.running, 0);
  assert_int_equal(t.begun, TRIALS);
  assert_int_equal(t.most, 4);
  xp_assert_close(xp_problem_branin.function(summary.best_values), summary.progress.best_loss, 0.0);
  xp_search_summary_clear(&summary);
  free(path);
  xp_test_folder_remove(folder);
}

/* Cut behind any line, the search makes what had started again, and then the rest: every trial once. */
static void goes_on_from_any_line(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(24, true);
  xp_search_summary summary;
  xp_error error = {0};
  team first = {.slots = 4, .random = {3}};
  xp_assert_ok(execute(&settings, &first, path, &summary, &error), &error);
  xp_search_summary_clear(&summary);
  char *whole = xp_text_read(path, NULL);
  for (const char *cut = strchr(whole, '\n'); cut; cut = strchr(cut + 1, '\n')) {
    size_t size = (size_t)(cut + 1 - whole);
    team t = {.slots = 3, .random = {size}};
    xp_text_write(path, whole, size);
    xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
    assert_int_equal(summary.progress.trial, 24);
    assert_int_equal(t.begun, 24 - summary.resumed);
    xp_search_summary_clear(&summary);
    char *found = xp_text_read(path, NULL);
    assert_memory_equal(found, whole, size);
    int lines = 0;
    for (const char *c = found; *c; ++c) lines += *c == '\n';
    assert_int_equal(lines, 1 + 2 * 24);
    free(found);
  }
  free(whole);
  free(path);
  xp_test_folder_remove(folder);
}

/* One at a time nothing but the journal decides: the same bytes, wherever it was cut. */
static void one_at_a_time_is_reproducible(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(24, true);
  xp_search_summary summary;
  xp_error error = {0};
  team first = {.slots = 1};
  xp_assert_ok(execute(&settings, &first, path, &summary, &error), &error);
  xp_search_summary_clear(&summary);
  char *whole = xp_text_read(path, NULL);
  for (const char *cut = strchr(whole, '\n'); cut; cut = strchr(cut + 1, '\n')) {
    team t = {.slots = 1};
    xp_text_write(path, whole, (size_t)(cut + 1 - whole));
    xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
    xp_search_summary_clear(&summary);
    char *found = xp_text_read(path, NULL);
    assert_string_equal(found, whole);
    free(found);
  }
  free(whole);
  free(path);
  xp_test_folder_remove(folder);
}

static void errors_leave_started_trials(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(10, false);
  xp_search_summary summary;
  xp_error error = {0};
  team failing = {.slots = 3, .fails_at = 7, .random = {3}}, sound = {.slots = 3, .random = {4}};
  assert_int_equal(execute(&settings, &failing, path, &summary, &error), XP_ERROR_IO);
  assert_string_equal(error.message, "no room for trial 7");
  xp_assert_ok(execute(&settings, &sound, path, &summary, &error), &error);
  assert_int_equal(summary.resumed, 4);
  assert_int_equal(sound.begun, 6);
  xp_search_summary_clear(&summary);
  free(path);
  xp_test_folder_remove(folder);
}

/* ---- successive halving ---- */

/* Of the trials of its fidelity before trial now, all finished. */
static bool belongs_to_best_third(const xp_journal *journal, int number, int now) {
  const xp_trial *trial = xp_journal_trial(journal, number);
  int all = 0, better = 0;
  for (int other = 1; other < now; ++other) {
    const xp_trial *o = xp_journal_trial(journal, other);
    if (o->fidelity != trial->fidelity) continue;
    ++all;
    better += o->status == XP_TRIAL_OK && o->loss < trial->loss;
  }
  return better < all / 3;
}

/* What goes on belongs to the best third of its fidelity. */
static void promotes_the_best(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_space *space = xp_problem_branin.space();
  xp_search_settings settings = settings_for(52, true);
  xp_search_summary summary;
  xp_error error = {0};
  team t = {.slots = 1};
  xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
  xp_journal *journal = read_journal(&settings, space, path);
  int count[3] = {0}, promoted[3] = {0};
  double mean[2] = {0}, mean_promoted[2] = {0};
  for (int number = 1; number <= xp_journal_count(journal); ++number) {
    const xp_trial *trial = xp_journal_trial(journal, number);
    int level = trial->fidelity == 0.1 ? 0 : trial->fidelity == 0.3 ? 1 : 2;
    ++count[level];
    if (level < 2) mean[level] += trial->loss;
    assert_int_equal(trial->of == 0, level == 0);
    if (trial->of == 0) continue;
    const xp_trial *from = xp_journal_trial(journal, trial->of);
    xp_assert_close(from->fidelity, fidelities[level - 1], 0.0);
    assert_int_equal(from->status, XP_TRIAL_OK);
    ++promoted[level - 1];
    mean_promoted[level - 1] += from->loss;
    assert_true(belongs_to_best_third(journal, trial->of, number));
  }
  print_message("trials of 0.1, 0.3, 1: %d %d %d\n", count[0], count[1], count[2]);
  assert_int_equal(count[0] + count[1] + count[2], 52);
  assert_true(promoted[0] >= count[0] / 3 - 1 && promoted[1] >= count[1] / 3 - 1);
  assert_true(count[2] >= 3);
  assert_true(mean_promoted[0] / promoted[0] < mean[0] / count[0]);
  xp_assert_close(summary.progress.best_fidelity, 1.0, 0.0);
  xp_assert_close(xp_problem_branin.function(summary.best_values), summary.progress.best_loss, 0.0);
  xp_search_summary_clear(&summary);
  xp_journal_free(journal);
  xp_space_free(space);
  free(path);
  xp_test_folder_remove(folder);
}

static void the_best_has_the_highest_fidelity(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  static const int trials[3] = {2, 5, 20};
  for (int i = 0; i < 3; ++i) {
    xp_search_settings settings = settings_for(trials[i], true);
    xp_search_summary summary;
    xp_error error = {0};
    team t = {.slots = 1};
    xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
    xp_assert_close(summary.progress.best_fidelity, fidelities[i], 0.0);
    xp_search_summary_clear(&summary);
  }
  free(path);
  xp_test_folder_remove(folder);
}

/* ---- limits and a second objective ---- */

static void the_best_is_within_limits(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  const xp_bound bounds[2] = {{"cost", 90.0, false}, {"cost", 50.0, true}};
  xp_search_settings settings = settings_for(TRIALS, false);
  settings.bounds = bounds;
  settings.nbounds = 2;
  settings.second = "cost";
  xp_search_summary summary;
  xp_error error = {0};
  team t = {.slots = 2, .random = {9}};
  xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
  assert_true(summary.progress.best_within);
  assert_true(summary.progress.best_loss >= 10.0 && summary.progress.best_loss <= 50.0); /* cost is 100 less the loss */
  xp_search_summary_clear(&summary);
  char *text = xp_text_read(path, NULL);
  assert_non_null(
      strstr(text, ",\"second_metric\":\"cost\",\"second_rises\":false,\"bounds\":[{\"metric\":\"cost\",\"max\":90},"
                   "{\"metric\":\"cost\",\"min\":50}]},\"fingerprint\""));
  free(text);
  settings.second = NULL;
  assert_int_equal(execute(&settings, &t, path, &summary, &error), XP_ERROR_INPUT);
  free(path);
  xp_test_folder_remove(folder);
}

static void refuses_odd_fidelities(void **state) {
  (void)state;
  static const double bad[3][2] = {{0.0, 1.0}, {0.3, 0.9}, {1.0, 1.0}};
  xp_search_summary summary;
  team t = {.slots = 1};
  for (int i = 0; i < 3; ++i) {
    xp_error error = {0};
    xp_search_settings settings = settings_for(5, true);
    settings.fidelities = bad[i];
    settings.nfidelities = 2;
    assert_int_equal(execute(&settings, &t, "/nowhere/journal", &summary, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, "search.fidelity: expected shares above 0 in ascending order, the last of them 1");
  }
  xp_error error = {0};
  xp_search_settings settings = settings_for(5, true);
  settings.keep = 1.0;
  assert_int_equal(execute(&settings, &t, "/nowhere/journal", &summary, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "search.keep");
}

/* ---- stopping ---- */

static volatile sig_atomic_t flag;

static void set_flag(void *user, const xp_search_progress *progress) {
  (void)user;
  if (progress->trial == 10) flag = 1;
}

/* Those that run are waited for, and nothing else starts. */
static void an_interrupt_waits_for_what_runs(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(TRIALS, false);
  settings.stop.interrupt = &flag;
  settings.progress = set_flag;
  xp_search_summary summary;
  xp_error error = {0};
  team t = {.slots = 4, .random = {5}};
  flag = 0;
  xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
  assert_int_equal(summary.cause, XP_STOP_INTERRUPT);
  assert_int_equal(summary.progress.trial, 13);
  assert_int_equal(summary.progress.started, 13);
  xp_search_summary_clear(&summary);
  flag = 0;
  free(path);
  xp_test_folder_remove(folder);
}

/* Low fidelities neither reach a target nor count as a trial without progress. */
static void rules_are_about_whole_trials(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_search_settings settings = settings_for(200, true);
  settings.stop.plateau = 5;
  xp_search_summary summary;
  xp_error error = {0};
  team t = {.slots = 1};
  xp_assert_ok(execute(&settings, &t, path, &summary, &error), &error);
  assert_int_equal(summary.cause, XP_STOP_PLATEAU);
  assert_int_equal(summary.progress.since_best, 5);
  assert_true(summary.progress.trial > 30);
  xp_search_summary_clear(&summary);
  free(path);
  xp_test_folder_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_everybody_busy),
      cmocka_unit_test(goes_on_from_any_line),
      cmocka_unit_test(one_at_a_time_is_reproducible),
      cmocka_unit_test(errors_leave_started_trials),
      cmocka_unit_test(promotes_the_best),
      cmocka_unit_test(the_best_has_the_highest_fidelity),
      cmocka_unit_test(the_best_is_within_limits),
      cmocka_unit_test(refuses_odd_fidelities),
      cmocka_unit_test(an_interrupt_waits_for_what_runs),
      cmocka_unit_test(rules_are_about_whole_trials),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
