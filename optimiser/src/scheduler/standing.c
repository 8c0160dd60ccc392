/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scheduler/standing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

xp_status xp_standing_start(xp_standing *standing, const xp_search_settings *settings, const xp_space *space,
                            xp_error *error) {
  *standing = (xp_standing){.settings = settings,
                            .progress = {.trials = settings->stop.trials, .best_loss = INFINITY, .seconds_left = NAN}};
  xp_history_start(&standing->history, space, settings->nbounds);
  standing->limits = calloc((size_t)settings->nbounds + 1, sizeof *standing->limits);
  return standing->limits ? XP_OK : xp_error_memory(error, "the search");
}

void xp_standing_clear(xp_standing *standing) {
  xp_history_clear(&standing->history);
  free(standing->limits);
}

xp_status xp_standing_begin(xp_standing *standing, const double *values, double fidelity, xp_error *error) {
  xp_observation observation = {.state = XP_OBSERVED_PENDING, .fidelity = fidelity};
  xp_status status = xp_history_append(&standing->history, values, &observation, error);
  if (status == XP_OK) ++standing->progress.started;
  return status;
}

static double find_metric(const xp_trial *trial, const char *name) {
  for (int m = 0; m < trial->nmetrics; ++m)
    if (strcmp(trial->metrics[m].name, name) == 0) return trial->metrics[m].value;
  return NAN;
}

/* A success without its second objective says nothing about a trade-off: for the model it is a failure. */
static xp_observation observe(const xp_standing *standing, const xp_trial *trial) {
  const xp_search_settings *settings = standing->settings;
  xp_observation observation = {.state = trial->status == XP_TRIAL_OK ? XP_OBSERVED_OK : XP_OBSERVED_FAILED,
                                .loss = trial->loss,
                                .fidelity = trial->fidelity,
                                .limits = standing->limits};
  for (int b = 0; b < settings->nbounds; ++b) {
    const xp_bound *bound = &settings->bounds[b];
    double beyond = find_metric(trial, bound->metric) - bound->value;
    standing->limits[b] = bound->least ? -beyond : beyond;
  }
  if (!settings->second) return observation;
  double second = find_metric(trial, settings->second);
  observation.second = settings->second_rises ? -second : second;
  if (!isfinite(second)) observation.state = XP_OBSERVED_FAILED;
  return observation;
}

bool xp_standing_within(const xp_observation *observation, int nlimits) {
  bool within = true;
  for (int l = 0; l < nlimits; ++l) within &= observation->limits[l] <= 0.0;
  return within;
}

static bool is_better(const xp_search_progress *best, const xp_observation *o, bool within) {
  if (best->best_trial == 0 || o->fidelity != best->best_fidelity) return o->fidelity > best->best_fidelity;
  if (within != best->best_within) return within;
  return o->loss < best->best_loss;
}

void xp_standing_end(xp_standing *standing, int number, const xp_trial *trial) {
  xp_search_progress *progress = &standing->progress;
  xp_observation observation = observe(standing, trial);
  xp_history_set(&standing->history, number - 1, &observation);
  ++progress->trial;
  progress->ended = number;
  progress->ended_well = trial->status == XP_TRIAL_OK;
  bool within = xp_standing_within(&observation, standing->settings->nbounds);
  if (trial->status != XP_TRIAL_OK) ++progress->failed;
  if (trial->status == XP_TRIAL_OK && is_better(progress, &observation, within)) {
    progress->best_trial = number;
    progress->best_loss = trial->loss;
    progress->best_fidelity = trial->fidelity;
    progress->best_within = within;
    progress->since_best = 0;
  } else if (trial->fidelity >= progress->best_fidelity) {
    ++progress->since_best;
  }
}
