/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is proposed, trial by trial, without journals. */
#include "testing/testing.h"

#include <math.h>

#include "problems.h"
#include "search/pareto.h"
#include "search/proposal.h"

static const xp_place nowhere = {0};

/* Two real dimensions from 0 to 1. */
static xp_space *square_new(void) {
  xp_space *space = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_space_new(&space, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "x", 0.0, 1.0, false, nowhere, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "y", 0.0, 1.0, false, nowhere, &error), &error);
  return space;
}

/* True when there was a point. */
static bool propose(const xp_proposal_settings *settings, const xp_history *history, double *values) {
  bool exhausted;
  xp_error error = {0};
  xp_assert_ok(xp_proposal_make(settings, history, values, &exhausted, &error), &error);
  return !exhausted;
}

static void tell(xp_history *history, const double *values, xp_observation observation) {
  xp_error error = {0};
  if (observation.fidelity == 0.0) observation.fidelity = 1.0;
  xp_assert_ok(xp_history_append(history, values, &observation, &error), &error);
}

/* ---- beginnings ---- */

static void starts_come_before_the_design(void **state) {
  (void)state;
  static const double starts[4] = {1.5, 0.1, 2.0, 3.0};
  xp_space *space = xp_problem_branin.space();
  xp_history history;
  double values[2], expected[2], design[8 * 2];
  xp_error error = {0};
  for (xp_design_kind kind = XP_DESIGN_HAMMERSLEY; kind <= XP_DESIGN_PLAIN_HAMMERSLEY; ++kind) {
    xp_proposal_settings settings = xp_proposal_settings_default(space);
    settings.design = kind;
    settings.initial = 8;
    settings.starts = starts;
    settings.nstarts = 2;
    xp_assert_ok(xp_design_make(kind, 8, 2, settings.seed, design, &error), &error);
    xp_history_start(&history, space, 0);
    for (int trial = 0; trial < 10; ++trial) {
      assert_true(propose(&settings, &history, values));
      if (trial >= 2) xp_design_decode(kind, space, design + 2 * (trial - 2), expected);
      const double *wanted = trial < 2 ? starts + 2 * trial : expected;
      for (int d = 0; d < 2; ++d) xp_assert_close(values[d], wanted[d], 0.0);
      tell(&history, values, (xp_observation){.state = trial % 2 ? XP_OBSERVED_FAILED : XP_OBSERVED_PENDING});
    }
    xp_history_clear(&history);
  }
  xp_space_free(space);
}

/* A point that is tried again at another fidelity uses up no point of the design. */
static void repeats_use_up_nothing(void **state) {
  (void)state;
  xp_space *space = square_new();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  xp_history once, again;
  double a[2], b[2];
  xp_history_start(&once, space, 0);
  xp_history_start(&again, space, 0);
  for (int trial = 0; trial < 4; ++trial) {
    assert_true(propose(&settings, &once, a));
    assert_true(propose(&settings, &again, b));
    assert_memory_equal(a, b, sizeof a);
    tell(&once, a, (xp_observation){.loss = a[0]});
    tell(&again, a, (xp_observation){.loss = a[0], .fidelity = 0.1});
    tell(&again, a, (xp_observation){.loss = a[0], .fidelity = 1.0});
  }
  xp_history_clear(&once);
  xp_history_clear(&again);
  xp_space_free(space);
}

/* ---- several at a time ---- */

/* Twenty-four points started one after the other, of which only every third ever ends: all are started, none twice. */
static void never_proposes_what_is_pending(void **state) {
  (void)state;
  for (xp_acquisition acquisition = XP_ACQUISITION_LOG_EI; acquisition <= XP_ACQUISITION_HEDGE; ++acquisition) {
    xp_space *space = xp_problem_tiny.space();
    xp_proposal_settings settings = xp_proposal_settings_default(space);
    settings.acquisition = acquisition;
    xp_history history;
    double values[2];
    xp_history_start(&history, space, 0);
    while (propose(&settings, &history, values)) {
      assert_false(xp_history_contains(&history, values));
      xp_observation o = {.state = history.count % 3 ? XP_OBSERVED_PENDING : XP_OBSERVED_OK};
      o.loss = xp_problem_tiny.function(values);
      tell(&history, values, o);
    }
    assert_int_equal(history.count, 24);
    xp_history_clear(&history);
    xp_space_free(space);
  }
}

