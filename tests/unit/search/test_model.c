/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "problems.h"
#include "search/hedge.h"
#include "search/model.h"

enum { TRIALS = 40, LIMITS = 2, DIMS = 8, PENDING = 7, FAILED = 11 };

/* Random trials of the fit problem: one pending, one failed, every fourth of low fidelity when asked; two limits that half of
 * them break, and a second objective that falls where the loss rises. */
static void fill(xp_history *history, const xp_space *space, bool low) {
  xp_test_random random = {23};
  xp_history_start(history, space, LIMITS);
  for (int i = 0; i < TRIALS; ++i) {
    double unit[DIMS], values[DIMS];
    xp_error error = {0};
    for (int d = 0; d < DIMS; ++d) unit[d] = xp_test_uniform(&random, 0.0, 1.0);
    xp_space_sample(space, unit, values);
    double limits[LIMITS] = {values[0] - 5.2 + 0.5 * sin(20.0 * unit[3]), 40.0 * (0.3 - unit[1] * sin(9.0 * unit[4]))};
    xp_observation o = {.loss = xp_problem_fit.function(values), .second = 6.0 - values[0] + unit[2], .limits = limits};
    o.fidelity = low && i % 4 == 1 ? 0.1 : 1.0;
    o.state = i == PENDING ? XP_OBSERVED_PENDING : i == FAILED ? XP_OBSERVED_FAILED : XP_OBSERVED_OK;
    xp_assert_ok(xp_history_append(history, values, &o, &error), &error);
  }
}

/* A model of so many of the limits. */
typedef struct sample {
  xp_space *space;
  xp_history history;
  xp_model *model;
} sample;

static sample sample_new(xp_acquisition acquisition, bool second, int nlimits, bool low) {
  sample s = {.space = xp_problem_fit.space()};
  xp_error error = {0};
  fill(&s.history, s.space, low);
  s.history.nlimits = nlimits;
  xp_proposal_settings settings = xp_proposal_settings_default(s.space);
  settings.acquisition = acquisition;
  settings.second = second;
  settings.nlimits = nlimits;
  settings.fidelity = low;
  xp_assert_ok(xp_model_new(&s.model, &settings, &s.history, &error), &error);
  return s;
}

static void sample_free(sample *s) {
  xp_model_free(s->model);
  xp_history_clear(&s->history);
  xp_space_free(s->space);
}

static void draw(xp_test_random *random, double *coords) {
  for (int d = 0; d < DIMS - 1; ++d) coords[d] = xp_test_uniform(random, 0.0, 1.0);
  coords[DIMS - 1] = xp_test_integer(random, 3);
}

/* ---- merit ---- */

static void compare_merits(xp_model *m) {
  enum { QUERIES = 12 };
  const double step = 1e-5;
  double coords[QUERIES][DIMS], merits[QUERIES], gradient[DIMS];
  xp_test_random random = {4};
  xp_error error = {0};
  for (int i = 0; i < QUERIES; ++i) draw(&random, coords[i]);
  xp_assert_ok(xp_model_merits(m, QUERIES, &coords[0][0], merits, &error), &error);
  for (int i = 0; i < QUERIES; ++i) {
    double value = xp_model_merit(m, coords[i], gradient), ends[2];
    xp_assert_close(merits[i], value, 1e-8 * (1.0 + fabs(value)));
    for (int d = 0; d < DIMS - 1; ++d) {
      double kept = coords[i][d];
      for (int side = 0; side < 2; ++side) {
        coords[i][d] = kept + (side ? step : -step);
        ends[side] = xp_model_merit(m, coords[i], NULL);
      }
      coords[i][d] = kept;
      xp_assert_close(gradient[d], (ends[1] - ends[0]) / (2.0 * step), 1e-4 * (1.0 + fabs(gradient[d])));
    }
    xp_assert_close(gradient[DIMS - 1], 0.0, 0.0);
  }
}

static void merit_gradient_is_the_derivative(void **state) {
  (void)state;
  for (xp_acquisition a = XP_ACQUISITION_LOG_EI; a <= XP_ACQUISITION_LCB; ++a)
    for (int nlimits = 0; nlimits <= LIMITS; nlimits += LIMITS) {
      sample s = sample_new(a, false, nlimits, nlimits > 0);
      compare_merits(s.model);
      sample_free(&s);
    }
  for (int nlimits = 0; nlimits <= LIMITS; ++nlimits) {
    sample s = sample_new(XP_ACQUISITION_LOG_EI, true, nlimits, nlimits == 1);
    compare_merits(s.model);
    sample_free(&s);
  }
}

