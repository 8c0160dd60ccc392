/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dimensions that are active under conditions, constraints, and searches in spaces with both. */
#include "testing/testing.h"

#include <math.h>

#include "search/candidates.h"
#include "search/history.h"
#include "search/proposal.h"
#include "space/space.h"

static const xp_place place = {.file = "input.json", .line = 7, .column = 3};

enum { KIND, TWOJMAX, RCUT, DCUT, RADBASE, LAMBDA, NDIMS };

static int setup(void **state) {
  xp_error error = {0};
  return xp_space_new((xp_space **)state, &error) == XP_OK ? 0 : -1;
}

static int teardown(void **state) {
  xp_space_free(*state);
  return 0;
}

static void add_condition(xp_space *space, const char *name, const char *text) {
  xp_error error = {0};
  xp_assert_ok(xp_space_add_condition(space, name, &text, 1, place, &error), &error);
}

/* A chain: lambda acts for ChebExpCos, which acts for ace. */
static xp_space *fill(void **state) {
  static const char *const kinds[] = {"snap", "ace"}, *const sizes[] = {"4", "6", "10"},
                           *const bases[] = {"SBessel", "ChebExpCos"};
  xp_error error = {0};
  xp_space *space = *state;
  xp_assert_ok(xp_space_add_choice(space, "kind", kinds, 2, place, &error), &error);
  xp_assert_ok(xp_space_add_ordered(space, "twojmax", sizes, 3, place, &error), &error);
  add_condition(space, "kind", "snap");
  xp_assert_ok(xp_space_add_real(space, "rcut", 3.0, 6.0, false, place, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "dcut", 0.1, 2.0, false, place, &error), &error);
  add_condition(space, "kind", "ace");
  xp_space_set_otherwise(space, 0.01);
  xp_assert_ok(xp_space_add_choice(space, "radbase", bases, 2, place, &error), &error);
  add_condition(space, "kind", "ace");
  xp_assert_ok(xp_space_add_integer(space, "lambda", 1.0, 9.0, false, place, &error), &error);
  add_condition(space, "radbase", "ChebExpCos");
  return space;
}

static xp_space *finished(void **state) {
  xp_error error = {0};
  xp_space *space = fill(state);
  xp_assert_ok(xp_space_add_constraint(space, "dcut < 0.2 * rcut", place, &error), &error);
  xp_assert_ok(xp_space_add_constraint(space, "twojmax < 2 * rcut", place, &error), &error);
  xp_assert_ok(xp_space_finish(space, &error), &error);
  return space;
}

static void ordered_choices_have_neighbours(void **state) {
  xp_space *space = finished(state);
  const xp_range *range = xp_space_range(space, TWOJMAX);
  double coords[NDIMS];
  xp_space_encode(space, (double[NDIMS]){0, 1, 4.5, 1.05, 0, 5}, coords);
  xp_assert_close(coords[TWOJMAX], 0.5, 0.0);
  xp_assert_close(xp_range_decode(range, 0.8), 2.0, 0.0);
  int counts[3] = {0};
  for (int i = 0; i < 300; ++i) ++counts[(int)xp_range_sample(range, (i + 0.5) / 300)];
  for (int c = 0; c < 3; ++c) assert_int_equal(counts[c], 100);
}

static void conditions_are_chains(void **state) {
  xp_space *space = finished(state);
  double snap[NDIMS] = {0, 2, 4.2, 0.3, 1, 7}, ace[NDIMS] = {1, 2, 4.2, 0.3, 1, 7},
         bessel[NDIMS] = {1, 2, 4.2, 0.3, 0, 7};
  static const bool active[3][NDIMS] = {{true, true, true, false, false, false},
                                        {true, false, true, true, true, true},
                                        {true, false, true, true, true, false}};
  for (int d = 0; d < NDIMS; ++d) {
    assert_int_equal(xp_space_active(space, snap, d), active[0][d]);
    assert_int_equal(xp_space_active(space, ace, d), active[1][d]);
    assert_int_equal(xp_space_active(space, bessel, d), active[2][d]);
  }
}

static void points_that_mean_the_same_are_the_same(void **state) {
  xp_space *space = finished(state);
  double a[NDIMS] = {0, 2, 4.2, 0.3, 1, 7}, b[NDIMS] = {0, 2, 4.2, 1.9, 0, 1};
  xp_space_normalise(space, a);
  xp_space_normalise(space, b);
  assert_memory_equal(a, b, sizeof a);
  xp_assert_close(a[TWOJMAX], 2.0, 0.0);
  xp_assert_close(a[DCUT], 1.05, 1e-12);
  xp_assert_close(a[RADBASE], 0.0, 0.0);
  xp_assert_close(a[LAMBDA], 5.0, 0.0);
}

