/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "search/hammersley.h"

enum { MAX_POINTS = 64, MAX_DIMS = 20 };

static void plain_points_are_known(void **state) {
  (void)state;
  static const double expected[8][4] = {{0, 0, 0, 0},
                                        {1. / 2, 1. / 3, 1. / 5, 1. / 8},
                                        {1. / 4, 2. / 3, 2. / 5, 2. / 8},
                                        {3. / 4, 1. / 9, 3. / 5, 3. / 8},
                                        {1. / 8, 4. / 9, 4. / 5, 4. / 8},
                                        {5. / 8, 7. / 9, 1. / 25, 5. / 8},
                                        {3. / 8, 2. / 9, 6. / 25, 6. / 8},
                                        {7. / 8, 5. / 9, 11. / 25, 7. / 8}};
  double points[8][4], line[4];
  xp_error error = {0};
  xp_assert_ok(xp_hammersley_plain(8, 4, &points[0][0], &error), &error);
  for (int i = 0; i < 8; ++i)
    for (int d = 0; d < 4; ++d) xp_assert_close(points[i][d], expected[i][d], 1e-15);
  xp_assert_ok(xp_hammersley_plain(4, 1, line, &error), &error);
  for (int i = 0; i < 4; ++i) xp_assert_close(line[i], expected[i][0], 0.0);
}

/* One point at 1/2 in one dimension: the square is 13/12 - 2 + 1 (Hickernell's formula by hand); in the corner of the unit
 * square: (13/12)^2 - 2 (9/8)^2 + (3/2)^2. */
static void discrepancy_is_known(void **state) {
  (void)state;
  xp_assert_close(xp_discrepancy_centred(1, 1, (double[]){0.5}), sqrt(1.0 / 12.0), 1e-15);
  xp_assert_close(xp_discrepancy_centred(1, 2, (double[]){0.0, 0.0}),
                  sqrt(169.0 / 144.0 - 2.0 * 81.0 / 64.0 + 9.0 / 4.0), 1e-14);
}

/* Every stretch of p^k points meets each interval of length p^-k once: scrambling keeps what makes the set even. */
static void scrambled_points_are_even(void **state) {
  (void)state;
  double points[32][3];
  xp_error error = {0};
  xp_assert_ok(xp_hammersley_scrambled(32, 3, 7, &points[0][0], &error), &error);
  int halves[32] = {0}, thirds[27] = {0}, last[32] = {0};
  for (int i = 0; i < 32; ++i) {
    ++halves[(int)(points[i][0] * 32)];
    if (i < 27) ++thirds[(int)(points[i][1] * 27)];
    ++last[(int)(points[i][2] * 32)];
  }
  for (int cell = 0; cell < 32; ++cell) {
    assert_int_equal(halves[cell], 1);
    assert_int_equal(last[cell], 1);
  }
  for (int cell = 0; cell < 27; ++cell) assert_int_equal(thirds[cell], 1);
}

static double random_discrepancy(int npoints, int ndims) {
  static double points[MAX_POINTS * MAX_DIMS];
  xp_test_random random = {3};
  double sum = 0.0;
  enum { SETS = 50 };
  for (int set = 0; set < SETS; ++set) {
    for (int i = 0; i < npoints * ndims; ++i) points[i] = xp_test_uniform(&random, 0.0, 1.0);
    sum += xp_discrepancy_centred(npoints, ndims, points) / SETS;
  }
  return sum;
}

/* In 12 and 20 dimensions the plain set is worse than random numbers, the scrambled one always better. */
static void scrambling_mends_many_dimensions(void **state) {
  (void)state;
  static const int dims[] = {1, 2, 6, 12, 20};
  static double points[MAX_POINTS * MAX_DIMS];
  for (size_t i = 0; i < sizeof dims / sizeof *dims; ++i)
    for (int npoints = 8; npoints <= MAX_POINTS; npoints *= 2) {
      xp_error error = {0};
      double random = random_discrepancy(npoints, dims[i]);
      for (uint64_t seed = 0; seed < 3; ++seed) {
        xp_assert_ok(xp_hammersley_scrambled(npoints, dims[i], seed, points, &error), &error);
        assert_true(xp_discrepancy_centred(npoints, dims[i], points) < random);
      }
      xp_assert_ok(xp_hammersley_plain(npoints, dims[i], points, &error), &error);
      if (dims[i] >= 12) assert_true(xp_discrepancy_centred(npoints, dims[i], points) > random);
    }
}

static void seeds_decide(void **state) {
  (void)state;
  double a[12 * 5], b[12 * 5], c[12 * 5];
  xp_error error = {0};
  xp_assert_ok(xp_hammersley_scrambled(12, 5, 1, a, &error), &error);
  xp_assert_ok(xp_hammersley_scrambled(12, 5, 1, b, &error), &error);
  xp_assert_ok(xp_hammersley_scrambled(12, 5, 2, c, &error), &error);
  assert_memory_equal(a, b, sizeof a);
  assert_memory_not_equal(a, c, sizeof a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_points_are_known),
      cmocka_unit_test(discrepancy_is_known),
      cmocka_unit_test(scrambled_points_are_even),
      cmocka_unit_test(scrambling_mends_many_dimensions),
      cmocka_unit_test(seeds_decide),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
