/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clebsch-Gordan coefficients: orthogonality, symmetry, printed values. */
#include <math.h>

#include "coupling/clebsch_gordan.h"
#include "testing/testing.h"

enum { L_MAX = 10 };

/* sum over m1 of <l1 m1 l2 m-m1 | l m> <l1 m1 l2 m-m1 | other m>. */
static double overlap(int l1, int l2, int l, int other, int m) {
  double sum = 0.0;
  for (int m1 = -l1; m1 <= l1; ++m1)
    sum += xp_clebsch_gordan(l1, m1, l2, m - m1, l) * xp_clebsch_gordan(l1, m1, l2, m - m1, other);
  return sum;
}

static void check_orthogonality(int l1, int l2) {
  int low = abs(l1 - l2), high = l1 + l2;
  for (int l = low; l <= high; ++l)
    for (int other = low; other <= l; ++other)
      for (int m = -other; m <= other; ++m)
        xp_assert_close(overlap(l1, l2, l, other, m), l == other ? 1.0 : 0.0, 1e-12);
}

static void test_orthogonality(void **state) {
  (void)state;
  for (int l1 = 0; l1 <= L_MAX; ++l1)
    for (int l2 = 0; l2 <= L_MAX; ++l2) check_orthogonality(l1, l2);
}

/* <l2 m2 l1 m1 | l m> and <l1 -m1 l2 -m2 | l -m> are (-1)^(l1 + l2 - l) times <l1 m1 l2 m2 | l m>. */
static void test_symmetry(void **state) {
  (void)state;
  for (int l1 = 0; l1 <= L_MAX; ++l1)
    for (int l2 = 0; l2 <= l1; ++l2)
      for (int l = l1 - l2; l <= l1 + l2; ++l)
        for (int m1 = -l1; m1 <= l1; ++m1)
          for (int m2 = -l2; m2 <= l2; ++m2) {
            double c = xp_clebsch_gordan(l1, m1, l2, m2, l), sign = (l1 + l2 - l) % 2 ? -1.0 : 1.0;
            xp_assert_close(xp_clebsch_gordan(l2, m2, l1, m1, l), sign * c, 1e-13);
            xp_assert_close(xp_clebsch_gordan(l1, -m1, l2, -m2, l), sign * c, 1e-13);
          }
}

/* The largest component couples with weight 1: Condon and Shortley's phases. */
static void test_stretched(void **state) {
  (void)state;
  for (int l1 = 0; l1 <= L_MAX; ++l1)
    for (int l2 = 0; l2 <= L_MAX; ++l2) {
      xp_assert_close(xp_clebsch_gordan(l1, l1, l2, l2, l1 + l2), 1.0, 1e-14);
      for (int l = abs(l1 - l2); l <= l1 + l2; ++l)
        assert_true(l - l1 > l2 || l - l1 < -l2 || xp_clebsch_gordan(l1, l1, l2, l - l1, l) > 0.0);
    }
}

/* Values of ace.md section 7.2, each a product of couplings, and one that vanishes by accident. */
static void test_printed(void **state) {
  (void)state;
  xp_assert_close(xp_clebsch_gordan(1, 0, 1, 0, 0), -0.57735026919, 1e-11);
  xp_assert_close(2.0 * xp_clebsch_gordan(1, 1, 1, -1, 0), 1.15470053838, 1e-11);
  xp_assert_close(xp_clebsch_gordan(2, 0, 2, 0, 0), 0.4472135955, 1e-10);
  xp_assert_close(2.0 * xp_clebsch_gordan(2, 1, 2, -1, 0), -0.894427191, 1e-9);
  xp_assert_close(2.0 * xp_clebsch_gordan(2, 2, 2, -2, 0), 0.894427191, 1e-9);
  xp_assert_close(2.0 * xp_clebsch_gordan(1, 1, 1, 1, 2) * xp_clebsch_gordan(2, 2, 2, -2, 0), 0.894427191, 1e-9);
  xp_assert_close(2.0 * xp_clebsch_gordan(1, 1, 1, 0, 2) * xp_clebsch_gordan(2, 1, 2, -1, 0), -0.632455532034, 1e-11);
  xp_assert_close(xp_clebsch_gordan(1, 0, 1, 0, 2) * xp_clebsch_gordan(2, 0, 2, 0, 0), 0.36514837167, 1e-11);
  double half = xp_clebsch_gordan(1, 1, 1, -1, 2);
  xp_assert_close(2.0 * half * half * xp_clebsch_gordan(2, 0, 2, 0, 0), 0.1490711985, 1e-10);
  xp_assert_close(xp_clebsch_gordan(3, 2, 2, 0, 3), 0.0, 1e-15);
}

static void test_outside(void **state) {
  (void)state;
  xp_assert_close(xp_clebsch_gordan(1, 2, 1, -1, 1), 0.0, 0.0);
  xp_assert_close(xp_clebsch_gordan(1, 1, 1, 1, 1), 0.0, 0.0);
  xp_assert_close(xp_clebsch_gordan(1, 0, 1, 0, 3), 0.0, 0.0);
  xp_assert_close(xp_clebsch_gordan(3, 0, 1, 0, 1), 0.0, 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_orthogonality), cmocka_unit_test(test_symmetry),
                                     cmocka_unit_test(test_stretched), cmocka_unit_test(test_printed),
                                     cmocka_unit_test(test_outside)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
