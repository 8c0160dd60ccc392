/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "coupling/clebsch_gordan.h"

#include <math.h>
#include <stdlib.h>

static double factorial(int n) {
  double result = 1.0;
  for (int k = 2; k <= n; ++k) result *= k;
  return result;
}

static int largest(int a, int b) {
  return a > b ? a : b;
}

static int smallest(int a, int b) {
  return a < b ? a : b;
}

/* Racah's formula: prefactors times an alternating sum. */
double xp_clebsch_gordan_doubled(int j1, int m1, int j2, int m2, int j) {
  int m = m1 + m2;
  if (abs(m1) > j1 || abs(m2) > j2 || abs(m) > j || j > j1 + j2 || j < abs(j1 - j2)) return 0.0;
  int low = largest(0, largest((j2 - j - m1) / 2, (j1 - j + m2) / 2));
  int high = smallest((j1 + j2 - j) / 2, smallest((j1 - m1) / 2, (j2 + m2) / 2));
  double sum = 0.0;
  for (int k = low; k <= high; ++k)
    sum += (k % 2 ? -1.0 : 1.0) /
           (factorial(k) * factorial((j1 + j2 - j) / 2 - k) * factorial((j1 - m1) / 2 - k) *
            factorial((j2 + m2) / 2 - k) * factorial((j - j2 + m1) / 2 + k) * factorial((j - j1 - m2) / 2 + k));
  double delta = factorial((j1 + j2 - j) / 2) * factorial((j1 - j2 + j) / 2) * factorial((j2 - j1 + j) / 2) /
                 factorial((j1 + j2 + j) / 2 + 1);
  double norm = (j + 1) * factorial((j1 + m1) / 2) * factorial((j1 - m1) / 2) * factorial((j2 + m2) / 2) *
                factorial((j2 - m2) / 2) * factorial((j + m) / 2) * factorial((j - m) / 2);
  return sum * sqrt(delta) * sqrt(norm);
}

double xp_clebsch_gordan(int l1, int m1, int l2, int m2, int l) {
  return xp_clebsch_gordan_doubled(2 * l1, 2 * m1, 2 * l2, 2 * m2, 2 * l);
}
