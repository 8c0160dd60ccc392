/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/front.h"

#include <math.h>

double xp_front_second(const xp_past_trial *trial, const char *metric) {
  return metric[0] == '-' ? -xp_past_metric(trial, metric + 1) : xp_past_metric(trial, metric);
}

static bool takes_part(const xp_past_trial *trial, const char *metric) {
  return xp_past_counts(trial) && isfinite(xp_front_second(trial, metric));
}

/* Better in one without being worse in the other, or the same and earlier. */
static bool dominates(const xp_past_trial *a, const xp_past_trial *b, const char *metric) {
  double loss = a->result.loss - b->result.loss;
  double second = xp_front_second(a, metric) - xp_front_second(b, metric);
  return loss <= 0.0 && second <= 0.0 && (loss < 0.0 || second < 0.0 || a < b);
}

static bool is_dominated(const xp_past *past, int t, const char *metric) {
  for (int other = 0; other < past->count; ++other)
    if (other != t && takes_part(&past->trials[other], metric) &&
        dominates(&past->trials[other], &past->trials[t], metric))
      return true;
  return false;
}

int xp_front_find(const xp_past *past, const char *metric, int *numbers) {
  int count = 0;
  for (int t = 0; t < past->count; ++t) {
    if (!takes_part(&past->trials[t], metric) || is_dominated(past, t, metric)) continue;
    int place = count++;
    for (; place > 0 && past->trials[numbers[place - 1] - 1].result.loss > past->trials[t].result.loss; --place)
      numbers[place] = numbers[place - 1];
    numbers[place] = t + 1;
  }
  return count;
}
