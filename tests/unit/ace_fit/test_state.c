/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checkpoint: written and read to the last bit; another fit's, a damaged and a truncated one are refused. */
#include <math.h>
#include <unistd.h>

#include "ace/state.h"
#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/file.h"

enum { PARAMETERS = 5, POINTS = 300 };

#define FINGERPRINT "0123456789abcdef"

static char *path;

static int set_up(void **state) {
  (void)state;
  path = xp_test_file_new("", 0);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  xp_test_file_remove(path);
  return 0;
}

/* Numbers that text easily spoils. */
static xp_ace_state make(int npoints) {
  const double awkward[PARAMETERS] = {0.1, -1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.0};
  xp_ace_state state = {.step = 2, .stage = 1, .iteration = 37, .ended = 1, .best_validate = 0.3, .best_iteration = 30};
  xp_error error = {0};
  xp_assert_ok(xp_ace_state_resize(&state, PARAMETERS, &error), &error);
  for (int p = 0; p < PARAMETERS; ++p) {
    state.parameters[p] = awkward[p];
    state.best[p] = awkward[PARAMETERS - 1 - p];
  }
  for (int p = 0; p < npoints; ++p) {
    xp_ace_point point = {1, 2, p, 40, 0.7, {0.1 / (p + 1), 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}, {.total = NAN}};
    if (p % 3 == 0) point.validate = (xp_ace_loss){.total = 1e-9 * p, .energy_rmse = NAN};
    xp_assert_ok(xp_ace_state_add_point(&state, &point, &error), &error);
  }
  return state;
}

static void assert_same(const xp_ace_state *a, const xp_ace_state *b) {
  assert_int_equal(a->step, b->step);
  assert_int_equal(a->stage, b->stage);
  assert_int_equal(a->iteration, b->iteration);
  assert_int_equal(a->ended, b->ended);
  assert_int_equal(a->nparameters, b->nparameters);
  assert_int_equal(a->best_iteration, b->best_iteration);
  assert_int_equal(a->npoints, b->npoints);
  assert_memory_equal(&a->best_validate, &b->best_validate, sizeof a->best_validate);
  assert_memory_equal(a->parameters, b->parameters, PARAMETERS * sizeof *a->parameters);
  assert_memory_equal(a->best, b->best, PARAMETERS * sizeof *a->best);
  for (int p = 0; p < a->npoints; ++p) assert_memory_equal(&a->points[p], &b->points[p], sizeof *a->points);
}

static void write_state(const xp_ace_state *state) {
  xp_error error = {0};
  xp_assert_ok(xp_ace_state_write(state, path, FINGERPRINT, &error), &error);
}

static void test_round_trip(void **unused) {
  (void)unused;
  xp_ace_state state = make(POINTS), again = {0};
  xp_error error = {0};
  bool found = false;
  for (int best = 0; best < 2; ++best) {
    if (best) state.best_validate = INFINITY;
    write_state(&state);
    xp_assert_ok(xp_ace_state_read(&again, path, FINGERPRINT, &found, &error), &error);
    assert_true(found);
    assert_same(&again, &state);
    xp_ace_state_clear(&again);
  }
  xp_ace_state_clear(&state);
}

