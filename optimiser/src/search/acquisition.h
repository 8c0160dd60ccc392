/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is expected of evaluating a point, from the mean and standard deviation (> 0) of a normal prediction. by_mean and
 * by_deviation receive derivatives; both may be NULL. Larger is better. */
#ifndef XPOT_OPTIMISER_ACQUISITION_H
#define XPOT_OPTIMISER_ACQUISITION_H

/* In the order of the words of the input. */
typedef enum xp_acquisition {
  XP_ACQUISITION_LOG_EI,
  XP_ACQUISITION_EI,
  XP_ACQUISITION_PI,
  XP_ACQUISITION_LCB,
  XP_ACQUISITION_HEDGE /* one of ei, lcb, pi, drawn by what they would have gained so far */
} xp_acquisition;

/* log E[max(0, target - y)], E[max(0, target - y)], P(y < target), kappa deviation - mean. Not for XP_ACQUISITION_HEDGE. */
double xp_acquisition_value(xp_acquisition acquisition, double target, double kappa, double mean, double deviation,
                            double *by_mean, double *by_deviation);

/* log P(y < target), also where the probability itself underflows. */
double xp_acquisition_log_probability(double target, double mean, double deviation, double *by_mean,
                                      double *by_deviation);

#endif
