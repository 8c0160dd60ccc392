/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logarithm of the expected improvement. */
#ifndef XPOT_OPTIMISER_IMPROVEMENT_H
#define XPOT_OPTIMISER_IMPROVEMENT_H

/* log E[max(0, target - y)] for y normal with this mean and standard deviation (> 0), finite and accurate also where the
 * improvement itself underflows. by_mean and by_deviation receive its derivatives; both may be NULL. */
double xp_improvement_log(double target, double mean, double deviation, double *by_mean, double *by_deviation);

#endif