/* An inactive dimension counts as its otherwise; a constraint over such dimensions alone does not count. */
static void constraints_concern_what_is_active(void **state) {
  xp_error error = {0};
  xp_space *space = fill(state);
  xp_assert_ok(xp_space_add_constraint(space, "dcut > 0.2 && rcut > 0", place, &error), &error);
  xp_assert_ok(xp_space_add_constraint(space, "dcut > 0.2", place, &error), &error);
  xp_assert_ok(xp_space_finish(space, &error), &error);
  double snap[NDIMS] = {0, 2, 4.2, 1.05, 0, 5}, ace[NDIMS] = {1, 1, 4.2, 0.3, 0, 5};
  assert_false(xp_space_feasible(space, snap)); /* by the first one: 0.01 */
  assert_true(xp_space_feasible(space, ace));
  ace[DCUT] = 0.15;
  assert_false(xp_space_feasible(space, ace));
}

static void a_constraint_of_inactive_ranges_holds(void **state) {
  xp_space *space = finished(state);
  assert_true(xp_space_feasible(space, (double[NDIMS]){0, 0, 3.0, 1.05, 0, 5}));
  assert_false(xp_space_feasible(space, (double[NDIMS]){0, 2, 4.9, 1.05, 0, 5})); /* 10 < 9.8 */
  assert_false(xp_space_feasible(space, (double[NDIMS]){1, 1, 4.9, 0.99, 0, 5}));
  assert_true(xp_space_feasible(space, (double[NDIMS]){1, 1, 4.9, 0.97, 0, 5}));
}

static void writes_itself_as_text(void **state) {
  xp_error error = {0};
  char *text = NULL;
  xp_assert_ok(xp_space_text(finished(state), &text, &error), &error);
  assert_string_equal(text, "[{\"name\":\"kind\",\"kind\":\"choice\",\"choices\":[\"snap\",\"ace\"]},"
                            "{\"name\":\"twojmax\",\"kind\":\"ordered\",\"choices\":[\"4\",\"6\",\"10\"],\"when\":{"
                            "\"kind\":[\"snap\"]},\"otherwise\":0},"
                            "{\"name\":\"rcut\",\"kind\":\"real\",\"low\":3,\"high\":6,\"scale\":\"linear\"},"
                            "{\"name\":\"dcut\",\"kind\":\"real\",\"low\":0.1,\"high\":2,\"scale\":\"linear\",\"when\":"
                            "{\"kind\":[\"ace\"]},\"otherwise\":0.01},"
                            "{\"name\":\"radbase\",\"kind\":\"choice\",\"choices\":[\"SBessel\",\"ChebExpCos\"],"
                            "\"when\":{\"kind\":[\"ace\"]},\"otherwise\":0},"
                            "{\"name\":\"lambda\",\"kind\":\"integer\",\"low\":1,\"high\":9,\"scale\":\"linear\","
                            "\"when\":{\"radbase\":[\"ChebExpCos\"]},\"otherwise\":0},"
                            "{\"name\":\"constraints\",\"texts\":[\"dcut < 0.2 * rcut\",\"twojmax < 2 * rcut\"]}]");
  free(text);
}

/* What acts for one kind only needs no condition of the input, and has none where there is but that kind. */
static void implied_conditions_may_be_void(void **state) {
  static const char *const kinds[] = {"snap", "qsnap"}, *const all[] = {"snap", "qsnap"},
                           *const ace[] = {"ace", "snap"};
  xp_error error = {0};
  xp_space *space = *state;
  xp_assert_ok(xp_space_add_choice(space, "kind", kinds, 2, place, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "a", 0.0, 1.0, false, place, &error), &error);
  xp_assert_ok(xp_space_imply_condition(space, "kind", all, 2, &error), &error);
  xp_assert_ok(xp_space_imply_condition(space, "other", all, 2, &error), &error);
  xp_assert_ok(xp_space_imply_condition(space, "kind", ace, 2, &error), &error);
  xp_assert_ok(xp_space_finish(space, &error), &error);
  assert_int_equal(xp_space_range(space, 1)->nconditions, 1);
  assert_true(xp_space_active(space, (double[]){0, 0.5}, 1));
  assert_false(xp_space_active(space, (double[]){1, 0.5}, 1));
}

