/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal.h"
#include "problems.h"
#include "testing/temporary.h"

/* A folder, a space of every kind and a header for it. */
typedef struct fixture {
  char *folder, *path;
  xp_space *space;
  xp_journal_header header;
  char notice[XP_ERROR_SIZE];
} fixture;

static int setup(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (!f) return -1;
  f->folder = xp_folder_new();
  f->path = xp_test_folder_path(f->folder, "journal.jsonl");
  f->space = xp_problem_fit.space();
  f->header = (xp_journal_header){f->space, "{\"initial\":8,\"seed\":42,\"design\":\"sobol\"}", "abc"};
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  xp_space_free(f->space);
  xp_test_folder_remove(f->folder);
  free(f->path);
  free(f);
  return 0;
}

static void take_notice(void *user, const char *sentence) {
  fixture *f = user;
  snprintf(f->notice, sizeof f->notice, "%s", sentence);
}

static xp_status open_journal(fixture *f, xp_journal **journal, xp_error *error) {
  f->notice[0] = '\0';
  return xp_journal_open(journal, f->path, &f->header, take_notice, f, error);
}

static const double points[3][8] = {{4.5, 0.85, 0.1, 1.0 / 3.0, 1e4, 17.25, 7, 0},
                                    {3.0, 0.5, 1e-1, 2e-1, 3.14159265358979312, 1, 2, 2},
                                    {6.0, 1.5, 10, 20, 30, 40, 12, 1}};

static void append_three(fixture *f) {
  xp_error error = {0};
  xp_journal *journal = NULL;
  xp_trial trials[3] = {{.loss = 0.1 + 0.2}, {0}, {.loss = -1e-300}};
  xp_assert_ok(open_journal(f, &journal, &error), &error);
  xp_assert_ok(xp_trial_add_metric(&trials[0], "energy \"rmse\"", 1.0 / 3.0, &error), &error);
  xp_assert_ok(xp_trial_add_metric(&trials[0], "force", NAN, &error), &error);
  xp_trial_fail(&trials[1], "line 1\nno %s", "convergence");
  for (int i = 0; i < 3; ++i) {
    xp_assert_ok(xp_journal_start(journal, points[i], 1.0, 0, &error), &error);
    assert_int_equal(xp_journal_trial(journal, i + 1)->status, XP_TRIAL_PENDING);
    xp_assert_ok(xp_journal_finish(journal, i + 1, &trials[i], &error), &error);
  }
  xp_journal_free(journal);
}

static void check_three(const xp_journal *journal) {
  assert_int_equal(xp_journal_count(journal), 3);
  assert_int_equal(xp_journal_results(journal), 3);
  for (int i = 1; i <= 3; ++i) {
    assert_int_equal(xp_journal_result(journal, i), i);
    xp_assert_close(xp_journal_trial(journal, i)->fidelity, 1.0, 0.0);
  }
  for (int i = 0; i < 3; ++i) assert_memory_equal(xp_journal_values(journal, i + 1), points[i], sizeof points[i]);
  const xp_trial *first = xp_journal_trial(journal, 1), *second = xp_journal_trial(journal, 2);
  xp_assert_close(first->loss, 0.1 + 0.2, 0.0);
  assert_int_equal(first->nmetrics, 2);
  assert_string_equal(first->metrics[0].name, "energy \"rmse\"");
  xp_assert_close(first->metrics[0].value, 1.0 / 3.0, 0.0);
  assert_true(isnan(first->metrics[1].value));
  assert_int_equal(second->status, XP_TRIAL_FAILED);
  assert_string_equal(second->reason, "line 1\nno convergence");
  xp_assert_close(xp_journal_trial(journal, 3)->loss, -1e-300, 0.0);
}

static void reads_back_what_was_written(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *journal = NULL;
  append_three(f);
  char *before = xp_text_read(f->path, NULL);
  xp_assert_ok(xp_journal_read(&journal, f->path, &f->header, &error), &error);
  check_three(journal);
  xp_journal_free(journal);
  xp_assert_ok(open_journal(f, &journal, &error), &error);
  check_three(journal);
  assert_string_equal(f->notice, "");
  xp_journal_free(journal);
  char *after = xp_text_read(f->path, NULL);
  assert_string_equal(before, after);
  free(before);
  free(after);
}

