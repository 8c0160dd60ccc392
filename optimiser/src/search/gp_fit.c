/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of the Gaussian process: maximum of likelihood times prior. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <nlopt.h>

#include "search/gp.h"
#include "search/random.h"

/* A prior is normal in a parameter's logarithm; the search for it stays within bounds. */
typedef struct prior {
  double centre, deviation, low, high;
} prior;

/* Targets have variance 1, so c is about 1; losses of a fit repeat to better than a per cent of their spread. */
static const prior AMPLITUDE = {.centre = 0.0, .deviation = 1.0, .low = -4.605, .high = 6.908};
static const prior NOISE = {.centre = -9.0, .deviation = 2.0, .low = -16.118, .high = 0.0};

/* Lengths: log-normal with location sqrt2 + ln(ndims)/2 and deviation sqrt3 (Hvarfner et al. 2024). As a density of the
 * length itself its largest value is at location - deviation^2, which is where the normal in the logarithm is put. */
static prior length_prior(int ndims) {
  return (prior){.centre = M_SQRT2 - 3.0 + 0.5 * log(ndims), .deviation = sqrt(3.0), .low = -4.605, .high = 4.605};
}

enum { STARTS = 3, EVALUATIONS_A_START = 60 };
static const double RELATIVE_TOLERANCE = 1e-6;
static const uint64_t START_SEED = 1;

static prior prior_of(int parameter, int ndims) {
  return parameter == 0 ? AMPLITUDE : parameter == 1 ? NOISE : length_prior(ndims);
}

xp_status xp_gp_posterior(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error) {
  xp_status status = xp_gp_likelihood(gp, theta, value, gradient, error);
  if (status != XP_OK) return status;
  int count = xp_gp_count_parameters(gp);
  for (int i = 0; i < count; ++i) {
    prior p = prior_of(i, count - 2);
    double offset = (theta[i] - p.centre) / p.deviation;
    *value -= 0.5 * offset * offset;
    if (gradient) gradient[i] -= offset / p.deviation;
  }
  return XP_OK;
}

/* What the minimiser calls; it remembers the best point itself, because NLopt may return with an error after a good one. */
typedef struct ascent {
  xp_gp *gp;
  nlopt_opt optimiser;
  double best;
  double *best_theta;
  xp_status status;
  xp_error *error;
} ascent;

static double evaluate(unsigned count, const double *theta, double *gradient, void *data) {
  ascent *a = data;
  double value = 0.0;
  a->status = xp_gp_posterior(a->gp, theta, &value, gradient, a->error);
  if (a->status != XP_OK) {
    nlopt_force_stop(a->optimiser);
    return value;
  }
  if (value > a->best) {
    a->best = value;
    memcpy(a->best_theta, theta, count * sizeof *theta);
  }
  return value;
}

/* The first start is the prior's centre, the others are drawn from it. */
static void choose_start(int start, int count, const double *low, const double *high, double *theta) {
  xp_random random = xp_random_start(START_SEED, (uint64_t)start);
  for (int i = 0; i < count; ++i) {
    prior p = prior_of(i, count - 2);
    double offset = start ? 0.5 * p.deviation * xp_random_normal(&random) : 0.0;
    theta[i] = fmin(fmax(p.centre + offset, low[i]), high[i]);
  }
}

static xp_status climb(ascent *a, int count, double *work) {
  double *low = work, *high = work + count, *theta = work + 2 * count;
  for (int i = 0; i < count; ++i) {
    prior p = prior_of(i, count - 2);
    low[i] = p.low;
    high[i] = p.high;
  }
  nlopt_set_max_objective(a->optimiser, evaluate, a);
  nlopt_set_lower_bounds(a->optimiser, low);
  nlopt_set_upper_bounds(a->optimiser, high);
  nlopt_set_ftol_rel(a->optimiser, RELATIVE_TOLERANCE);
  nlopt_set_maxeval(a->optimiser, EVALUATIONS_A_START);
  for (int start = 0; start < STARTS && a->status == XP_OK; ++start) {
    double value;
    choose_start(start, count, low, high, theta);
    nlopt_optimize(a->optimiser, theta, &value);
  }
  return a->status;
}

xp_status xp_gp_fit(xp_gp *gp, double *theta, xp_error *error) {
  int count = xp_gp_count_parameters(gp);
  double *work = malloc(4 * (size_t)count * sizeof *work);
  ascent a = {.gp = gp, .best = -INFINITY, .error = error};
  a.optimiser = nlopt_create(NLOPT_LD_LBFGS, (unsigned)count);
  xp_status status = work && a.optimiser ? XP_OK : xp_error_memory(error, "the fit of the Gaussian process");
  if (status == XP_OK) {
    a.best_theta = work + 3 * count;
    status = climb(&a, count, work);
  }
  if (status == XP_OK) status = xp_gp_condition(gp, a.best_theta, error);
  if (status == XP_OK && theta) memcpy(theta, a.best_theta, (size_t)count * sizeof *theta);
  nlopt_destroy(a.optimiser);
  free(work);
  return status;
}
