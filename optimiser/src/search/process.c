/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/process.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the prior of the mean, in standard deviations of the targets (README.md says why). */
static const double MEAN_DEVIATION = 0.3;

/* Copies the rows of the trials with a number in targets, in order; rows[count] receives their indices. */
static int gather(const xp_process_data *data, const double *targets, int *rows, double *coords, double *numbers) {
  int found = 0;
  size_t d = (size_t)data->ndims;
  for (int i = 0; i < data->count; ++i) {
    if (isnan(targets[i])) continue;
    memcpy(coords + (size_t)found * d, data->coords + (size_t)i * d, d * sizeof *coords);
    numbers[found] = targets[i];
    rows[found++] = i;
  }
  return found;
}

typedef struct workspace {
  int *rows;
  double *coords, *numbers, *targets, *theta;
} workspace;

/* The process on all trials with a number in w->targets. */
static xp_status make(const xp_process_data *data, workspace *w, xp_gp **gp, xp_error *error) {
  int count = gather(data, w->targets, w->rows, w->coords, w->numbers);
  xp_status status = xp_gp_new(gp, data->kernel, count, data->ndims, w->coords, data->nominal, w->numbers, error);
  if (status == XP_OK) xp_gp_set_mean_deviation(*gp, MEAN_DEVIATION);
  return status;
}

static xp_status fit(const xp_process_data *data, workspace *w, xp_gp **gp, xp_error *error) {
  xp_gp_priors priors = xp_gp_priors_default(data->ndims);
  xp_status status = make(data, w, gp, error);
  return status == XP_OK ? xp_gp_fit(*gp, &priors, w->theta, error) : status;
}

/* Gives every pending trial the mean of the process as its target; returns how many there are. */
static int believe(const xp_process_data *data, xp_gp *gp, double *targets) {
  int believed = 0;
  for (int i = 0; i < data->count; ++i) {
    double deviation;
    if (!data->pending[i]) continue;
    xp_gp_predict(gp, data->coords + (size_t)i * (size_t)data->ndims, &targets[i], &deviation, NULL, NULL);
    ++believed;
  }
  return believed;
}

/* The process with the pending trials in it, at the same parameters. */
static xp_status extend(const xp_process_data *data, workspace *w, xp_gp **gp, xp_error *error) {
  if (believe(data, *gp, w->targets) == 0) return XP_OK;
  xp_gp_free(*gp);
  xp_status status = make(data, w, gp, error);
  return status == XP_OK ? xp_gp_condition(*gp, w->theta, error) : status;
}

static void find_means(const xp_process_data *data, workspace *w, const xp_gp *gp, double *means) {
  xp_gp_fitted(gp, w->numbers);
  for (int i = 0; i < data->count; ++i) means[i] = NAN;
  for (int i = 0; i < xp_gp_count_points(gp); ++i) means[w->rows[i]] = w->numbers[i];
}

xp_status xp_process_new(xp_gp **process, const xp_process_data *data, double *means, xp_error *error) {
  size_t n = (size_t)data->count, d = (size_t)data->ndims;
  double *numbers = malloc((n * d + 2 * n + d + 2) * sizeof *numbers);
  workspace w = {.rows = malloc(n * sizeof *w.rows)};
  xp_gp *gp = NULL;
  xp_status status = numbers && w.rows ? XP_OK : xp_error_memory(error, "the Gaussian process");
  if (status == XP_OK) {
    w.coords = numbers;
    w.numbers = w.coords + n * d;
    w.targets = w.numbers + n;
    w.theta = w.targets + n;
    for (int i = 0; i < data->count; ++i) w.targets[i] = data->pending[i] ? NAN : data->targets[i];
    status = fit(data, &w, &gp, error);
  }
  if (status == XP_OK) status = extend(data, &w, &gp, error);
  if (status == XP_OK) find_means(data, &w, gp, means);
  free(w.rows);
  free(numbers);
  if (status != XP_OK) {
    xp_gp_free(gp);
    gp = NULL;
  }
  *process = gp;
  return status;
}
