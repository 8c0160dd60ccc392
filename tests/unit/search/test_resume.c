/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search that is killed and run again leaves the journal of one that was not. */
#include "testing/testing.h"

#include <math.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "problems.h"
#include "testing/temporary.h"

/* From OpenBLAS's cblas.h. */
void openblas_set_num_threads(int threads);
int openblas_get_num_threads(void);

enum { KILLS = 10, KILL_AFTER_MS = 60, PAUSE_MS = 6 };

static void pause_ms(int ms) {
  struct timespec time = {.tv_sec = 0, .tv_nsec = ms * 1000000L};
  nanosleep(&time, NULL);
}

/* The fit problem, slow enough to be killed in, with failures. */
static xp_status slow(void *user, int trial, const double *values, xp_trial *result, xp_error *error) {
  pause_ms(PAUSE_MS);
  if (trial % 7 == 0) {
    xp_trial_fail(result, "trial %d does not converge", trial);
    return XP_OK;
  }
  return xp_problem_evaluate(user, trial, values, result, error);
}

static xp_status search(const char *path, int trials, xp_error *error) {
  xp_space *space = xp_problem_fit.space();
  xp_search_settings settings = xp_problem_settings(&xp_problem_fit, 8);
  settings.stop.trials = trials;
  xp_search_summary summary = {0};
  xp_status status = xp_search_run(&settings, space, slow, (void *)&xp_problem_fit, path, &summary, error);
  xp_search_summary_clear(&summary);
  xp_space_free(space);
  return status;
}

/* Runs the search in a child process; true when it was killed before its end. */
static bool run_and_kill(const char *path, int trials, int after_ms) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    xp_error error = {0};
    _exit(search(path, trials, &error) == XP_OK ? 0 : 1);
  }
  pause_ms(after_ms);
  kill(child, SIGKILL);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) return true;
  assert_int_equal(WEXITSTATUS(status), 0);
  return false;
}

static void survives_ten_kills(void **state) {
  (void)state;
  const int trials = 50;
  char *folder = xp_folder_new();
  char *whole = xp_test_folder_path(folder, "whole.jsonl"), *killed = xp_test_folder_path(folder, "killed.jsonl");
  xp_error error = {0};
  xp_assert_ok(search(whole, trials, &error), &error);
  xp_test_random random = {17};
  int kills = 0;
  for (int i = 0; i < KILLS; ++i) kills += run_and_kill(killed, trials, 1 + xp_test_integer(&random, KILL_AFTER_MS));
  xp_assert_ok(search(killed, trials, &error), &error);
  char *expected = xp_text_read(whole, NULL), *found = xp_text_read(killed, NULL);
  assert_string_equal(found, expected);
  print_message("killed %d of %d times\n", kills, KILLS);
  free(expected);
  free(found);
  free(whole);
  free(killed);
  xp_test_folder_remove(folder);
}

/* OpenBLAS sums in another order on another number of threads; the search must not see that. */
static void threads_do_not_matter(void **state) {
  (void)state;
  static const char *const names[2] = {"one.jsonl", "four.jsonl"};
  static const int threads[2] = {1, 4};
  char *folder = xp_folder_new(), *texts[2];
  int before = openblas_get_num_threads();
  for (int i = 0; i < 2; ++i) {
    char *path = xp_test_folder_path(folder, names[i]);
    xp_error error = {0};
    openblas_set_num_threads(threads[i]);
    xp_assert_ok(search(path, 110, &error), &error);
    assert_int_equal(openblas_get_num_threads(), threads[i]);
    texts[i] = xp_text_read(path, NULL);
    free(path);
  }
  openblas_set_num_threads(before);
  assert_string_equal(texts[0], texts[1]);
  free(texts[0]);
  free(texts[1]);
  xp_test_folder_remove(folder);
}

/* More trials than before: the earlier ones stay, the later ones are those of one long search. */
static void goes_on_with_more_trials(void **state) {
  (void)state;
  char *folder = xp_folder_new();
  char *whole = xp_test_folder_path(folder, "whole.jsonl"), *parts = xp_test_folder_path(folder, "parts.jsonl");
  xp_error error = {0};
  xp_assert_ok(search(whole, 30, &error), &error);
  static const int lengths[] = {3, 18, 19, 30};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; ++i) xp_assert_ok(search(parts, lengths[i], &error), &error);
  char *expected = xp_text_read(whole, NULL), *found = xp_text_read(parts, NULL);
  assert_string_equal(found, expected);
  free(expected);
  free(found);
  free(whole);
  free(parts);
  xp_test_folder_remove(folder);
}

static xp_status tiny_search(const char *path, xp_error *error) {
  xp_space *space = xp_problem_tiny.space();
  xp_search_settings settings = xp_problem_settings(&xp_problem_tiny, 8);
  settings.stop.trials = 8;
  xp_search_summary summary = {0};
  xp_status status =
      xp_search_run(&settings, space, xp_problem_evaluate, (void *)&xp_problem_tiny, path, &summary, error);
  xp_search_summary_clear(&summary);
  xp_space_free(space);
  return status;
}

/* Whatever part of a journal is left, the search goes on from it to the same end. */
static void every_truncation_resumes(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_error error = {0};
  xp_assert_ok(tiny_search(path, &error), &error);
  size_t size;
  char *expected = xp_text_read(path, &size);
  for (size_t left = 0; left < size; ++left) {
    xp_text_write(path, expected, left);
    xp_assert_ok(tiny_search(path, &error), &error);
    char *found = xp_text_read(path, NULL);
    assert_string_equal(found, expected);
    free(found);
  }
  free(expected);
  free(path);
  xp_test_folder_remove(folder);
}

/* True when byte i of the journal is part of a trial's metrics, which mean nothing to the search. */
static bool in_metrics(char *text, size_t i) {
  char *line = text + i;
  while (line > text && line[-1] != '\n') --line;
  char *metrics = strstr(line, "\"metrics\":");
  return metrics && metrics + strlen("\"metrics\":") < text + i;
}

/* Any single byte changed: either the same journal, or one sentence that begins with its name, and the file untouched. */
static void every_changed_byte_is_noticed(void **state) {
  (void)state;
  char *folder = xp_folder_new(), *path = xp_test_folder_path(folder, "journal.jsonl");
  xp_error error = {0};
  xp_assert_ok(tiny_search(path, &error), &error);
  size_t size;
  char *text = xp_text_read(path, &size);
  for (size_t i = 0; i + 1 < size; ++i) {
    char kept = text[i];
    text[i] = (char)(kept ^ 4);
    xp_text_write(path, text, size);
    xp_status status = tiny_search(path, &error);
    if (status == XP_OK) {
      /* a digit of a number made another number, or a metric another metric: a journal is no signature */
      assert_true((kept >= '0' && kept <= '9') || in_metrics(text, i));
    } else {
      assert_int_equal(status, XP_ERROR_INPUT);
      assert_memory_equal(error.message, path, strlen(path));
      char *found = xp_text_read(path, NULL);
      assert_memory_equal(found, text, size);
      free(found);
    }
    text[i] = kept;
  }
  free(text);
  free(path);
  xp_test_folder_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(survives_ten_kills),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(goes_on_with_more_trials),
      cmocka_unit_test(every_truncation_resumes),
      cmocka_unit_test(every_changed_byte_is_noticed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