/* ---- trials ---- */

static void best_trial_is_whole_and_within_limits(void **state) {
  (void)state;
  sample s = sample_new(XP_ACQUISITION_LOG_EI, false, LIMITS, true);
  int feasible = 0;
  double best = INFINITY;
  for (int i = 0; i < TRIALS; ++i) {
    const xp_observation *o = &s.history.observations[i];
    bool expected = o->fidelity == 1.0 && o->limits[0] <= 0.0 && o->limits[1] <= 0.0;
    if (o->state == XP_OBSERVED_OK) assert_int_equal(s.model->feasible[i], expected);
    if (s.model->feasible[i]) best = fmin(best, s.model->fitted[i]);
    feasible += s.model->feasible[i];
  }
  assert_in_range(feasible, 3, TRIALS / 2);
  assert_false(s.model->feasible[FAILED]);
  xp_assert_close(s.model->best, best, 0.0);
  sample_free(&s);
}

/* A pending trial changes no mean, and the model is sure of it: nothing is left to gain there. */
static void pending_trials_are_believed(void **state) {
  (void)state;
  sample with = sample_new(XP_ACQUISITION_LOG_EI, false, 0, false);
  sample without = sample_new(XP_ACQUISITION_LOG_EI, false, 0, false);
  xp_model_free(without.model);
  --without.history.count; /* puts the last trial in the place of the pending one, so that all others are there */
  memcpy(without.history.coords + PENDING * DIMS, with.history.coords + (TRIALS - 1) * DIMS, DIMS * sizeof(double));
  without.history.observations[PENDING] = with.history.observations[TRIALS - 1];
  xp_error error = {0};
  xp_proposal_settings settings = xp_proposal_settings_default(with.space);
  xp_assert_ok(xp_model_new(&without.model, &settings, &without.history, &error), &error);
  xp_test_random random = {5};
  double mean[2], deviation[2], coords[DIMS];
  for (int i = 0; i < 10; ++i) {
    draw(&random, coords);
    xp_gp_predict(with.model->processes[0], coords, &mean[0], &deviation[0], NULL, NULL);
    xp_gp_predict(without.model->processes[0], coords, &mean[1], &deviation[1], NULL, NULL);
    xp_assert_close(mean[0], mean[1], 0.02);
    assert_true(deviation[0] < 1.02 * deviation[1]);
  }
  const double *pending = with.history.coords + PENDING * DIMS;
  xp_gp_predict(with.model->processes[0], pending, &mean[0], &deviation[0], NULL, NULL);
  xp_gp_predict(without.model->processes[0], pending, &mean[1], &deviation[1], NULL, NULL);
  xp_assert_close(with.model->fitted[PENDING], mean[0], 1e-8);
  assert_true(deviation[0] < 0.3 * deviation[1]);
  sample_free(&with);
  sample_free(&without);
}

static void front_is_of_feasible_trials(void **state) {
  (void)state;
  sample s = sample_new(XP_ACQUISITION_LOG_EI, true, LIMITS, false);
  const xp_pareto *front = &s.model->front;
  assert_true(front->count >= 2);
  for (int i = 0; i < front->count; ++i) {
    int found = 0;
    for (int t = 0; t < TRIALS; ++t)
      found += s.model->feasible[t] && s.model->fitted[t] == front->first[i] &&
               s.model->fitted[TRIALS + t] == front->second[i];
    assert_int_equal(found, 1);
    if (i > 0) assert_true(front->first[i] > front->first[i - 1] && front->second[i] < front->second[i - 1]);
    assert_true(front->first[i] < front->reference[0] && front->second[i] < front->reference[1]);
  }
  sample_free(&s);
}

