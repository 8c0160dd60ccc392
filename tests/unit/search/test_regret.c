/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of bench/search-regret have the minima that regrets are measured from. */
#include "testing/testing.h"

#include "search_functions.h"

enum { DIMS = 6, DRAWS = 20000 };

typedef struct known {
  const char *name;
  double point[DIMS];
} known;

static const known MINIMA[] = {
    {"noisy", {2.0, 1.0, 0.7, 0.35}},
    {"mixed", {5.1, 0.85, 0.05011872336272722, 7.0, 4.0, 1.0}},
    {"branin", {3.141592653589793, 2.275}},
    {"hartmann", {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573}},
};

static xp_space *space_of(const xp_function *function) {
  xp_space *space = NULL;
  xp_error error = {0};
  xp_assert_ok(xp_space_new(&space, &error), &error);
  xp_assert_ok(function->fill(space, &error), &error);
  assert_in_range(xp_space_count(space), 1, DIMS);
  return space;
}

/* The known points have the minimum, and neither points drawn from the space nor points near the known one are below. */
static void minima_are_right(void **state) {
  (void)state;
  xp_test_random random = {17};
  for (size_t f = 0; f < sizeof MINIMA / sizeof *MINIMA; ++f) {
    const xp_function *function = xp_function_find(MINIMA[f].name);
    assert_non_null(function);
    xp_space *space = space_of(function);
    xp_assert_close(function->value(MINIMA[f].point), function->minimum, 1e-6);
    double best[DIMS], unit[DIMS], values[DIMS];
    xp_space_encode(space, MINIMA[f].point, best);
    for (int draw = 0; draw < DRAWS; ++draw) {
      for (int d = 0; d < xp_space_count(space); ++d) unit[d] = xp_test_uniform(&random, 0.0, 1.0);
      xp_space_sample(space, unit, values);
      for (int d = 0; draw % 2 && d < xp_space_count(space); ++d)
        if (xp_space_range(space, d)->kind == XP_RANGE_REAL)
          values[d] = xp_range_decode(xp_space_range(space, d), best[d] + 0.02 * (unit[d] - 0.5));
        else if (unit[d] < 0.8)
          values[d] = MINIMA[f].point[d];
      assert_true(function->value(values) >= function->minimum - 1e-9);
    }
    xp_space_free(space);
  }
}

static void functions_are_found_by_name(void **state) {
  (void)state;
  int count = 0;
  for (; xp_function_at(count); ++count)
    assert_ptr_equal(xp_function_find(xp_function_at(count)->name), xp_function_at(count));
  assert_int_equal(count, sizeof MINIMA / sizeof *MINIMA);
  assert_null(xp_function_find("rosenbrock"));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(minima_are_right), cmocka_unit_test(functions_are_found_by_name)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
