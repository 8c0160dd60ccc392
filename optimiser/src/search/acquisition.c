/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/acquisition.h"

#include <math.h>
#include <stddef.h>

#include "search/improvement.h"
#include "search/mills.h"

static void derivatives(double mean, double deviation, double *by_mean, double *by_deviation) {
  if (by_mean) *by_mean = mean;
  if (by_deviation) *by_deviation = deviation;
}

double xp_acquisition_log_probability(double target, double mean, double deviation, double *by_mean,
                                      double *by_deviation) {
  double z = (target - mean) / deviation, value, slope; /* slope: phi/Phi */
  if (z < XP_MILLS_TAIL) {
    slope = -z + xp_mills_tail(-z);
    value = -0.5 * z * z - XP_LOG_SQRT_2PI - log(slope);
  } else {
    double cumulative = 0.5 * erfc(-z * M_SQRT1_2);
    value = log(cumulative);
    slope = exp(-0.5 * z * z - XP_LOG_SQRT_2PI) / cumulative;
  }
  derivatives(-slope / deviation, -slope * z / deviation, by_mean, by_deviation);
  return value;
}

static double expected_improvement(double target, double mean, double deviation, double *by_mean,
                                   double *by_deviation) {
  double z = (target - mean) / deviation;
  double density = exp(-0.5 * z * z - XP_LOG_SQRT_2PI), cumulative = 0.5 * erfc(-z * M_SQRT1_2);
  derivatives(-cumulative, density, by_mean, by_deviation);
  return exp(xp_improvement_log(target, mean, deviation, NULL, NULL));
}

static double probability(double target, double mean, double deviation, double *by_mean, double *by_deviation) {
  double z = (target - mean) / deviation, density = exp(-0.5 * z * z - XP_LOG_SQRT_2PI);
  derivatives(-density / deviation, -density * z / deviation, by_mean, by_deviation);
  return 0.5 * erfc(-z * M_SQRT1_2);
}

double xp_acquisition_value(xp_acquisition acquisition, double target, double kappa, double mean, double deviation,
                            double *by_mean, double *by_deviation) {
  switch (acquisition) {
  case XP_ACQUISITION_EI:
    return expected_improvement(target, mean, deviation, by_mean, by_deviation);
  case XP_ACQUISITION_PI:
    return probability(target, mean, deviation, by_mean, by_deviation);
  case XP_ACQUISITION_LCB:
    derivatives(-1.0, kappa, by_mean, by_deviation);
    return kappa * deviation - mean;
  default:
    return xp_improvement_log(target, mean, deviation, by_mean, by_deviation);
  }
}