/* Four trials at a time find the minimum too, and the four are apart. */
static void batches_are_spread(void **state) {
  (void)state;
  enum { BATCH = 4, BATCHES = 10 };
  xp_space *space = xp_problem_branin.space();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  xp_history history;
  xp_history_start(&history, space, 0);
  double best = INFINITY, values[2];
  for (int batch = 0; batch < BATCHES; ++batch) {
    int first = history.count;
    for (int i = 0; i < BATCH; ++i) {
      assert_true(propose(&settings, &history, values));
      tell(&history, values, (xp_observation){.state = XP_OBSERVED_PENDING});
    }
    for (int i = first; i < history.count; ++i) {
      const double *point = history.coords + 2 * i;
      for (int j = first; j < i; ++j)
        assert_true(hypot(point[0] - history.coords[2 * j], point[1] - history.coords[2 * j + 1]) > 1e-4);
      double loss = xp_problem_branin.function(history.values + 2 * i);
      xp_history_set(&history, i, &(xp_observation){.loss = loss, .fidelity = 1.0});
      best = fmin(best, loss);
    }
  }
  assert_true(best - xp_problem_branin.minimum < 0.1);
  xp_history_clear(&history);
  xp_space_free(space);
}

/* ---- limits ---- */

/* x + y is smallest, within x y >= 1/2, at x = y = sqrt(1/2); and x below 0.9. */
static void limits_are_kept(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    xp_space *space = square_new();
    xp_proposal_settings settings = xp_proposal_settings_default(space);
    settings.seed = seed;
    settings.nlimits = 2;
    xp_history history;
    xp_history_start(&history, space, 2);
    double best = INFINITY, values[2];
    for (int trial = 0; trial < 30; ++trial) {
      assert_true(propose(&settings, &history, values));
      double limits[2] = {100.0 * (0.5 - values[0] * values[1]), values[0] - 0.9};
      tell(&history, values, (xp_observation){.loss = values[0] + values[1], .limits = limits});
      if (limits[0] <= 0.0 && limits[1] <= 0.0) best = fmin(best, values[0] + values[1]);
    }
    assert_true(best < M_SQRT2 + 0.02);
    xp_history_clear(&history);
    xp_space_free(space);
  }
}

/* Nothing in the design holds the limit (a disc of radius 0.03): the search finds it all the same. */
static void finds_what_holds_a_limit(void **state) {
  (void)state;
  xp_space *space = square_new();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  settings.nlimits = 1;
  xp_history history;
  xp_history_start(&history, space, 1);
  int first = 0;
  for (int trial = 1; trial <= 25; ++trial) {
    double values[2];
    assert_true(propose(&settings, &history, values));
    double limit = hypot(values[0] - 0.31, values[1] - 0.62) - 0.03;
    tell(&history, values, (xp_observation){.loss = values[0], .limits = &limit});
    if (limit <= 0.0 && first == 0) first = trial;
  }
  assert_in_range(first, settings.initial + 1, 16);
  xp_history_clear(&history);
  xp_space_free(space);
}

/* ---- two objectives ---- */

/* Squared distances to (0,0) and (1,0): the best area within (1,1) is 5/6, by sqrt(a) + sqrt(b) = 1. */
static double area_of(const xp_history *history) {
  enum { MOST = 64 };
  double first[MOST], second[MOST], kept[2][MOST];
  int indices[MOST];
  for (int i = 0; i < history->count; ++i) {
    const xp_observation *o = &history->observations[i];
    bool inside = o->loss < 1.0 && o->second < 1.0;
    first[i] = inside ? o->loss : NAN;
    second[i] = inside ? o->second : NAN;
  }
  xp_pareto front = {.first = kept[0], .second = kept[1], .reference = {1.0, 1.0}};
  front.count = xp_pareto_front(history->count, first, second, indices);
  for (int i = 0; i < front.count; ++i) {
    kept[0][i] = first[indices[i]];
    kept[1][i] = second[indices[i]];
  }
  return xp_pareto_area(&front);
}

