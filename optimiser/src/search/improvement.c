/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/improvement.h"

#include <math.h>
#include <stddef.h>

/* Below this z the two terms of the improvement cancel and its continued fraction converges fast. */
static const double TAIL = -4.0;

/* Terms of the fraction: relative error below 1e-15 at the border of the tail. */
enum { FRACTION_TERMS = 60 };

static const double LOG_SQRT_2PI = 0.91893853320467274178;

/* h(z) = phi(z) + z Phi(z), its logarithm, and the ratios Phi/h and phi/h of its derivatives. */
typedef struct helper {
  double logarithm, cumulative_ratio, density_ratio;
} helper;

static helper middle(double z) {
  double density = exp(-0.5 * z * z - LOG_SQRT_2PI);
  double cumulative = 0.5 * erfc(-z * M_SQRT1_2);
  double h = density + z * cumulative;
  return (helper){log(h), cumulative / h, density / h};
}

/* With t = -z, Mills' ratio Phi/phi = 1/(t + K), K = 1/(t + 2/(t + 3/(t + ...))) (Laplace), so h = phi K/(t + K): no
 * cancellation. */
static helper tail(double z) {
  double t = -z, fraction = t;
  for (int term = FRACTION_TERMS; term > 1; --term) fraction = t + term / fraction;
  double k = 1.0 / fraction;
  double ratio = k / (t + k);
  return (helper){-0.5 * z * z - LOG_SQRT_2PI + log(ratio), fraction, 1.0 / ratio};
}

double xp_improvement_log(double target, double mean, double deviation, double *by_mean, double *by_deviation) {
  double z = (target - mean) / deviation;
  helper h = z < TAIL ? tail(z) : middle(z);
  if (by_mean) *by_mean = -h.cumulative_ratio / deviation;
  if (by_deviation) *by_deviation = h.density_ratio / deviation;
  return log(deviation) + h.logarithm;
}
