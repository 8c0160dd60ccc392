/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/surrogate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/gp.h"
#include "search/targets.h"

/* A loss and the target made from it. */
typedef struct pair {
  double target, loss;
} pair;

struct xp_surrogate {
  const xp_past *past;
  xp_gp *gp;
  int npoints, npairs;
  double *theta;
  pair *pairs; /* [npairs] of successes, ascending in both, no target twice */
};

static bool is_told(const xp_past_trial *trial) {
  return xp_past_counts(trial) || (trial->result.status == XP_TRIAL_FAILED && trial->result.fidelity >= 1.0);
}

static int compare_pairs(const void *a, const void *b) {
  double x = ((const pair *)a)->target, y = ((const pair *)b)->target;
  return (x > y) - (x < y);
}

static void sort_pairs(xp_surrogate *s) {
  int kept = 0;
  qsort(s->pairs, (size_t)s->npairs, sizeof *s->pairs, compare_pairs);
  for (int p = 0; p < s->npairs; ++p)
    if (p == 0 || s->pairs[p].target > s->pairs[kept - 1].target) s->pairs[kept++] = s->pairs[p];
  s->npairs = kept;
}

/* Arrays of the data, owned by fit. */
typedef struct data {
  double *coords, *losses, *targets, *values;
  bool *nominal;
} data;

static void collect(xp_surrogate *s, data *d) {
  int ndims = xp_space_count(s->past->space), i = 0;
  for (int k = 0; k < ndims; ++k) d->nominal[k] = xp_space_range(s->past->space, k)->kind == XP_RANGE_CHOICE;
  for (int t = 0; t < s->past->count; ++t) {
    const xp_past_trial *trial = &s->past->trials[t];
    if (!is_told(trial)) continue;
    memcpy(d->values, trial->values, (size_t)ndims * sizeof *d->values);
    xp_space_normalise(s->past->space, d->values);
    xp_space_encode(s->past->space, d->values, &d->coords[i * ndims]);
    d->losses[i++] = trial->result.status == XP_TRIAL_OK ? trial->result.loss : NAN;
  }
}

static xp_status fit(xp_surrogate *s, data *d, xp_error *error) {
  int ndims = xp_space_count(s->past->space);
  xp_gp_priors priors = xp_gp_priors_default(ndims);
  collect(s, d);
  xp_status status = xp_targets_make(s->npoints, s->past->initial, d->losses, d->targets, error);
  if (status == XP_OK)
    status = xp_gp_new(&s->gp, XP_KERNEL_MATERN52, s->npoints, ndims, d->coords, d->nominal, d->targets, error);
  if (status == XP_OK) status = xp_gp_fit(s->gp, &priors, s->theta, error);
  for (int i = 0; i < s->npoints && status == XP_OK; ++i)
    if (isfinite(d->losses[i])) s->pairs[s->npairs++] = (pair){d->targets[i], d->losses[i]};
  if (status == XP_OK) sort_pairs(s);
  return status;
}

static xp_status make(xp_surrogate *s, xp_error *error) {
  size_t n = (size_t)s->npoints, ndims = (size_t)xp_space_count(s->past->space);
  data d = {calloc(n * ndims, sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(double)),
            calloc(ndims, sizeof(double)), calloc(ndims, sizeof(bool))};
  s->theta = calloc(ndims + 2, sizeof *s->theta);
  s->pairs = calloc(n, sizeof *s->pairs);
  bool complete = d.coords && d.losses && d.targets && d.values && d.nominal && s->theta && s->pairs;
  xp_status status = complete ? fit(s, &d, error) : xp_error_memory(error, "the analysis");
  free(d.coords);
  free(d.losses);
  free(d.targets);
  free(d.values);
  free(d.nominal);
  return status;
}

xp_status xp_surrogate_new(xp_surrogate **surrogate, const xp_past *past, xp_error *error) {
  int told = 0, successes = 0;
  *surrogate = NULL;
  for (int t = 0; t < past->count; ++t) {
    told += is_told(&past->trials[t]);
    successes += xp_past_counts(&past->trials[t]);
  }
  if (successes < XP_SURROGATE_LEAST || xp_space_count(past->space) == 0)
    return xp_error_set(error, XP_ERROR_RANGE, "%s: a model of the loss needs %d trials that succeeded, found %d",
                        past->path, XP_SURROGATE_LEAST, successes);
  xp_surrogate *made = calloc(1, sizeof *made);
  if (!made) return xp_error_memory(error, "the analysis");
  *made = (xp_surrogate){.past = past, .npoints = told};
  xp_status status = make(made, error);
  if (status == XP_OK)
    *surrogate = made;
  else
    xp_surrogate_free(made);
  return status;
}

void xp_surrogate_free(xp_surrogate *s) {
  if (!s) return;
  xp_gp_free(s->gp);
  free(s->theta);
  free(s->pairs);
  free(s);
}

int xp_surrogate_points(const xp_surrogate *s) {
  return s->npoints;
}

const xp_space *xp_surrogate_space(const xp_surrogate *s) {
  return s->past->space;
}

double xp_surrogate_length(const xp_surrogate *s, int dim) {
  return exp(s->theta[xp_gp_count_parameters(s->gp) - xp_space_count(s->past->space) + dim]);
}

void xp_surrogate_add(const xp_surrogate *s, int dim, double coord, double *squares) {
  xp_gp_add_squares(s->gp, dim, coord, squares);
}

double xp_surrogate_mean(const xp_surrogate *s, const double *squares) {
  return xp_gp_mean(s->gp, squares);
}

/* Below the best and above the worst, the nearest two go on in a straight line. */
double xp_surrogate_loss(const xp_surrogate *s, double target) {
  if (s->npairs < 2) return s->pairs[0].loss;
  int p = 1;
  while (p < s->npairs - 1 && s->pairs[p].target < target) ++p;
  const pair *low = &s->pairs[p - 1], *high = &s->pairs[p];
  double share = (target - low->target) / (high->target - low->target);
  return low->loss + share * (high->loss - low->loss);
}
