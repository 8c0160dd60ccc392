/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_coupling.h"

#include <math.h>

#include "coupling/clebsch_gordan.h"

static double factorial(int n) {
  double result = 1.0;
  for (int k = 2; k <= n; ++k) result *= k;
  return result;
}

/* Thompson et al. (2015), after Varshalovich. */
double xp_snap_clebsch_gordan(int j1, int m1, int j2, int m2, int j) {
  return xp_clebsch_gordan_doubled(j1, 2 * m1 - j1, j2, 2 * m2 - j2, j);
}

double xp_snap_normalisation(int j, int mb, int ma) {
  return sqrt(factorial(ma) * factorial(j - ma) / (factorial(mb) * factorial(j - mb)));
}
