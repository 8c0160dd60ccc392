/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/merit.h"

#include <math.h>
#include <stddef.h>

/* Of the objectives alone, as a logarithm where *logarithmic. */
static double objective_merit(const xp_model *m, const double *means, const double *deviations, double *by_means,
                              double *by_deviations, bool *logarithmic) {
  *logarithmic = true;
  if (m->front.count > 0) return xp_pareto_log_growth(&m->front, means, deviations, by_means, by_deviations);
  if (isinf(m->best)) return 0.0; /* no trial within the limits yet: find one */
  *logarithmic = m->acquisition == XP_ACQUISITION_LOG_EI || m->acquisition == XP_ACQUISITION_LCB;
  return xp_acquisition_value(m->acquisition, m->best - m->xi, m->kappa, means[0], deviations[0], by_means,
                              by_deviations);
}

/* Logarithm of the probability that all limits hold. */
static double limits_merit(const xp_model *m, const double *means, const double *deviations, double *by_means,
                           double *by_deviations) {
  double sum = 0.0;
  for (int k = m->nobjectives; k < m->noutputs; ++k)
    sum += xp_acquisition_log_probability(m->bounds[k], means[k], deviations[k], by_means ? by_means + k : NULL,
                                          by_deviations ? by_deviations + k : NULL);
  return sum;
}

/* Logarithms add up, values are multiplied by the probability; the lower confidence bound, neither, takes its logarithm as a
 * penalty. */
double xp_merit_value(const xp_model *m, const double *means, const double *deviations, double *by_means,
                      double *by_deviations) {
  bool logarithmic;
  for (int k = 0; by_means && k < m->nobjectives; ++k) by_means[k] = by_deviations[k] = 0.0;
  double objective = objective_merit(m, means, deviations, by_means, by_deviations, &logarithmic);
  if (m->noutputs == m->nobjectives) return objective;
  double limits = limits_merit(m, means, deviations, by_means, by_deviations);
  if (logarithmic) return objective + limits;
  double probability = exp(limits);
  for (int k = 0; by_means && k < m->noutputs; ++k) {
    double factor = k < m->nobjectives ? probability : probability * objective;
    by_means[k] *= factor;
    by_deviations[k] *= factor;
  }
  return objective * probability;
}
