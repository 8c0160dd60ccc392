/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include <math.h>

#include "testing/temporary.h"

#define SPACE                                                                     \
  "\"space\":[{\"name\":\"a\",\"kind\":\"real\",\"low\":1,\"high\":100,"          \
  "\"scale\":\"log\"},{\"name\":\"n\",\"kind\":\"integer\",\"low\":1,\"high\":4," \
  "\"scale\":\"linear\"},{\"name\":\"c\",\"kind\":\"choice\",\"choices\":[\"x\",\"y\"]}]"
#define HEADER(format)                  \
  "{\"xpot_journal\":" format "," SPACE \
  ",\"settings\":{\"initial\":2,\"second_metric\":\"us_per_atom\",\"second_rises\":false}}\n"

static void reads_finished_trials(void **state) {
  (void)state;
  xp_past *past = xp_test_past(HEADER(
      "1") "{\"trial\":1,\"values\":{\"a\":2.5,\"n\":3,\"c\":\"y\"},\"loss\":0.5,\"metrics\":{\"m\":7,\"k\":null}}\n"
           "{\"trial\":2,\"values\":{\"a\":2,\"n\":1,\"c\":\"x\"},\"failed\":\"why\",\"metrics\":{}}\n"
           "{\"trial\":3,\"values\":{\"a\":9,\"n\":1,\"c\":\"x\"},\"loss\":0.25,\"metrics\":{}}\n"
           "{\"trial\":4,\"values\":{\"a\":9,\"n\"");
  assert_int_equal(xp_space_count(past->space), 3);
  assert_true(xp_space_range(past->space, 0)->logarithmic);
  assert_string_equal(xp_space_range(past->space, 2)->choices[1], "y");
  assert_int_equal(past->count, 3); /* the half line is no trial */
  assert_int_equal(past->initial, 2);
  assert_string_equal(past->second, "us_per_atom");
  xp_assert_close(past->trials[0].values[0], 2.5, 0.0);
  xp_assert_close(past->trials[0].values[2], 1.0, 0.0);
  xp_assert_close(xp_past_metric(&past->trials[0], "m"), 7.0, 0.0);
  assert_true(isnan(xp_past_metric(&past->trials[0], "k")));
  assert_true(isnan(xp_past_metric(&past->trials[0], "absent")));
  assert_int_equal(past->trials[1].result.status, XP_TRIAL_FAILED);
  assert_string_equal(past->trials[1].result.reason, "why");
  assert_int_equal(xp_past_best(past), 3);
  assert_int_equal(xp_past_next_best(past, 3), 1);
  assert_int_equal(xp_past_next_best(past, 1), 0);
  xp_past_free(past);
}

static void reads_events(void **state) {
  (void)state;
  xp_past *past = xp_test_past(HEADER("2") "{\"start\":1,\"values\":{\"a\":2.5,\"n\":3,\"c\":\"y\"},\"fidelity\":0.1}\n"
                                           "{\"start\":2,\"values\":{\"a\":2,\"n\":null,\"c\":\"x\"}}\n"
                                           "{\"trial\":2,\"loss\":0.5,\"metrics\":{}}\n"
                                           "{\"trial\":1,\"loss\":0.25,\"metrics\":{}}\n"
                                           "{\"start\":3,\"values\":{\"a\":2,\"n\":2,\"c\":\"x\"},\"of\":1}\n");
  assert_int_equal(past->count, 3);
  xp_assert_close(past->trials[0].result.fidelity, 0.1, 0.0);
  xp_assert_close(past->trials[0].result.loss, 0.25, 0.0);
  assert_true(isnan(past->trials[1].values[1]));
  assert_int_equal(past->trials[2].result.status, XP_TRIAL_PENDING);
  assert_int_equal(xp_past_best(past), 2); /* not the one at a tenth of the cost */
  xp_past_free(past);
}

static void refuses_what_is_no_journal(void **state) {
  (void)state;
  static const struct {
    const char *text, *sentence;
  } cases[] = {
      {"", "found no whole line"},
      {"nonsense\n", "expected a line of a journal"},
      {"{}\n", "expected the header of a journal"},
      {"{\"xpot_journal\":3," SPACE "}\n", "format 3"},
      {"{\"xpot_journal\":2}\n", "expected the list of ranges"},
      {HEADER("2") "{\"start\":2,\"values\":{}}\n", "expected trial 1, found trial 2"},
      {HEADER("2") "{\"start\":1,\"values\":{\"a\":2}}\n", "expected a value of \"n\""},
      {HEADER("2") "{\"start\":1,\"values\":{\"a\":2,\"n\":1,\"c\":\"z\"}}\n", "expected a value of \"c\""},
      {HEADER("2") "{\"trial\":1,\"loss\":2}\n", "a trial that was started"},
      {HEADER("1") "{\"trial\":1,\"values\":{\"a\":2,\"n\":1,\"c\":\"x\"}}\n", "expected a finite \"loss\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    xp_error error = {0};
    xp_past *past = NULL;
    char *path = xp_test_file_new(cases[i].text, strlen(cases[i].text));
    assert_int_equal(xp_past_read(&past, path, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, cases[i].sentence);
    xp_assert_message(&error, path);
    assert_null(past);
    xp_test_file_remove(path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_finished_trials),
      cmocka_unit_test(reads_events),
      cmocka_unit_test(refuses_what_is_no_journal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
