/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "misdeeds.h"
#include "pool/message.h"
#include "pool/pool.h"
#include "testing/temporary.h"

/* More than any of this takes on a busy machine. */
#define PATIENCE 60.0

static char *misdeed_file;

static xp_pool_settings settings_for(char **argv, int workers) {
  return (xp_pool_settings){.argv = argv, .workers = workers, .seconds = INFINITY, .memory = INFINITY};
}

static xp_pool *open_pool(int workers, double seconds, double memory) {
  static char *argv[] = {XP_POOL_WORKER, NULL};
  xp_pool_settings settings = settings_for(argv, workers);
  settings.seconds = seconds;
  settings.memory = memory;
  xp_pool *pool = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_pool_new(&pool, &settings, &error), &error);
  return pool;
}

static void submit(xp_pool *pool, int number, xp_misdeed misdeed) {
  double values[2] = {misdeed, NAN};
  xp_message task = {.kind = XP_MESSAGE_TASK, .number = number, .values = values, .nvalues = 2, .fidelity = 0.2};
  char *text = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_message_text(&task, &text, &error), &error);
  xp_assert_ok(xp_pool_submit(pool, number, text, &error), &error);
  free(text);
}

static xp_message wait_for(xp_pool *pool) {
  char *text = NULL;
  xp_message result;
  xp_error error = {0};
  xp_assert_ok(xp_pool_wait(pool, PATIENCE, &text, &error), &error);
  assert_non_null(text);
  xp_assert_ok(xp_message_read(&result, text, &error), &error);
  free(text);
  assert_int_equal(result.kind, XP_MESSAGE_RESULT);
  return result;
}

static void expect_failure(xp_pool *pool, int number, const char *reason) {
  xp_message result = wait_for(pool);
  assert_int_equal(result.number, number);
  assert_int_equal(result.trial.status, XP_TRIAL_FAILED);
  if (!strstr(result.trial.reason, reason)) fail_msg("expected '%s', found '%s'", reason, result.trial.reason);
  xp_message_clear(&result);
}

static void expect_success(xp_pool *pool, int number) {
  xp_message result = wait_for(pool);
  if (result.trial.status != XP_TRIAL_OK) fail_msg("trial %d: %s", result.number, result.trial.reason);
  assert_int_equal(result.number, number);
  xp_assert_close(result.trial.loss, 0.2 + 0.1, 0.0);
  xp_message_clear(&result);
}

static void gives_numbers_back(void **state) {
  (void)state;
  xp_pool *pool = open_pool(1, INFINITY, INFINITY);
  assert_int_equal(xp_pool_idle(pool), 1);
  submit(pool, 7, XP_MISDEED_NONE);
  assert_int_equal(xp_pool_idle(pool), 0);
  xp_message result = wait_for(pool);
  assert_int_equal(result.trial.nmetrics, 1);
  assert_string_equal(result.trial.metrics[0].name, "third");
  xp_assert_close(result.trial.metrics[0].value, 1.0 / 3.0, 0.0);
  assert_true(result.seconds >= 0.0 && result.peak_memory_mb > 0.0);
  xp_message_clear(&result);
  assert_int_equal(xp_pool_idle(pool), 1);
  submit(pool, 8, XP_MISDEED_NAN);
  expect_failure(pool, 8, "the loss is nan, not a finite number");
  xp_pool_free(pool);
}

static void makes_several_at_a_time(void **state) {
  (void)state;
  xp_pool *pool = open_pool(3, INFINITY, INFINITY);
  submit(pool, 1, XP_MISDEED_SLEEP);
  submit(pool, 2, XP_MISDEED_SLEEP);
  assert_int_equal(xp_pool_idle(pool), 1);
  for (int number = 3; number < 20; ++number) {
    submit(pool, number, XP_MISDEED_NONE);
    expect_success(pool, number);
  }
  xp_pool_free(pool);
}

static void returns_when_time_is_up(void **state) {
  (void)state;
  xp_pool *pool = open_pool(1, INFINITY, INFINITY);
  submit(pool, 1, XP_MISDEED_SLEEP);
  char *text = (char *)pool;
  xp_error error = {0};
  xp_assert_ok(xp_pool_wait(pool, 0.3, &text, &error), &error);
  assert_null(text);
  xp_pool_free(pool);
}