static void expect_refusal(const char *fingerprint, const char *sentence) {
  xp_ace_state state = {0};
  xp_error error = {0};
  bool found;
  assert_int_equal(xp_ace_state_read(&state, path, fingerprint, &found, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, sentence);
  xp_assert_message(&error, path);
  assert_null(strchr(error.message, '\n'));
  xp_ace_state_clear(&state);
}

static void write_bytes(const char *bytes, size_t size) {
  FILE *stream = fopen(path, "w");
  assert_non_null(stream);
  assert_int_equal(fwrite(bytes, 1, size, stream), size);
  assert_int_equal(fclose(stream), 0);
}

static void test_another_fit(void **unused) {
  (void)unused;
  xp_ace_state state = make(1);
  write_state(&state);
  expect_refusal("0123456789abcdee", "other input or data");
  expect_refusal("0123456789abcde", "other input or data");
  write_bytes("elements\n", 9);
  expect_refusal(FINGERPRINT, "expected a checkpoint");
  write_bytes("", 0);
  expect_refusal(FINGERPRINT, "expected a checkpoint");
  xp_ace_state_clear(&state);
}

/* Cut off behind any byte but the last line's end. */
static void test_truncated(void **unused) {
  (void)unused;
  xp_ace_state state = make(3);
  xp_bytes bytes = {0};
  xp_error error = {0};
  write_state(&state);
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  size_t header = strlen("xpot-opt ACE checkpoint 1\n" FINGERPRINT "\n");
  for (size_t size = 0; size + 1 < bytes.size; ++size) {
    write_bytes(bytes.data, size);
    expect_refusal(FINGERPRINT, size < header ? "heckpoint" : "the checkpoint is damaged; remove it to start anew");
  }
  xp_bytes_free(&bytes);
  xp_ace_state_clear(&state);
}

/* A text with one line replaced by something. */
static void replace_line(const xp_bytes *bytes, const char *line, const char *by, size_t length) {
  const char *end = strchr(line, '\n') + 1;
  FILE *stream = fopen(path, "w");
  assert_non_null(stream);
  fwrite(bytes->data, 1, (size_t)(line - bytes->data), stream);
  fwrite(by, 1, length, stream);
  fputs(end, stream);
  assert_int_equal(fclose(stream), 0);
}

/* A line lost, doubled or turned into words. */
static void test_damaged(void **unused) {
  (void)unused;
  xp_ace_state state = make(2);
  xp_bytes bytes = {0};
  xp_error error = {0};
  char twice[512];
  write_state(&state);
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  for (const char *line = bytes.data; *line; line = strchr(line, '\n') + 1) {
    int length = (int)strcspn(line, "\n") + 1;
    snprintf(twice, sizeof twice, "%.*s%.*s", length, line, length, line);
    replace_line(&bytes, line, "", 0);
    expect_refusal(FINGERPRINT, "heckpoint");
    replace_line(&bytes, line, "words\n", 6);
    expect_refusal(FINGERPRINT, "heckpoint");
    if (line[length] == '\0') break; /* what follows the end does no harm */
    replace_line(&bytes, line, twice, strlen(twice));
    expect_refusal(FINGERPRINT, "heckpoint");
  }
  xp_bytes_free(&bytes);
  xp_ace_state_clear(&state);
}

/* Sizes that no file can hold. */
static void test_impossible_sizes(void **unused) {
  (void)unused;
  const char *const sizes[] = {"0 0 0 0 -5 0 0 inf\n",   "0 0 0 0 1 0 -1 inf\n",  "0 0 0 0 999999999 0 0 inf\n",
                               "0 0 0 0 1e30 0 0 inf\n", "0 0 0 0 nan 0 0 inf\n", "-1 0 0 0 0 0 0 inf\n",
                               "0 -1 0 0 0 0 0 inf\n",   "0 0 -1 0 0 0 0 inf\n"};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    char text[256];
    int size = snprintf(text, sizeof text, "xpot-opt ACE checkpoint 1\n" FINGERPRINT "\n%send\n", sizes[i]);
    write_bytes(text, (size_t)size);
    expect_refusal(FINGERPRINT, "the checkpoint is damaged");
  }
}

static void test_no_file(void **unused) {
  (void)unused;
  xp_ace_state state = make(1);
  xp_ace_state same = make(1);
  xp_error error = {0};
  bool found = true;
  unlink(path);
  xp_assert_ok(xp_ace_state_read(&state, path, FINGERPRINT, &found, &error), &error);
  assert_false(found);
  assert_same(&state, &same);
  xp_ace_state_clear(&state);
  xp_ace_state_clear(&same);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),       cmocka_unit_test(test_another_fit),
                                     cmocka_unit_test(test_truncated),        cmocka_unit_test(test_damaged),
                                     cmocka_unit_test(test_impossible_sizes), cmocka_unit_test(test_no_file)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
