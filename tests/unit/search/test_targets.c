/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "search/targets.h"

/* Order is kept, the unit and zero of the loss do not matter, failed trials are as bad as the worst. */
static void targets_keep_order(void **state) {
  (void)state;
  double losses[7] = {3.0, 1.0, NAN, 500.0, 2.0, 1e6, 4.0}, scaled[7], a[7], b[7], mean = 0.0, square = 0.0;
  xp_error error = {0};
  xp_assert_ok(xp_targets_make(7, 7, losses, a, &error), &error);
  assert_true(a[1] < a[4] && a[4] < a[0] && a[0] < a[6] && a[6] < a[3] && a[3] < a[5]);
  xp_assert_close(a[2], a[5], 0.0);
  assert_true(a[5] - a[3] < 3.0 * (a[3] - a[0])); /* a million is not two thousand times as far as 500 */
  for (int i = 0; i < 7; ++i) {
    mean += a[i] / 7.0;
    square += a[i] * a[i] / 7.0;
    scaled[i] = -7.0 + 0.25 * losses[i];
  }
  xp_assert_close(mean, 0.0, 1e-12);
  xp_assert_close(square, 1.0, 1e-12);
  xp_assert_ok(xp_targets_make(7, 7, scaled, b, &error), &error);
  for (int i = 0; i < 7; ++i) xp_assert_close(a[i], b[i], 1e-9);
  double equal[3] = {2.0, NAN, 2.0};
  xp_assert_ok(xp_targets_make(3, 3, equal, a, &error), &error);
  for (int i = 0; i < 3; ++i) xp_assert_close(a[i], 0.0, 0.0);
}

/* The bound lies between what holds and what does not, unknown values stay unknown, and the size of the metric does not
 * matter. */
static void limits_keep_their_sides(void **state) {
  (void)state;
  double values[6] = {-3.0, 0.5, NAN, 4000.0, -0.01, 2.0}, scaled[6], a[6], b[6], bound, other;
  xp_error error = {0};
  xp_assert_ok(xp_targets_limit(6, values, a, &bound, &error), &error);
  for (int i = 0; i < 6; ++i) {
    scaled[i] = 1e3 * values[i];
    if (i == 2)
      assert_true(isnan(a[i]));
    else
      assert_int_equal(a[i] <= bound, values[i] <= 0.0);
  }
  assert_true(a[0] < a[4] && a[4] < a[1] && a[1] < a[5] && a[5] < a[3]);
  assert_true(a[3] - a[5] < 10.0 * (a[5] - a[4]));
  xp_assert_ok(xp_targets_limit(6, scaled, b, &other, &error), &error);
  xp_assert_close(bound, other, 1e-12);
  for (int i = 0; i < 6; ++i)
    if (i != 2) xp_assert_close(a[i], b[i], 1e-12);
  double equal[2] = {0.0, 0.0};
  xp_assert_ok(xp_targets_limit(2, equal, a, &bound, &error), &error);
  xp_assert_close(a[0], bound, 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(targets_keep_order),
      cmocka_unit_test(limits_keep_their_sides),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