static void stops_what_takes_too_long(void **state) {
  (void)state;
  xp_pool *pool = open_pool(2, 0.5, INFINITY);
  submit(pool, 1, XP_MISDEED_SLEEP);
  submit(pool, 2, XP_MISDEED_NONE);
  expect_success(pool, 2);
  expect_failure(pool, 1, "stopped: it took longer than search.trial_hours, 0.000138889 h");
  submit(pool, 3, XP_MISDEED_NONE);
  submit(pool, 4, XP_MISDEED_SLEEP);
  expect_success(pool, 3);
  expect_failure(pool, 4, "trial_hours");
  xp_pool_free(pool);
}

/* A sanitizer's own memory is not counted on. */
#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_LIMIT 2e9
static const bool counts_memory = false;
#else
#define MEMORY_LIMIT 5e7
static const bool counts_memory = true;
#endif

static void stops_what_takes_too_much(void **state) {
  (void)state;
  if (!counts_memory) skip();
  xp_pool *pool = open_pool(1, INFINITY, MEMORY_LIMIT);
  submit(pool, 1, XP_MISDEED_NONE);
  expect_success(pool, 1);
  submit(pool, 2, XP_MISDEED_EAT);
  expect_failure(pool, 2, "stopped: it needed more memory than search.trial_memory, 0.05 GB");
  submit(pool, 3, XP_MISDEED_NONE);
  expect_success(pool, 3);
  xp_pool_free(pool);
}

static void survives_its_workers(void **state) {
  (void)state;
  xp_pool *pool = open_pool(1, INFINITY, INFINITY);
  submit(pool, 1, XP_MISDEED_CRASH);
  expect_failure(pool, 1, "the process of this trial was ended by signal 11 (Segmentation fault), 2 times");
  submit(pool, 2, XP_MISDEED_EXIT);
  expect_failure(pool, 2, "the process of this trial ended with exit status 3, 2 times");
  submit(pool, 3, XP_MISDEED_NONE);
  expect_success(pool, 3);
  xp_pool_free(pool);
}

static void makes_a_lost_trial_again(void **state) {
  (void)state;
  remove(misdeed_file);
  xp_pool *pool = open_pool(1, INFINITY, INFINITY);
  submit(pool, 1, XP_MISDEED_DIE_ONCE);
  expect_success(pool, 1);
  assert_int_equal(access(misdeed_file, F_OK), 0);
  xp_pool_free(pool);
}

static bool lives(pid_t process) {
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
  FILE *file = fopen(path, "r");
  if (!file) return false;
  if (fscanf(file, "%*d %*s %c", &state) != 1) state = 0;
  fclose(file);
  return state != 'Z' && state != 'X' && state != 0;
}

static void pause_a_little(void) {
  nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

static bool ends_soon(pid_t process) {
  for (int i = 0; i < 1000 && lives(process); ++i) pause_a_little();
  return !lives(process);
}

static pid_t read_program(void) {
  int program = 0;
  for (int i = 0; i < 6000 && program == 0; ++i) {
    FILE *file = fopen(misdeed_file, "r");
    if (file && fscanf(file, "%d", &program) != 1) program = 0;
    if (file) fclose(file);
    pause_a_little();
  }
  assert_true(program > 0);
  return program;
}

static void kills_programs_of_a_trial(void **state) {
  (void)state;
  remove(misdeed_file);
  xp_pool *pool = open_pool(1, 1.0, INFINITY);
  submit(pool, 1, XP_MISDEED_PROGRAM);
  expect_failure(pool, 1, "trial_hours");
  assert_true(ends_soon(read_program()));
  xp_pool_free(pool);
}

/* Processes whose parent is this one, each ID on the way. */
static int find_worker(pid_t coordinator) {
  char path[64];
  int worker = 0;
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)coordinator, (int)coordinator);
  for (int i = 0; i < 1000 && worker == 0; ++i) {
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &worker) != 1) worker = 0;
    if (file) fclose(file);
    pause_a_little();
  }
  return worker;
}

static void workers_do_not_outlive_the_search(void **state) {
  (void)state;
  pid_t coordinator = fork();
  if (coordinator == 0) {
    char *text = NULL;
    xp_error error = {0};
    xp_pool *pool = open_pool(1, INFINITY, INFINITY);
    submit(pool, 1, XP_MISDEED_SLEEP);
    xp_pool_wait(pool, 1e6, &text, &error);
    _exit(0);
  }
  int worker = find_worker(coordinator), status;
  if (worker == 0) print_message("this kernel does not list children\n");
  kill(coordinator, SIGKILL);
  assert_int_equal(waitpid(coordinator, &status, 0), coordinator);
  assert_true(WIFSIGNALED(status));
  assert_true(worker == 0 || ends_soon(worker));
}

