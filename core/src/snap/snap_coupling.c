/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_coupling.h"

#include <math.h>

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

/* Thompson et al. (2015), after Varshalovich: prefactors times an alternating sum. */
double xp_snap_clebsch_gordan(int j1, int m1, int j2, int m2, int j) {
  int aa = 2 * m1 - j1, bb = 2 * m2 - j2, cc = aa + bb;
  if (cc < -j || cc > j) return 0.0;
  int low = largest(0, largest((j2 - j - aa) / 2, (j1 - j + bb) / 2));
  int high = smallest((j1 + j2 - j) / 2, smallest((j1 - aa) / 2, (j2 + bb) / 2));
  double sum = 0.0;
  for (int z = low; z <= high; ++z)
    sum += (z % 2 ? -1.0 : 1.0) /
           (factorial(z) * factorial((j1 + j2 - j) / 2 - z) * factorial((j1 - aa) / 2 - z) *
            factorial((j2 + bb) / 2 - z) * factorial((j - j2 + aa) / 2 + z) * factorial((j - j1 - bb) / 2 + z));
  double delta = factorial((j1 + j2 - j) / 2) * factorial((j1 - j2 + j) / 2) * factorial((j2 - j1 + j) / 2) /
                 factorial((j1 + j2 + j) / 2 + 1);
  double norm = (j + 1) * factorial((j1 + aa) / 2) * factorial((j1 - aa) / 2) * factorial((j2 + bb) / 2) *
                factorial((j2 - bb) / 2) * factorial((j + cc) / 2) * factorial((j - cc) / 2);
  return sum * sqrt(delta) * sqrt(norm);
}

double xp_snap_normalisation(int j, int mb, int ma) {
  return sqrt(factorial(ma) * factorial(j - ma) / (factorial(mb) * factorial(j - mb)));
}