static void is_text_as_documented(void **state) {
  fixture *f = *state;
  append_three(f);
  char *text = xp_text_read(f->path, NULL);
  assert_non_null(strstr(text, "{\"xpot_journal\":2,\"space\":[{\"name\":\"rcutfac\","));
  assert_non_null(
      strstr(text, "\"settings\":{\"initial\":8,\"seed\":42,\"design\":\"sobol\"},\"fingerprint\":\"abc\"}\n"));
  assert_non_null(strstr(text, "\n{\"start\":1,\"values\":{\"rcutfac\":4.5,\"rfac0\":0.85,"));
  assert_non_null(
      strstr(text, "\"twojmax\":7,\"radbase\":\"SBessel\"}}\n{\"trial\":1,\"loss\":0.30000000000000004,\"metrics\":{"));
  assert_non_null(strstr(text, "\"failed\":\"line 1\\nno convergence\",\"metrics\":{}}\n{\"start\":3,"));
  free(text);
}

static void drops_a_half_line(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *journal = NULL;
  append_three(f);
  size_t size;
  char *text = xp_text_read(f->path, &size);
  char *longer = malloc(size + 20);
  assert_non_null(longer);
  memcpy(longer, text, size);
  memcpy(longer + size, "{\"trial\":4,\"values\":", 20);
  xp_text_write(f->path, longer, size + 20);
  xp_assert_ok(xp_journal_read(&journal, f->path, &f->header, &error), &error);
  check_three(journal);
  xp_journal_free(journal);
  xp_assert_ok(open_journal(f, &journal, &error), &error);
  check_three(journal);
  assert_non_null(strstr(f->notice, "dropped 20 bytes"));
  xp_journal_free(journal);
  char *after = xp_text_read(f->path, NULL);
  assert_string_equal(after, text);
  free(after);
  free(longer);
  free(text);
}

/* Replaces the first occurrence of one text by another in the journal, and expects a sentence. */
static void expect_refusal(fixture *f, const char *old, const char *new, const char *sentence) {
  append_three(f);
  char *text = xp_text_read(f->path, NULL), *at = strstr(text, old);
  assert_non_null(at);
  size_t size = strlen(text) + strlen(new) + 1;
  char *changed = malloc(size);
  assert_non_null(changed);
  snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
  xp_text_write(f->path, changed, strlen(changed));
  xp_journal *journal = NULL;
  xp_error error = {0};
  assert_int_equal(open_journal(f, &journal, &error), XP_ERROR_INPUT);
  assert_null(journal);
  xp_assert_message(&error, sentence);
  xp_assert_message(&error, "journal.jsonl:");
  char *after = xp_text_read(f->path, NULL); /* a journal that is refused is not touched */
  assert_string_equal(after, changed);
  free(after);
  free(changed);
  free(text);
  remove(f->path);
}

