/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gp_reference.h"

#include "testing/testing.h"

#include <math.h>

#include "search/hammersley.h"

static const bool continuous[2] = {false};

double xp_standardise(int count, double *y, double *mean) {
  double square = 0.0;
  *mean = 0.0;
  for (int i = 0; i < count; ++i) *mean += y[i] / count;
  for (int i = 0; i < count; ++i) square += (y[i] - *mean) * (y[i] - *mean) / count;
  for (int i = 0; i < count; ++i) y[i] = (y[i] - *mean) / sqrt(square);
  return sqrt(square);
}

const double xp_gp_reference_theta[4] = {M_LN2, -6.90775527898213705, -M_LN2, -0.22314355131420976};

xp_gp_reference xp_gp_reference_new(void) {
  double x[8][2], y[8];
  xp_gp_reference r = {.smallest = INFINITY};
  xp_error error = {0};
  xp_hammersley_plain(8, 2, &x[0][0]);
  for (int i = 0; i < 8; ++i) {
    y[i] = pow(x[i][0] - 0.3, 2) + 0.5 * pow(x[i][1] - 0.6, 2) + 0.1 * sin(7.0 * x[i][0]);
    r.smallest = fmin(r.smallest, y[i]);
  }
  r.scale = xp_standardise(8, y, &r.mean);
  xp_assert_close(r.mean, 0.15433854254, 1e-10);
  xp_assert_close(r.scale, 0.10257464812, 1e-10);
  xp_assert_ok(xp_gp_new(&r.gp, XP_KERNEL_MATERN52, 8, 2, &x[0][0], continuous, y, &error), &error);
  return r;
}
