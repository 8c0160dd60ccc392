/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/testing.h"

#include <math.h>

#include "search/design.h"
#include "search/hammersley.h"
#include "search/sobol.h"

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
  xp_hammersley_plain(8, 4, &points[0][0]);
  for (int i = 0; i < 8; ++i)
    for (int d = 0; d < 4; ++d) xp_assert_close(points[i][d], expected[i][d], 1e-15);
  xp_hammersley_plain(4, 1, line);
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
  xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, 32, 3, 7, &points[0][0], &error), &error);
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
        xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, npoints, dims[i], seed, points, &error), &error);
        assert_true(xp_discrepancy_centred(npoints, dims[i], points) < random);
      }
      xp_hammersley_plain(npoints, dims[i], points);
      if (dims[i] >= 12) assert_true(xp_discrepancy_centred(npoints, dims[i], points) > random);
    }
}

static void seeds_decide(void **state) {
  (void)state;
  double a[12 * 5], b[12 * 5], c[12 * 5];
  xp_error error = {0};
  xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, 12, 5, 1, a, &error), &error);
  xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, 12, 5, 1, b, &error), &error);
  xp_assert_ok(xp_design_make(XP_DESIGN_HAMMERSLEY, 12, 5, 2, c, &error), &error);
  assert_memory_equal(a, b, sizeof a);
  assert_memory_not_equal(a, c, sizeof a);
}

/* The set of scikit-optimize on a space of every kind, decoded as it does. */
static void plain_design_is_the_reference(void **state) {
  (void)state;
  static const char *const bases[3] = {"SBessel", "ChebExpCos", "ChebPow"};
  static const double expected[8][4] = {
      {3, 1, 0, 1e-4},           {4.5, 2, 0, 2.3714e-4},    {3.75, 3, 1, 5.6234e-4},    {5.25, 1, 1, 1.33352e-3},
      {3.375, 2, 2, 3.16228e-3}, {4.875, 3, 0, 7.49894e-3}, {4.125, 2, 0, 1.778279e-2}, {5.625, 3, 1, 4.216965e-2}};
  const xp_place nowhere = {0};
  xp_space *space = NULL;
  double units[8 * 4], values[4];
  xp_error error = {0};
  xp_assert_ok(xp_space_new(&space, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "rcut", 3.0, 6.0, false, nowhere, &error), &error);
  xp_assert_ok(xp_space_add_integer(space, "n", 1.0, 4.0, false, nowhere, &error), &error);
  xp_assert_ok(xp_space_add_choice(space, "radbase", bases, 3, nowhere, &error), &error);
  xp_assert_ok(xp_space_add_real(space, "dcut", 1e-4, 1e-1, true, nowhere, &error), &error);
  xp_assert_ok(xp_design_make(XP_DESIGN_PLAIN_HAMMERSLEY, 8, 4, 42, units, &error), &error);
  for (int i = 0; i < 8; ++i) {
    xp_design_decode(XP_DESIGN_PLAIN_HAMMERSLEY, space, units + 4 * i, values);
    for (int d = 0; d < 3; ++d) xp_assert_close(values[d], expected[i][d], 1e-12);
    xp_assert_close(values[3] / expected[i][3], 1.0, 3e-5);
  }
  xp_design_decode(XP_DESIGN_PLAIN_HAMMERSLEY, space, (double[]){0.5, 0.5, 0.25, 0.5}, values);
  xp_assert_close(values[1], 2.0, 0.0); /* 2.5 and 0.5, half to even */
  xp_assert_close(values[2], 0.0, 0.0);
  xp_space_free(space);
}

/* x + 1, then those of degree 2 to 5; there are phi(2^n - 1)/n of degree n. */
static void polynomials_are_primitive(void **state) {
  (void)state;
  static const unsigned known[] = {3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61};
  for (int i = 0; i < 12; ++i) assert_int_equal(xp_sobol_polynomial(i), known[i]);
  assert_int_equal(xp_sobol_polynomial(12 + 6), 131); /* six of degree 6, then x^7 + x + 1 */
}

/* Each interval of length 1/64 once in every dimension, and in the first two dimensions each box of area 1/64. */
static void sobol_is_a_net(void **state) {
  (void)state;
  enum { POINTS = 64, DIMS = 12 };
  double points[POINTS][DIMS];
  xp_error error = {0};
  xp_assert_ok(xp_design_make(XP_DESIGN_SOBOL, POINTS, DIMS, 5, &points[0][0], &error), &error);
  for (int d = 0; d < DIMS; ++d) {
    int cells[POINTS] = {0};
    for (int i = 0; i < POINTS; ++i) ++cells[(int)(points[i][d] * POINTS)];
    for (int cell = 0; cell < POINTS; ++cell) assert_int_equal(cells[cell], 1);
  }
  for (int columns = 1; columns <= POINTS; columns *= 2) {
    int rows = POINTS / columns, boxes[POINTS] = {0};
    for (int i = 0; i < POINTS; ++i) ++boxes[(int)(points[i][0] * columns) * rows + (int)(points[i][1] * rows)];
    for (int box = 0; box < POINTS; ++box) assert_int_equal(boxes[box], 1);
  }
}

/* One point in each of n intervals of every dimension, whatever n. */
static void latin_hypercube_is_one(void **state) {
  (void)state;
  enum { POINTS = 23, DIMS = 7 };
  double points[POINTS][DIMS];
  xp_error error = {0};
  xp_assert_ok(xp_design_make(XP_DESIGN_LATIN, POINTS, DIMS, 5, &points[0][0], &error), &error);
  for (int d = 0; d < DIMS; ++d) {
    int cells[POINTS] = {0};
    for (int i = 0; i < POINTS; ++i) ++cells[(int)(points[i][d] * POINTS)];
    for (int cell = 0; cell < POINTS; ++cell) assert_int_equal(cells[cell], 1);
  }
}

/* All random designs stay in the cube, follow the seed, and all but independent random numbers are more even than those. */
static void designs_are_even(void **state) {
  (void)state;
  static double points[32 * 8], again[32 * 8];
  double random = random_discrepancy(32, 8);
  for (xp_design_kind kind = XP_DESIGN_HAMMERSLEY; kind < XP_DESIGN_PLAIN_HAMMERSLEY; ++kind) {
    xp_error error = {0};
    xp_assert_ok(xp_design_make(kind, 32, 8, 3, points, &error), &error);
    for (int i = 0; i < 32 * 8; ++i) assert_true(points[i] >= 0.0 && points[i] < 1.0);
    if (kind != XP_DESIGN_RANDOM) assert_true(xp_discrepancy_centred(32, 8, points) < random);
    xp_assert_ok(xp_design_make(kind, 32, 8, 3, again, &error), &error);
    assert_memory_equal(points, again, sizeof points);
    xp_assert_ok(xp_design_make(kind, 32, 8, 4, again, &error), &error);
    assert_memory_not_equal(points, again, sizeof points);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_points_are_known),
      cmocka_unit_test(discrepancy_is_known),
      cmocka_unit_test(scrambled_points_are_even),
      cmocka_unit_test(scrambling_mends_many_dimensions),
      cmocka_unit_test(seeds_decide),
      cmocka_unit_test(plain_design_is_the_reference),
      cmocka_unit_test(polynomials_are_primitive),
      cmocka_unit_test(sobol_is_a_net),
      cmocka_unit_test(latin_hypercube_is_one),
      cmocka_unit_test(designs_are_even),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
