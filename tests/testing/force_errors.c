/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/force_errors.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

xp_force_errors xp_force_errors_of(double *errors, size_t count) {
  double square = 0.0;
  for (size_t c = 0; c < count; ++c) {
    errors[c] = fabs(errors[c]);
    square += errors[c] * errors[c];
  }
  qsort(errors, count, sizeof *errors, ascending);
  return (xp_force_errors){sqrt(square / (double)count), errors[count / 2], errors[(99 * count) / 100],
                           errors[count - 1]};
}