static void expect_error(const char *mode, xp_status expected, const char *sentence) {
  char *argv[] = {XP_POOL_WORKER, (char *)mode, NULL}, *text = NULL;
  xp_pool_settings settings = settings_for(argv, 1);
  settings.memory = MEMORY_LIMIT;
  xp_pool *pool = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_pool_new(&pool, &settings, &error), &error);
  assert_int_equal(xp_pool_wait(pool, PATIENCE, &text, &error), expected);
  xp_assert_message(&error, sentence);
  assert_null(text);
  xp_pool_free(pool);
}

static void says_why_it_cannot_go_on(void **state) {
  (void)state;
  expect_error("never", XP_ERROR_IO,
               "the process that makes trials ended with exit status 7 before it was ready, 5 times");
  expect_error("refuses", XP_ERROR_INPUT, "nothing to do");
  if (counts_memory) expect_error("fat", XP_ERROR_MEMORY, "more than a trial may (search.trial_memory 0.05)");
  char *argv[] = {"/nowhere/worker", NULL}, *text = NULL;
  xp_pool_settings settings = settings_for(argv, 1);
  xp_pool *pool = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_pool_new(&pool, &settings, &error), &error);
  assert_int_equal(xp_pool_wait(pool, PATIENCE, &text, &error), XP_ERROR_IO);
  xp_assert_message(&error, "ended with exit status 127 before it was ready");
  xp_pool_free(pool);
  pool = open_pool(1, INFINITY, INFINITY);
  submit(pool, 4, XP_MISDEED_ERROR);
  assert_int_equal(xp_pool_wait(pool, PATIENCE, &text, &error), XP_ERROR_MEMORY);
  xp_assert_message(&error, "no room for trial 4");
  xp_pool_free(pool);
}

static void messages_read_back(void **state) {
  (void)state;
  double values[] = {0.1, 1.0 / 3.0, NAN, 1e-300};
  xp_message task = {.kind = XP_MESSAGE_TASK, .number = 12, .values = values, .nvalues = 4, .fidelity = 0.3}, back;
  xp_error error = {0};
  char *text = NULL;
  xp_assert_ok(xp_message_text(&task, &text, &error), &error);
  assert_string_equal(text, "{\"task\":12,\"fidelity\":0.3,\"values\":[0.1,0.3333333333333333,null,1e-300]}\n");
  xp_assert_ok(xp_message_read(&back, text, &error), &error);
  free(text);
  assert_int_equal(back.kind, XP_MESSAGE_TASK);
  assert_int_equal(back.number, 12);
  assert_int_equal(back.nvalues, 4);
  for (int i = 0; i < 4; ++i) assert_true(back.values[i] == values[i] || (isnan(back.values[i]) && isnan(values[i])));
  xp_message_clear(&back);
  assert_int_equal(xp_message_read(&back, "good morning", &error), XP_ERROR_IO);
  xp_assert_message(&error, "found \"good morning\"");
  assert_int_equal(xp_message_read(&back, "{\"trial\":1,\"metrics\":{}}", &error), XP_ERROR_INPUT);
}

int main(void) {
  misdeed_file = xp_test_file_new("", 0);
  if (setenv(XP_MISDEED_FILE, misdeed_file, 1) != 0) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_read_back),        cmocka_unit_test(gives_numbers_back),
      cmocka_unit_test(makes_several_at_a_time),   cmocka_unit_test(returns_when_time_is_up),
      cmocka_unit_test(stops_what_takes_too_long), cmocka_unit_test(stops_what_takes_too_much),
      cmocka_unit_test(survives_its_workers),      cmocka_unit_test(makes_a_lost_trial_again),
      cmocka_unit_test(kills_programs_of_a_trial), cmocka_unit_test(workers_do_not_outlive_the_search),
      cmocka_unit_test(says_why_it_cannot_go_on),
  };
  int failures = cmocka_run_group_tests(tests, NULL, NULL);
  xp_test_file_remove(misdeed_file);
  return failures;
}