static void refuses_damage(void **state) {
  fixture *f = *state;
  expect_refusal(f, "\"start\":2", "\"start\":3", ".jsonl:4: expected the start of trial 2, found trial 3");
  expect_refusal(f, "\"trial\":2", "\"trial\":3", ".jsonl:5: found a result of trial 3, which did not start");
  expect_refusal(f, "\"trial\":2", "\"trial\":1", ".jsonl:5: found a second result of trial 1");
  expect_refusal(f, "\"trial\":1,", "", ".jsonl:3: expected the number of a trial, found none");
  expect_refusal(f, "\"start\":1,", "", ".jsonl:2: expected the number of a trial, found none");
  expect_refusal(f, "\"start\":1,", "\"start\":1.5,", ".jsonl:2: expected the number of a trial, found none");
  expect_refusal(f, "\n{\"trial\":2", "\n\n{\"trial\":2", ".jsonl:5:1: expected a trial as one JSON object");
  expect_refusal(f, "\"start\":2,\"values\"", "\"start\":2,,\"values\"", ".jsonl:4:");
  expect_refusal(f, "\"rcutfac\":4.5", "\"rcutfac\":6.5", ".jsonl:2: expected a value of \"rcutfac\" from its range");
  expect_refusal(f, "\"rcutfac\":4.5", "\"rcutfac\":\"4.5\"", "expected a value of \"rcutfac\"");
  expect_refusal(f, "\"rcutfac\":4.5,", "", "expected a value of \"rcutfac\"");
  expect_refusal(f, "\"twojmax\":7", "\"twojmax\":7.5", "expected a value of \"twojmax\"");
  expect_refusal(f, "\"radbase\":\"SBessel\"", "\"radbase\":\"Sbessel\"", "expected a value of \"radbase\"");
  expect_refusal(f, "\"loss\":0.3", "\"gain\":0.3", ".jsonl:3: expected a finite \"loss\"");
  expect_refusal(f, "\"loss\":0.30000000000000004", "\"loss\":1e999", "expected a finite \"loss\"");
  expect_refusal(f, "\"loss\":0.30000000000000004", "\"loss\":0.300000000000000040", "trial 1 was changed");
  expect_refusal(f, "\"loss\":0.3", "\"loss\":0.5,\"loss\":0.3", "trial 1 was changed");
  expect_refusal(f, "\"metrics\":{}}", "\"metrics\":{}} ", ".jsonl:5:");
  expect_refusal(f, "\"SBessel\"}}", "\"SBessel\"},\"fidelity\":1}", ".jsonl:2: trial 1 was changed");
  expect_refusal(f, "\"SBessel\"}}", "\"SBessel\"},\"fidelity\":1.5}", ".jsonl:2: expected a \"fidelity\"");
  expect_refusal(f, "\"ChebPow\"}}", "\"ChebPow\"},\"of\":1}", ".jsonl:4: trial 2 is not the point of trial 1");
}

/* Several trials at a time, of several fidelities, and two without a result. */
static void keeps_the_order_of_events(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *journal = NULL;
  xp_trial low = {.loss = 0.5}, high = {.loss = 0.25};
  xp_assert_ok(open_journal(f, &journal, &error), &error);
  for (int i = 0; i < 3; ++i) xp_assert_ok(xp_journal_start(journal, points[i], 0.1, 0, &error), &error);
  xp_assert_ok(xp_journal_finish(journal, 2, &low, &error), &error);
  xp_assert_ok(xp_journal_start(journal, points[1], 1.0, 2, &error), &error);
  xp_assert_ok(xp_journal_finish(journal, 4, &high, &error), &error);
  xp_journal_free(journal);
  xp_assert_ok(xp_journal_read(&journal, f->path, &f->header, &error), &error);
  assert_int_equal(xp_journal_count(journal), 4);
  assert_int_equal(xp_journal_results(journal), 2);
  assert_int_equal(xp_journal_result(journal, 1), 2);
  assert_int_equal(xp_journal_result(journal, 2), 4);
  assert_int_equal(xp_journal_trial(journal, 1)->status, XP_TRIAL_PENDING);
  assert_int_equal(xp_journal_trial(journal, 3)->status, XP_TRIAL_PENDING);
  xp_assert_close(xp_journal_trial(journal, 2)->fidelity, 0.1, 0.0);
  assert_int_equal(xp_journal_trial(journal, 2)->of, 0);
  xp_assert_close(xp_journal_trial(journal, 4)->loss, 0.25, 0.0);
  assert_int_equal(xp_journal_trial(journal, 4)->of, 2);
  xp_journal_free(journal);
  char *text = xp_text_read(f->path, NULL);
  assert_non_null(strstr(text, "},\"fidelity\":0.1}\n{\"start\":2,"));
  assert_non_null(strstr(text, "},\"of\":2}\n{\"trial\":4,"));
  free(text);
}

static void refuses_another_search(void **state) {
  fixture *f = *state;
  expect_refusal(f, "\"seed\":42", "\"seed\":43",
                 ".jsonl:1: the journal belongs to a search with seed 43, found 42 now");
  expect_refusal(f, "\"initial\":8", "\"initial\":9", "a search with initial 9, found 8 now");
  expect_refusal(f, "\"sobol\"", "\"random\"", "with design \"random\", found \"sobol\" now");
  expect_refusal(f, "\"rfac0\",\"kind\":\"real\",\"low\":0.5", "\"rfac0\",\"kind\":\"real\",\"low\":0.6",
                 "another space, which differs in rfac0");
  expect_refusal(f, "ChebPow", "ChebPot", "another space, which differs in radbase");
  expect_refusal(f, "\"fingerprint\":\"abc\"", "\"fingerprint\":\"abd\"", "the fingerprint differs");
  expect_refusal(f, "\"xpot_journal\":2", "\"xpot_journal\":1", "expected a journal of format 2, found format 1");
  expect_refusal(f, "\"xpot_journal\"", "\"journal\"", "expected the header of a journal");
  expect_refusal(f, "{\"xpot_journal\"", "rcutfac,loss\n{\"xpot_journal\"", ".jsonl:1:1: expected the header");
}

