/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "problems.h"
#include "search/history.h"
#include "search/proposal.h"

enum { MANY = 200, LIMITS = 2 };

/* Two hundred trials with two limits each, the last point a repeat of the first. */
static void fill(xp_history *history, const xp_space *space) {
  xp_error error = {0};
  xp_history_start(history, space, LIMITS);
  for (int i = 0; i < MANY; ++i) {
    double values[2] = {i % (MANY - 1) * 0.01, 7.5}, limits[LIMITS] = {i, -i};
    xp_observation observation = {.state = XP_OBSERVED_OK, .loss = i, .fidelity = 1.0, .limits = i % 2 ? limits : NULL};
    xp_assert_ok(xp_history_append(history, values, &observation, &error), &error);
  }
}

static void keeps_what_it_is_told(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_history history;
  fill(&history, space);
  assert_int_equal(history.count, MANY);
  for (int i = 0; i < MANY; ++i) {
    const xp_observation *o = &history.observations[i];
    xp_assert_close(o->loss, i, 0.0);
    for (int k = 0; k < LIMITS; ++k)
      if (i % 2)
        xp_assert_close(o->limits[k], k ? -i : i, 0.0);
      else
        assert_true(isnan(o->limits[k]));
    xp_assert_close(history.coords[2 * i], (history.values[2 * i] + 5.0) / 15.0, 1e-15);
    xp_assert_close(history.coords[2 * i + 1], 0.5, 0.0);
  }
  xp_history_clear(&history);
  xp_space_free(space);
}

static void replaces_what_was_pending(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_history history;
  fill(&history, space);
  double limits[LIMITS] = {3.0, 4.0};
  xp_history_set(&history, 6, &(xp_observation){.state = XP_OBSERVED_FAILED, .fidelity = 0.5, .limits = limits});
  assert_int_equal(history.observations[6].state, XP_OBSERVED_FAILED);
  limits[1] = 0.0;
  xp_assert_close(history.observations[6].limits[1], 4.0, 0.0);
  assert_true(isnan(history.observations[4].limits[0]));
  xp_assert_close(history.observations[7].limits[0], 7.0, 0.0);
  xp_history_clear(&history);
  xp_space_free(space);
}

static void knows_its_points(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_history history;
  fill(&history, space);
  assert_int_equal(xp_history_points(&history), MANY - 1);
  assert_true(xp_history_contains(&history, (double[]){0.5, 7.5}));
  assert_false(xp_history_contains(&history, (double[]){0.5, 7.6}));
  xp_history_clear(&history);
  xp_space_free(space);
}

static void settings_have_one_text(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_error error = {0};
  char *text = NULL;
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  xp_assert_ok(xp_proposal_settings_text(&settings, space, &text, &error), &error);
  assert_string_equal(text,
                      "{\"initial\":6,\"seed\":42,\"design\":\"hammersley\",\"kernel\":\"matern52\",\"acquisition\":"
                      "\"log_ei\",\"xi\":0.1,\"kappa\":1.96,\"second\":false,\"limits\":0,\"fidelity\":false,"
                      "\"starts\":[]}");
  free(text);
  settings.design = XP_DESIGN_PLAIN_HAMMERSLEY;
  settings.kernel = XP_KERNEL_MATERN12;
  settings.acquisition = XP_ACQUISITION_HEDGE;
  settings.second = settings.fidelity = true;
  settings.nlimits = 2;
  settings.nstarts = 2;
  settings.starts = (double[]){1.5, 0.1, 2.0, 3.0};
  xp_assert_ok(xp_proposal_settings_text(&settings, space, &text, &error), &error);
  assert_string_equal(text, "{\"initial\":6,\"seed\":42,\"design\":\"plain_hammersley\",\"kernel\":\"matern12\","
                            "\"acquisition\":\"hedge\",\"xi\":0.1,\"kappa\":1.96,\"second\":true,\"limits\":2,"
                            "\"fidelity\":true,\"starts\":[[1.5,0.1],[2,3]]}");
  free(text);
  xp_space_free(space);
}

static void refuses_bad_settings(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  xp_error error = {0};
  xp_assert_ok(xp_proposal_settings_check(&settings, &error), &error);
  settings.kappa = -1.0;
  assert_int_equal(xp_proposal_settings_check(&settings, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "expected kappa of 0 or more, found -1");
  xp_space_free(space);
}

/* The point after some trials of Branin's function, with a xi. */
static void propose(const xp_history *history, double xi, double *values) {
  xp_error error = {0};
  bool exhausted;
  xp_proposal_settings settings = xp_proposal_settings_default(history->space);
  settings.xi = xi;
  xp_assert_ok(xp_proposal_make(&settings, history, values, &exhausted, &error), &error);
  assert_false(exhausted);
}

/* A xi sends the trials to other places that ask for it, and leaves alone those that do not. */
static void every_other_trial_asks_for_xi(void **state) {
  (void)state;
  xp_space *space = xp_problem_branin.space();
  xp_history history;
  xp_error error = {0};
  xp_history_start(&history, space, 0);
  int initial = xp_proposal_settings_default(space).initial, differed = 0;
  for (int trial = 0; trial < initial + 4; ++trial) {
    double values[2], daring[2];
    propose(&history, 0.0, values);
    propose(&history, 2.0, daring);
    bool same = !memcmp(values, daring, sizeof values);
    if (trial < initial || trial % 2 == 0) assert_true(same);
    differed += !same;
    xp_observation observation = {.state = XP_OBSERVED_OK, .loss = xp_problem_branin.function(values), .fidelity = 1.0};
    xp_assert_ok(xp_history_append(&history, values, &observation, &error), &error);
  }
  assert_int_equal(differed, 2);
  xp_history_clear(&history);
  xp_space_free(space);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_what_it_is_told), cmocka_unit_test(replaces_what_was_pending),
      cmocka_unit_test(knows_its_points),      cmocka_unit_test(settings_have_one_text),
      cmocka_unit_test(refuses_bad_settings),  cmocka_unit_test(every_other_trial_asks_for_xi),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