/* What breaks a limit comes last, what failed or runs not at all. */
static void parents_are_promising(void **state) {
  (void)state;
  for (int second = 0; second <= 1; ++second) {
    sample s = sample_new(XP_ACQUISITION_LOG_EI, second, LIMITS, false);
    double keys[TRIALS], best = INFINITY, worst_feasible = -INFINITY, best_other = INFINITY;
    xp_model_rank(s.model, keys);
    assert_true(isnan(keys[PENDING]) && isnan(keys[FAILED]));
    for (int i = 0; i < TRIALS; ++i) {
      if (isnan(keys[i])) continue;
      best = fmin(best, keys[i]);
      if (s.model->feasible[i]) worst_feasible = fmax(worst_feasible, keys[i]);
      if (s.history.observations[i].limits[0] > 1.0) best_other = fmin(best_other, keys[i]);
    }
    assert_true(worst_feasible < best_other);
    if (!second) xp_assert_close(best, s.model->best, 0.0);
    if (second) assert_true(best < 1.0); /* no other trial beats one of the front */
    sample_free(&s);
  }
}

/* ---- portfolio ---- */

/* Gains by processes made anew of the first so many trials, against those from the blocks of the last one. */
static void gains_are_those_of_earlier_models(void **state) {
  (void)state;
  enum { POINTS = 20, QUERIES = 30, FIRST = 6 };
  static const bool real[2] = {false};
  const double theta[4] = {0.2, -6.0, -1.0, -0.5}, xi = 0.05, kappa = 1.5;
  double x[POINTS][2], y[POINTS], at[QUERIES][2], gains[XP_HEDGE_MEMBERS], expected[XP_HEDGE_MEMBERS] = {0};
  xp_test_random random = {12};
  xp_error error = {0};
  xp_gp *all = NULL;
  for (int i = 0; i < POINTS; ++i) {
    for (int d = 0; d < 2; ++d) x[i][d] = xp_test_uniform(&random, 0.0, 1.0);
    y[i] = sin(5.0 * x[i][0]) + x[i][1];
  }
  for (int i = 0; i < QUERIES; ++i)
    for (int d = 0; d < 2; ++d) at[i][d] = xp_test_uniform(&random, 0.0, 1.0);
  xp_assert_ok(xp_gp_new(&all, XP_KERNEL_MATERN52, POINTS, 2, &x[0][0], real, y, &error), &error);
  xp_assert_ok(xp_gp_condition(all, theta, &error), &error);
  xp_assert_ok(xp_hedge_gains(all, FIRST, xi, kappa, QUERIES, &at[0][0], gains, &error), &error);
  int nominees[XP_HEDGE_MEMBERS] = {0};
  for (int count = FIRST; count <= POINTS; ++count) {
    xp_gp *gp = NULL;
    xp_assert_ok(xp_gp_new(&gp, XP_KERNEL_MATERN52, count, 2, &x[0][0], real, y, &error), &error);
    xp_assert_ok(xp_gp_condition(gp, theta, &error), &error);
    double best = INFINITY;
    for (int i = 0; i < count; ++i) best = fmin(best, y[i]);
    for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) {
      double mean, deviation, highest = -INFINITY;
      xp_gp_predict(gp, at[nominees[k]], &mean, &deviation, NULL, NULL);
      if (count > FIRST) expected[k] -= mean;
      for (int i = 0; i < QUERIES; ++i) {
        xp_gp_predict(gp, at[i], &mean, &deviation, NULL, NULL);
        double value = xp_acquisition_value(xp_hedge_members[k], best - xi, kappa, mean, deviation, NULL, NULL);
        if (value > highest) nominees[k] = i;
        highest = fmax(highest, value);
      }
    }
    xp_gp_free(gp);
  }
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) xp_assert_close(gains[k], expected[k], 1e-8);
  xp_gp_free(all);
}

/* Chances 1/7, 2/7, 4/7. */
static void members_are_drawn_by_their_gains(void **state) {
  (void)state;
  enum { DRAWS = 7000 };
  int counts[XP_ACQUISITION_HEDGE + 1] = {0};
  for (int i = 0; i < DRAWS; ++i)
    ++counts[xp_hedge_draw((double[]){1000.0, 1000.0 + log(2.0), 1000.0 + log(4.0)}, xp_random_start(6, (uint64_t)i))];
  for (int k = 0; k < XP_HEDGE_MEMBERS; ++k) xp_assert_close(counts[xp_hedge_members[k]], 1000.0 * (1 << k), 130.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(merit_gradient_is_the_derivative),
      cmocka_unit_test(best_trial_is_whole_and_within_limits),
      cmocka_unit_test(pending_trials_are_believed),
      cmocka_unit_test(front_is_of_feasible_trials),
      cmocka_unit_test(parents_are_promising),
      cmocka_unit_test(gains_are_those_of_earlier_models),
      cmocka_unit_test(members_are_drawn_by_their_gains),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
