/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/improvement.h"

#include <math.h>
#include <stddef.h>

#include "search/mills.h"

/* h(z) = phi(z) + z Phi(z), its logarithm, and the ratios Phi/h and phi/h of its derivatives. */
typedef struct helper {
  double logarithm, cumulative_ratio, density_ratio;
} helper;

static helper middle(double z) {
  double density = exp(-0.5 * z * z - XP_LOG_SQRT_2PI);
  double cumulative = 0.5 * erfc(-z * M_SQRT1_2);
  double h = density + z * cumulative;
  return (helper){log(h), cumulative / h, density / h};
}

/* With t = -z and Phi/phi = 1/(t + K), h = phi K/(t + K): no cancellation. */
static helper tail(double z) {
  double t = -z, k = xp_mills_tail(t);
  double ratio = k / (t + k);
  return (helper){-0.5 * z * z - XP_LOG_SQRT_2PI + log(ratio), 1.0 / k, 1.0 / ratio};
}

double xp_improvement_log(double target, double mean, double deviation, double *by_mean, double *by_deviation) {
  double z = (target - mean) / deviation;
  helper h = z < XP_MILLS_TAIL ? tail(z) : middle(z);
  if (by_mean) *by_mean = -h.cumulative_ratio / deviation;
  if (by_deviation) *by_deviation = h.density_ratio / deviation;
  return log(deviation) + h.logarithm;
}
