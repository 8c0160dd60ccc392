/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of the Gaussian process: maximum of likelihood times prior. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <nlopt.h>

#include "search/candidates.h"
#include "search/gp.h"
#include "search/random.h"

enum { STARTS = 3, EVALUATIONS_A_START = 60 };

/* A likelihood costs the cube of the number of points, so with more than COARSE of them the starts climb on so many, and the
 * best goes on, for a few evaluations, on at most FINE of them: parameters are known well enough from those. */
enum { COARSE = 80, FINE = 200, EVALUATIONS_FINE = 12 };

static const double RELATIVE_TOLERANCE = 1e-6;
static const uint64_t START_SEED = 1;

/* Targets have variance 1, so c is about 1; losses of a fit repeat to better than a per cent of their spread. Lengths:
 * log-normal with location sqrt2 + ln(ndims)/2 and deviation sqrt3 (Hvarfner et al. 2024). As a density of the length itself
 * its largest value is at location - deviation^2, which is where the normal in the logarithm is put. */
xp_gp_priors xp_gp_priors_default(int ndims) {
  return (xp_gp_priors){
      .amplitude = {.centre = 0.0, .deviation = 1.0, .low = -4.605, .high = 6.908},
      .noise = {.centre = -9.0, .deviation = 2.0, .low = -16.118, .high = 0.0},
      .length = {.centre = M_SQRT2 - 3.0 + 0.5 * log(ndims), .deviation = sqrt(3.0), .low = -4.605, .high = 4.605}};
}

static xp_gp_prior prior_of(const xp_gp_priors *priors, int parameter) {
  return parameter == 0 ? priors->amplitude : parameter == 1 ? priors->noise : priors->length;
}

xp_status xp_gp_posterior(xp_gp *gp, const xp_gp_priors *priors, const double *theta, double *value, double *gradient,
                          xp_error *error) {
  xp_status status = xp_gp_likelihood(gp, theta, value, gradient, error);
  if (status != XP_OK) return status;
  int count = xp_gp_count_parameters(gp);
  for (int i = 0; i < count; ++i) {
    xp_gp_prior p = prior_of(priors, i);
    double offset = (theta[i] - p.centre) / p.deviation;
    *value -= 0.5 * offset * offset;
    if (gradient) gradient[i] -= offset / p.deviation;
  }
  return XP_OK;
}

/* What the minimiser calls; it remembers the best point itself, because NLopt may return with an error after a good one. */
typedef struct ascent {
  xp_gp *gp;
  const xp_gp_priors *priors;
  nlopt_opt optimiser;
  double best;
  double *best_theta;
  xp_status status;
  xp_error *error;
} ascent;