static double area_of_search(uint64_t seed, int initial) {
  xp_space *space = square_new();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  settings.second = true;
  settings.seed = seed;
  settings.initial = initial;
  xp_history history;
  xp_history_start(&history, space, 0);
  for (int trial = 0; trial < 30; ++trial) {
    double v[2];
    assert_true(propose(&settings, &history, v));
    tell(&history, v,
         (xp_observation){.loss = v[0] * v[0] + v[1] * v[1], .second = (v[0] - 1.0) * (v[0] - 1.0) + v[1] * v[1]});
  }
  double area = area_of(&history);
  xp_history_clear(&history);
  xp_space_free(space);
  return area;
}

static void finds_the_whole_front(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    double search = area_of_search(seed, 6), design = area_of_search(seed, 30);
    print_message("area of 5/6: search %.4f, design %.4f\n", search, design);
    assert_true(search > 0.96 * 5.0 / 6.0);
    assert_true(search > design);
  }
}

/* ---- fidelities ---- */

/* Cheap trials of Branin's function, tilted and shifted, and then whole ones: the first of these are near a minimum. */
static double best_of_six(bool cheap, uint64_t seed) {
  xp_space *space = xp_problem_branin.space();
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  settings.fidelity = true;
  settings.seed = seed;
  settings.initial = cheap ? 40 : 4;
  xp_history history;
  xp_history_start(&history, space, 0);
  double best = INFINITY, values[2];
  for (int trial = 0; trial < settings.initial + 6; ++trial) {
    assert_true(propose(&settings, &history, values));
    double loss = xp_problem_branin.function(values);
    bool whole = !cheap || trial % 10 == 0 || trial >= settings.initial;
    tell(&history, values,
         (xp_observation){.loss = whole ? loss : loss + values[0] + 5.0, .fidelity = whole ? 1.0 : 0.1});
    if (whole) best = fmin(best, loss);
  }
  xp_history_clear(&history);
  xp_space_free(space);
  return best - xp_problem_branin.minimum;
}

static void cheap_trials_inform(void **state) {
  (void)state;
  enum { SEEDS = 6 };
  double informed = 0.0, alone = 0.0;
  for (uint64_t seed = 1; seed <= SEEDS; ++seed) {
    informed += best_of_six(true, seed) / SEEDS;
    alone += best_of_six(false, seed) / SEEDS;
  }
  print_message("ten whole trials: %.3g above the minimum, %.3g without cheap ones\n", informed, alone);
  assert_true(informed < 0.5);
  assert_true(informed < 0.5 * alone);
}

/* ---- all acquisitions and kernels ---- */

static void every_setting_finds_the_minimum(void **state) {
  (void)state;
  for (int variant = 0; variant < 7; ++variant) {
    xp_space *space = xp_problem_branin.space();
    xp_proposal_settings settings = xp_proposal_settings_default(space);
    settings.initial = 10;
    settings.acquisition = variant <= XP_ACQUISITION_HEDGE ? (xp_acquisition)variant : XP_ACQUISITION_LOG_EI;
    if (variant > XP_ACQUISITION_HEDGE) settings.kernel = (xp_kernel)(variant - XP_ACQUISITION_HEDGE);
    xp_history history;
    xp_history_start(&history, space, 0);
    double best = INFINITY;
    for (int trial = 0; trial < 45; ++trial) {
      double values[2];
      assert_true(propose(&settings, &history, values));
      double loss = xp_problem_branin.function(values);
      tell(&history, values, (xp_observation){.loss = loss});
      best = fmin(best, loss);
    }
    print_message("setting %d: %.3g above the minimum\n", variant, best - xp_problem_branin.minimum);
    assert_true(best - xp_problem_branin.minimum < 0.2);
    xp_history_clear(&history);
    xp_space_free(space);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(starts_come_before_the_design),
      cmocka_unit_test(repeats_use_up_nothing),
      cmocka_unit_test(never_proposes_what_is_pending),
      cmocka_unit_test(batches_are_spread),
      cmocka_unit_test(limits_are_kept),
      cmocka_unit_test(finds_what_holds_a_limit),
      cmocka_unit_test(finds_the_whole_front),
      cmocka_unit_test(cheap_trials_inform),
      cmocka_unit_test(every_setting_finds_the_minimum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
