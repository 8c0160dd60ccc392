/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/front.h"

#include <math.h>
#include <stdlib.h>

#include "search/pareto.h"

double xp_front_second(const xp_past_trial *trial, const char *metric) {
  return metric[0] == '-' ? -xp_past_metric(trial, metric + 1) : xp_past_metric(trial, metric);
}

xp_status xp_front_find(const xp_past *past, const char *metric, int *numbers, int *count, xp_error *error) {
  size_t n = (size_t)past->count;
  double *losses = calloc(2 * n + 1, sizeof *losses), *seconds = losses ? losses + n : NULL;
  if (!losses) return xp_error_memory(error, "the Pareto front");
  for (size_t t = 0; t < n; ++t) {
    const xp_past_trial *trial = &past->trials[t];
    double second = xp_front_second(trial, metric);
    losses[t] = xp_past_counts(trial) ? trial->result.loss : NAN;
    seconds[t] = isfinite(second) ? second : NAN;
  }
  *count = xp_pareto_front(past->count, losses, seconds, numbers);
  for (int i = 0; i < *count; ++i) ++numbers[i]; /* trials count from 1 */
  free(losses);
  return XP_OK;
}