static void one_writer_at_a_time(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *first = NULL, *second = NULL;
  xp_assert_ok(open_journal(f, &first, &error), &error);
  assert_int_equal(open_journal(f, &second, &error), XP_ERROR_IO);
  xp_assert_message(&error, "another process is writing this journal");
  xp_assert_ok(xp_journal_read(&second, f->path, &f->header, &error), &error);
  assert_int_equal(xp_journal_count(second), 0);
  xp_journal_free(second);
  xp_journal_free(first);
  xp_assert_ok(open_journal(f, &second, &error), &error);
  xp_journal_free(second);
}

/* The system refuses to let files grow beyond this size. */
static void limit_files(rlim_t size) {
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = size;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void full_disk_loses_nothing(void **state) {
  fixture *f = *state;
  append_three(f);
  size_t size;
  char *before = xp_text_read(f->path, &size);
  xp_error error = {0};
  xp_journal *journal = NULL;
  xp_trial trial = {.loss = 1.0};
  xp_assert_ok(open_journal(f, &journal, &error), &error);
  signal(SIGXFSZ, SIG_IGN);
  limit_files(size + 10);
  xp_status status = xp_journal_start(journal, points[0], 1.0, 0, &error);
  limit_files(RLIM_INFINITY);
  assert_int_equal(status, XP_ERROR_IO);
  xp_assert_message(&error, "all that was written before is safe");
  assert_int_equal(xp_journal_count(journal), 3);
  char *after = xp_text_read(f->path, NULL);
  assert_string_equal(before, after);
  xp_assert_ok(xp_journal_start(journal, points[0], 1.0, 0, &error), &error);
  assert_int_equal(xp_journal_count(journal), 4);
  xp_assert_ok(xp_journal_finish(journal, 4, &trial, &error), &error);
  xp_journal_free(journal);
  free(before);
  free(after);
}

static void full_disk_leaves_no_new_journal(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *journal = NULL;
  signal(SIGXFSZ, SIG_IGN);
  limit_files(10);
  xp_status status = open_journal(f, &journal, &error);
  limit_files(RLIM_INFINITY);
  assert_int_equal(status, XP_ERROR_IO);
  xp_assert_message(&error, "journal.jsonl: cannot write the journal: ");
  assert_int_equal(access(f->path, F_OK), -1);
}

static void says_why_it_cannot_open(void **state) {
  fixture *f = *state;
  xp_error error = {0};
  xp_journal *journal = NULL;
  assert_int_equal(xp_journal_open(&journal, f->folder, &f->header, NULL, NULL, &error), XP_ERROR_IO);
  xp_assert_message(&error, "cannot open the journal: Is a directory");
  assert_int_equal(xp_journal_read(&journal, f->path, &f->header, &error), XP_ERROR_IO);
  xp_assert_message(&error, "journal.jsonl");
  assert_int_equal(mkfifo(f->path, 0600), 0);
  assert_int_equal(open_journal(f, &journal, &error), XP_ERROR_IO);
  xp_assert_message(&error, "expected a regular file");
  assert_null(journal);
}

int main(void) {
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH_FOLDER(reads_back_what_was_written), WITH_FOLDER(is_text_as_documented),
      WITH_FOLDER(drops_a_half_line),           WITH_FOLDER(refuses_damage),
      WITH_FOLDER(refuses_another_search),      WITH_FOLDER(one_writer_at_a_time),
      WITH_FOLDER(full_disk_loses_nothing),     WITH_FOLDER(full_disk_leaves_no_new_journal),
      WITH_FOLDER(says_why_it_cannot_open),     WITH_FOLDER(keeps_the_order_of_events),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