static double evaluate(unsigned count, const double *theta, double *gradient, void *data) {
  ascent *a = data;
  double value = 0.0;
  a->status = xp_gp_posterior(a->gp, a->priors, theta, &value, gradient, a->error);
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

/* The first start is the prior's centre, the others are drawn from it, or between the bounds where it is flat. */
static void choose_start(const xp_gp_priors *priors, int start, int count, double *theta) {
  xp_random random = xp_random_start(START_SEED, (uint64_t)start);
  for (int i = 0; i < count; ++i) {
    xp_gp_prior p = prior_of(priors, i);
    theta[i] = p.centre;
    if (start && isinf(p.deviation))
      theta[i] = p.low + (p.high - p.low) * xp_random_uniform(&random);
    else if (start)
      theta[i] += 0.5 * p.deviation * xp_random_normal(&random);
    theta[i] = fmin(fmax(theta[i], p.low), p.high);
  }
}

/* Climbs from theta, which is overwritten. */
static void climb(ascent *a, double *theta) {
  double value;
  nlopt_optimize(a->optimiser, theta, &value); /* an error of it leaves the best point seen */
}

static xp_status prepare(ascent *a, xp_gp *gp, const xp_gp_priors *priors, xp_error *error) {
  int count = xp_gp_count_parameters(gp);
  *a = (ascent){.gp = gp, .priors = priors, .best = -INFINITY, .error = error};
  a->optimiser = nlopt_create(NLOPT_LD_LBFGS, (unsigned)count);
  a->best_theta = calloc((size_t)count, sizeof *a->best_theta);
  if (!a->optimiser || !a->best_theta) return xp_error_memory(error, "the fit of the Gaussian process");
  for (int i = 0; i < count; ++i) {
    nlopt_set_lower_bound(a->optimiser, i, prior_of(priors, i).low);
    nlopt_set_upper_bound(a->optimiser, i, prior_of(priors, i).high);
  }
  nlopt_set_max_objective(a->optimiser, evaluate, a);
  nlopt_set_ftol_rel(a->optimiser, RELATIVE_TOLERANCE);
  nlopt_set_maxeval(a->optimiser, EVALUATIONS_A_START);
  return XP_OK;
}

static void finish(ascent *a) {
  nlopt_destroy(a->optimiser);
  free(a->best_theta);
}

static xp_status climb_all(xp_gp *gp, const xp_gp_priors *priors, double *theta, xp_error *error) {
  ascent a;
  xp_status status = prepare(&a, gp, priors, error);
  for (int start = 0; start < STARTS && status == XP_OK; ++start) {
    choose_start(priors, start, xp_gp_count_parameters(gp), theta);
    climb(&a, theta);
    status = a.status;
  }
  if (status == XP_OK) memcpy(theta, a.best_theta, (size_t)xp_gp_count_parameters(gp) * sizeof *theta);
  finish(&a);
  return status;
}

static xp_status climb_on(xp_gp *gp, const xp_gp_priors *priors, double *theta, xp_error *error) {
  ascent a;
  xp_status status = prepare(&a, gp, priors, error);
  if (status == XP_OK) {
    nlopt_set_maxeval(a.optimiser, EVALUATIONS_FINE);
    climb(&a, theta);
    status = a.status;
  }
  if (status == XP_OK) memcpy(theta, a.best_theta, (size_t)xp_gp_count_parameters(gp) * sizeof *theta);
  finish(&a);
  return status;
}

typedef xp_status (*climber)(xp_gp *gp, const xp_gp_priors *priors, double *theta, xp_error *error);

/* On at most so many points: half of them those of the lowest targets, the others spread over all. */
static xp_status climb_part(climber climber, xp_gp *gp, int most, const xp_gp_priors *priors, double *theta,
                            xp_error *error) {
  int n = xp_gp_count_points(gp);
  if (n <= most) return climber(gp, priors, theta, error);
  int *indices = malloc((size_t)n * sizeof *indices);
  if (!indices) return xp_error_memory(error, "the fit of the Gaussian process");
  xp_gp *part = NULL;
  int half = xp_points_rank(n, xp_gp_targets(gp), most / 2, indices), count = half;
  for (int i = 0; i < most - half; ++i) {
    int index = (int)((long long)i * n / (most - half));
    bool taken = false;
    for (int k = 0; k < half; ++k) taken = taken || indices[k] == index;
    if (!taken) indices[count++] = index;
  }
  xp_status status = xp_gp_select(gp, count, indices, &part, error);
  if (status == XP_OK) status = climber(part, priors, theta, error);
  xp_gp_free(part);
  free(indices);
  return status;
}

xp_status xp_gp_fit(xp_gp *gp, const xp_gp_priors *priors, double *theta, xp_error *error) {
  int n = xp_gp_count_points(gp);
  double *found = malloc((size_t)xp_gp_count_parameters(gp) * sizeof *found);
  if (!found) return xp_error_memory(error, "the fit of the Gaussian process");
  xp_status status = climb_part(climb_all, gp, COARSE, priors, found, error);
  if (status == XP_OK && n > COARSE) status = climb_part(climb_on, gp, FINE, priors, found, error);
  if (status == XP_OK) status = xp_gp_condition(gp, found, error);
  if (status == XP_OK && theta) memcpy(theta, found, (size_t)xp_gp_count_parameters(gp) * sizeof *theta);
  free(found);
  return status;
}