static void refuses(xp_space *space, const char *sentence) {
  xp_error error = {0};
  assert_int_equal(xp_space_finish(space, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "input.json:7:3: ");
  xp_assert_message(&error, sentence);
}

static void refuses_unknown_names(void **state) {
  xp_space *space = fill(state);
  add_condition(space, "kid", "snap");
  refuses(space, "when: \"kid\" is not the name of a range; did you mean \"kind\"?");
}

static void refuses_impossible_values(void **state) {
  xp_space *space = fill(state);
  add_condition(space, "kind", "snip");
  refuses(space, "when: \"kind\" never is snip; did you mean \"snap\"?");
}

static void refuses_conditions_on_real_numbers(void **state) {
  xp_space *space = fill(state);
  add_condition(space, "rcut", "4");
  refuses(space, "\"rcut\" is a range of real numbers");
}

static void refuses_circles(void **state) {
  xp_error error = {0};
  xp_space *space = *state;
  const char *names[] = {"a", "b", "c", "a"};
  for (int d = 0; d < 3; ++d) {
    xp_assert_ok(xp_space_add_integer(space, names[d], 1.0, 3.0, false, place, &error), &error);
    add_condition(space, names[d + 1], "2");
  }
  refuses(space, "whether \"a\" is active depends, maybe by way of other ranges, on itself");
}

static void refuses_constraints_over_words(void **state) {
  xp_error error = {0};
  xp_space *space = fill(state);
  xp_assert_ok(xp_space_add_constraint(space, "kind > 0", place, &error), &error);
  refuses(space, "kind is a choice of words (\"snap\")");
}

static void refuses_constraints_without_ranges(void **state) {
  xp_error error = {0};
  xp_space *space = fill(state);
  xp_assert_ok(xp_space_add_constraint(space, "1 < 2", place, &error), &error);
  refuses(space, "expected the names of ranges in it, found none");
}

static void refuses_spaces_without_points(void **state) {
  xp_error error = {0};
  xp_space *space = fill(state);
  xp_assert_ok(xp_space_add_constraint(space, "rcut < 3.5", place, &error), &error);
  xp_assert_ok(xp_space_add_constraint(space, "rcut > 3.6", place, &error), &error);
  refuses(space, "none of 100000 points drawn from the search space fulfils them all");
}

static void check_point(const xp_space *space, const double *values) {
  double normal[NDIMS];
  memcpy(normal, values, sizeof normal);
  xp_space_normalise(space, normal);
  assert_memory_equal(normal, values, sizeof normal);
  assert_true(xp_space_feasible(space, values));
}

/* Lowest at rcut 4, dcut 0.79 (the constraint is at 0.8), ChebExpCos, lambda 8. */
static double loss_of(const double *v) {
  double loss = 0.1 * (v[RCUT] - 4.0) * (v[RCUT] - 4.0);
  if (v[KIND] == 0.0) return loss + 1.0 - 0.2 * v[TWOJMAX];
  loss += 0.3 * fabs(v[DCUT] - 0.79);
  return v[RADBASE] == 0.0 ? loss + 0.5 : loss + 0.01 * (v[LAMBDA] - 8.0) * (v[LAMBDA] - 8.0);
}

/* All points of a search are feasible, and no two mean the same; it finds the best branch. */
static void searches_find_feasible_points(void **state) {
  xp_error error = {0};
  xp_space *space = finished(state);
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  settings.initial = 12;
  xp_history history;
  xp_history_start(&history, space, 0);
  double best = INFINITY;
  for (int trial = 0; trial < 40; ++trial) {
    double values[NDIMS];
    bool exhausted;
    xp_assert_ok(xp_proposal_make(&settings, &history, values, &exhausted, &error), &error);
    assert_false(exhausted);
    check_point(space, values);
    assert_false(xp_history_contains(&history, values));
    xp_observation observation = {.state = XP_OBSERVED_OK, .loss = loss_of(values), .fidelity = 1.0};
    best = fmin(best, observation.loss);
    xp_assert_ok(xp_history_append(&history, values, &observation, &error), &error);
  }
  assert_true(best < 0.03);
  xp_history_clear(&history);
}

/* 3 points of snap, and 1 + 9 of ace: a discrete space is listed without points that mean the same. */
static void discrete_spaces_end(void **state) {
  static const char *const kinds[] = {"snap", "ace"}, *const sizes[] = {"4", "6", "10"};
  xp_error error = {0};
  xp_space *space = *state;
  xp_assert_ok(xp_space_add_choice(space, "kind", kinds, 2, place, &error), &error);
  xp_assert_ok(xp_space_add_ordered(space, "twojmax", sizes, 3, place, &error), &error);
  add_condition(space, "kind", "snap");
  xp_assert_ok(xp_space_add_integer(space, "n", 1.0, 9.0, false, place, &error), &error);
  add_condition(space, "kind", "ace");
  xp_assert_ok(xp_space_add_constraint(space, "n != 3", place, &error), &error);
  xp_assert_ok(xp_space_finish(space, &error), &error);
  xp_points told, candidates;
  xp_assert_ok(xp_points_new(&told, space, 4, &error), &error);
  xp_assert_ok(xp_candidates_draw(&candidates, &told, xp_random_start(1, 1), &error), &error);
  assert_int_equal(candidates.count, 3 + 8);
  xp_points_clear(&candidates);
  xp_points_clear(&told);
}

int main(void) {
#define WITH_SPACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH_SPACE(ordered_choices_have_neighbours),
      WITH_SPACE(conditions_are_chains),
      WITH_SPACE(points_that_mean_the_same_are_the_same),
      WITH_SPACE(constraints_concern_what_is_active),
      WITH_SPACE(a_constraint_of_inactive_ranges_holds),
      WITH_SPACE(writes_itself_as_text),
      WITH_SPACE(implied_conditions_may_be_void),
      WITH_SPACE(refuses_unknown_names),
      WITH_SPACE(refuses_impossible_values),
      WITH_SPACE(refuses_conditions_on_real_numbers),
      WITH_SPACE(refuses_circles),
      WITH_SPACE(refuses_constraints_over_words),
      WITH_SPACE(refuses_constraints_without_ranges),
      WITH_SPACE(refuses_spaces_without_points),
      WITH_SPACE(searches_find_feasible_points),
      WITH_SPACE(discrete_spaces_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
