/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/proposal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/acquire.h"
#include "search/candidates.h"
#include "search/gp.h"
#include "search/hammersley.h"
#include "search/targets.h"

static xp_status initial_point(const xp_proposal_settings *settings, const xp_history *history, int number,
                               double *values, xp_error *error) {
  size_t ndims = (size_t)history->ndims;
  double *design = malloc((size_t)settings->initial * ndims * sizeof *design);
  if (!design) return xp_error_memory(error, "the initial design");
  xp_status status = xp_hammersley_scrambled(settings->initial, history->ndims, settings->seed, design, error);
  if (status == XP_OK) xp_space_sample(history->space, design + (size_t)number * ndims, values);
  free(design);
  return status;
}

static xp_status fit_model(const xp_points *told, xp_gp **gp, double *best, xp_error *error) {
  double *targets = malloc((size_t)told->count * sizeof *targets);
  bool *nominal = malloc((size_t)told->ndims * sizeof *nominal);
  xp_status status = targets && nominal ? XP_OK : xp_error_memory(error, "the Gaussian process");
  if (status == XP_OK) status = xp_targets_make(told->count, told->losses, targets, error);
  if (status == XP_OK) {
    *best = INFINITY;
    for (int i = 0; i < told->count; ++i) *best = fmin(*best, targets[i]);
    for (int d = 0; d < told->ndims; ++d) nominal[d] = xp_space_range(told->space, d)->kind == XP_RANGE_CHOICE;
    status = xp_gp_new(gp, told->count, told->ndims, told->coords, nominal, targets, error);
  }
  if (status == XP_OK) status = xp_gp_fit(*gp, NULL, error);
  free(nominal);
  free(targets);
  return status;
}

static xp_status model_point(const xp_proposal_settings *settings, const xp_points *told, const xp_points *candidates,
                             double *values, xp_error *error) {
  xp_gp *gp = NULL;
  double best = 0.0;
  xp_status status = fit_model(told, &gp, &best, error);
  if (status == XP_OK) status = xp_acquire(gp, best - settings->xi, told, candidates, values, error);
  xp_gp_free(gp);
  return status;
}

/* The trials as points, with the losses that count; the caller frees the losses. */
static xp_status points_told(const xp_history *history, xp_points *told, xp_error *error) {
  *told = (xp_points){.space = history->space,
                      .ndims = history->ndims,
                      .count = history->count,
                      .values = history->values,
                      .coords = history->coords,
                      .losses = malloc(((size_t)history->count + 1) * sizeof *told->losses)};
  if (!told->losses) return xp_error_memory(error, "the losses of the trials");
  for (int i = 0; i < history->count; ++i) {
    const xp_observation *o = &history->observations[i];
    told->losses[i] = o->state == XP_OBSERVED_OK ? o->loss : NAN;
  }
  return XP_OK;
}

static bool any_success(const xp_points *told) {
  for (int i = 0; i < told->count; ++i)
    if (!isnan(told->losses[i])) return true;
  return false;
}

/* A point from the candidates, by the model where there is one: without any loss there is nothing to model, and then a
 * candidate, which is drawn from the whole space, is as good as any. */
static xp_status candidate_point(const xp_proposal_settings *settings, const xp_points *told, bool modelled,
                                 double *values, bool *exhausted, xp_error *error) {
  xp_points candidates = {0};
  xp_random random = xp_random_start(settings->seed, (uint64_t)told->count);
  xp_status status = xp_candidates_draw(&candidates, told, random, error);
  if (status != XP_OK) return status;
  *exhausted = candidates.count == 0;
  if (!*exhausted && modelled) {
    status = model_point(settings, told, &candidates, values, error);
  } else if (!*exhausted) {
    int pick = xp_random_below(&random, candidates.count);
    memcpy(values, candidates.values + (size_t)pick * (size_t)told->ndims, (size_t)told->ndims * sizeof *values);
  }
  xp_points_clear(&candidates);
  return status;
}

/* A point of the initial design may repeat one where the space is discrete: then a candidate takes its place. */
xp_status xp_proposal_make(const xp_proposal_settings *settings, const xp_history *history, double *values,
                           bool *exhausted, xp_error *error) {
  *exhausted = false;
  xp_status status = XP_OK;
  int number = xp_history_points(history);
  if (number < settings->initial) {
    status = initial_point(settings, history, number, values, error);
    if (status != XP_OK || !xp_history_contains(history, values)) return status;
  }
  xp_points told;
  status = points_told(history, &told, error);
  if (status != XP_OK) return status;
  bool modelled = number >= settings->initial && any_success(&told);
  status = candidate_point(settings, &told, modelled, values, exhausted, error);
  free(told.losses);
  return status;
}
