/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/targets.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Losses more than scale above the best grow as the logarithm of the rest, in units of scale: a loss of a hundred times the
 * best says "not here" and must not flatten all differences between good ones. Continuous with its slope, and the same
 * whatever the loss's unit and zero. */
static double compress(double loss, double best, double scale) {
  double rest = loss - best - scale;
  if (rest <= 0.0 || scale <= 0.0) return loss;
  return best + scale + scale * log1p(rest / scale);
}

/* Where most trials are next to the best one, their median is no measure of what is good: the scale keeps so much of what it
 * was after the design. */
static const double DESIGN_SHARE = 0.2;

/* Sorts the finite ones of losses[count] into sorted; returns how many there are. */
static int sort_finite(int count, const double *losses, double *sorted) {
  int finite = 0;
  for (int i = 0; i < count; ++i)
    if (isfinite(losses[i])) sorted[finite++] = losses[i];
  qsort(sorted, (size_t)finite, sizeof *sorted, ascending);
  return finite;
}

static void standardise(int count, double *targets) {
  double mean = 0.0, square = 0.0;
  for (int i = 0; i < count; ++i) mean += targets[i] / count;
  for (int i = 0; i < count; ++i) square += (targets[i] - mean) * (targets[i] - mean) / count;
  double deviation = square > 0.0 ? sqrt(square) : 1.0;
  for (int i = 0; i < count; ++i) targets[i] = (targets[i] - mean) / deviation;
}

xp_status xp_targets_make(int count, int design, const double *losses, double *targets, xp_error *error) {
  double *sorted = malloc((size_t)count * sizeof *sorted);
  if (!sorted) return xp_error_memory(error, "the losses of the trials");
  int early = sort_finite(design < count ? design : count, losses, sorted);
  double early_median = early > 0 ? sorted[early / 2] : -INFINITY;
  int finite = sort_finite(count, losses, sorted);
  double best = sorted[0], worst = sorted[finite - 1];
  double scale = fmax(sorted[finite / 2] - best, DESIGN_SHARE * (early_median - best));
  free(sorted);
  for (int i = 0; i < count; ++i) targets[i] = compress(isfinite(losses[i]) ? losses[i] : worst, best, scale);
  standardise(count, targets);
  return XP_OK;
}

/* asinh(value / s) with s the median size: about linear around the bound, where it matters which side a point is on, and a
 * logarithm far from it, as suits costs that span decades. */
xp_status xp_targets_limit(int count, const double *values, double *targets, double *bound, xp_error *error) {
  double *sizes = malloc((size_t)count * sizeof *sizes);
  if (!sizes) return xp_error_memory(error, "the limited metrics of the trials");
  int finite = 0;
  for (int i = 0; i < count; ++i)
    if (isfinite(values[i])) sizes[finite++] = fabs(values[i]);
  qsort(sizes, (size_t)finite, sizeof *sizes, ascending);
  double scale = sizes[finite / 2] > 0.0 ? sizes[finite / 2] : 1.0, mean = 0.0, square = 0.0;
  free(sizes);
  for (int i = 0; i < count; ++i) {
    targets[i] = isfinite(values[i]) ? asinh(values[i] / scale) : NAN;
    if (!isnan(targets[i])) mean += targets[i] / finite;
  }
  for (int i = 0; i < count; ++i)
    if (!isnan(targets[i])) square += (targets[i] - mean) * (targets[i] - mean) / finite;
  double deviation = square > 0.0 ? sqrt(square) : 1.0;
  for (int i = 0; i < count; ++i) targets[i] = (targets[i] - mean) / deviation;
  *bound = -mean / deviation;
  return XP_OK;
}
