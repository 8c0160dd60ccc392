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
double xp_clebsch_gordan(int l1, int m1, int l2, int m2, int l) {
  int m = m1 + m2;
  if (abs(m1) > l1 || abs(m2) > l2 || abs(m) > l || l > l1 + l2 || l < abs(l1 - l2)) return 0.0;
  int low = largest(0, largest(l2 - l - m1, l1 - l + m2));
  int high = smallest(l1 + l2 - l, smallest(l1 - m1, l2 + m2));
  double sum = 0.0;
  for (int k = low; k <= high; ++k)
    sum += (k % 2 ? -1.0 : 1.0) / (factorial(k) * factorial(l1 + l2 - l - k) * factorial(l1 - m1 - k) *
                                   factorial(l2 + m2 - k) * factorial(l - l2 + m1 + k) * factorial(l - l1 - m2 + k));
  double delta = factorial(l1 + l2 - l) * factorial(l1 - l2 + l) * factorial(l2 - l1 + l) / factorial(l1 + l2 + l + 1);
  double norm = (2 * l + 1) * factorial(l1 + m1) * factorial(l1 - m1) * factorial(l2 + m2) * factorial(l2 - m2) *
                factorial(l + m) * factorial(l - m);
  return sum * sqrt(delta) * sqrt(norm);
}
