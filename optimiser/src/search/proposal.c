/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/proposal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/acquire.h"
#include "search/candidates.h"
#include "search/hedge.h"
#include "search/model.h"

/* OpenBLAS splits a factorisation by its number of threads, which changes the last bits and with them, in the end, the
 * trials. Absent (NULL) from other BLAS libraries. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

/* Candidates that tell what the members of the portfolio would have proposed. */
enum { HEDGE_CANDIDATES = 400 };

/* Streams of random numbers of one trial. */
enum { STREAM_CANDIDATES, STREAM_PICK, STREAM_HEDGE, STREAMS };

static xp_random random_of(const xp_proposal_settings *settings, const xp_history *history, int stream) {
  return xp_random_start(settings->seed, (uint64_t)history->count * STREAMS + (uint64_t)stream);
}

static xp_status initial_point(const xp_proposal_settings *settings, const xp_history *history, int number,
                               double *values, xp_error *error) {
  size_t ndims = (size_t)history->ndims;
  if (number < settings->nstarts) {
    memcpy(values, settings->starts + (size_t)number * ndims, ndims * sizeof *values);
    return XP_OK;
  }
  double *design = malloc((size_t)settings->initial * ndims * sizeof *design);
  if (!design) return xp_error_memory(error, "the initial design");
  xp_status status = xp_design_make(settings->design, settings->initial, history->ndims, settings->seed, design, error);
  if (status == XP_OK)
    xp_design_decode(settings->design, history->space, design + (size_t)(number - settings->nstarts) * ndims, values);
  free(design);
  return status;
}

/* Replaces the portfolio by one of its members. */
static xp_status choose_member(xp_model *model, const xp_proposal_settings *settings, const xp_points *candidates,
                               xp_error *error) {
  if (model->acquisition != XP_ACQUISITION_HEDGE) return XP_OK;
  double gains[XP_HEDGE_MEMBERS];
  int count = candidates->count < HEDGE_CANDIDATES ? candidates->count : HEDGE_CANDIDATES;
  double *coords = xp_model_widen(model, count, candidates->coords);
  if (!coords) return xp_error_memory(error, "the choice of an acquisition");
  xp_status status = xp_hedge_gains(model->processes[0], settings->nstarts + settings->initial, model->xi,
                                    settings->kappa, count, coords, gains, error);
  free(coords);
  if (status == XP_OK) model->acquisition = xp_hedge_draw(gains, random_of(settings, model->history, STREAM_HEDGE));
  return status;
}

/* A point from the candidates, by the model unless it is NULL. keys[history->count] rank the trials to look around. */
static xp_status candidate_point(const xp_proposal_settings *settings, const xp_history *history, xp_model *model,
                                 double *keys, double *values, bool *exhausted, xp_error *error) {
  const xp_points told = {.space = history->space,
                          .ndims = history->ndims,
                          .count = history->count,
                          .values = history->values,
                          .coords = history->coords,
                          .losses = keys};
  xp_points candidates = {0};
  xp_status status = xp_candidates_draw(&candidates, &told, random_of(settings, history, STREAM_CANDIDATES), error);
  *exhausted = candidates.count == 0;
  if (status == XP_OK && !*exhausted && model) {
    status = choose_member(model, settings, &candidates, error);
    if (status == XP_OK) status = xp_acquire(model, &candidates, values, error);
  } else if (status == XP_OK && !*exhausted) {
    xp_random random = random_of(settings, history, STREAM_PICK);
    size_t pick = (size_t)xp_random_below(&random, candidates.count), ndims = (size_t)history->ndims;
    memcpy(values, candidates.values + pick * ndims, ndims * sizeof *values);
  }
  xp_points_clear(&candidates);
  return status;
}

/* Without any loss there is nothing to model, and then a candidate, which is drawn from the whole space, is as good as
 * any. */
static xp_status later_point(const xp_proposal_settings *settings, const xp_history *history, bool modelled,
                             double *values, bool *exhausted, xp_error *error) {
  xp_model *model = NULL;
  double *keys = malloc(((size_t)history->count + 1) * sizeof *keys);
  xp_status status = keys ? XP_OK : xp_error_memory(error, "the choice of the next trial");
  for (int i = 0; status == XP_OK && i < history->count; ++i) keys[i] = NAN;
  if (status == XP_OK && modelled) status = xp_model_new(&model, settings, history, error);
  if (status == XP_OK && model) xp_model_rank(model, keys);
  if (status == XP_OK) status = candidate_point(settings, history, model, keys, values, exhausted, error);
  xp_model_free(model);
  free(keys);
  return status;
}

/* A point of the initial design may repeat one where the space is discrete, or break a constraint: then a candidate takes
 * its place. */
static xp_status make(const xp_proposal_settings *settings, const xp_history *history, double *values, bool *exhausted,
                      xp_error *error) {
  int number = xp_history_points(history), first = settings->nstarts + settings->initial;
  *exhausted = false;
  if (number < first) {
    xp_status status = initial_point(settings, history, number, values, error);
    bool usable = !xp_history_contains(history, values) && xp_space_feasible(history->space, values);
    if (status != XP_OK || usable) return status;
  }
  return later_point(settings, history, number >= first && xp_model_possible(history), values, exhausted, error);
}

xp_status xp_proposal_make(const xp_proposal_settings *settings, const xp_history *history, double *values,
                           bool *exhausted, xp_error *error) {
  int threads = openblas_get_num_threads ? openblas_get_num_threads() : 1;
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  xp_status status = make(settings, history, values, exhausted, error);
  if (openblas_set_num_threads) openblas_set_num_threads(threads);
  return status;
}
