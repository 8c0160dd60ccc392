/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/minimise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit/factor.h"
#include "solve/damping.h"
#include "solve/descent.h"
#include "solve/whitening.h"

/* Damping at the start of a cycle, relative to the norms of the columns. */
static const double DAMPING = 1e-6;
/* Damping of the factor that L-BFGS is preconditioned with: below rounding of single precision no direction is trusted. */
static const double WHITENING = 1e-10;
/* A step is tried with more damping so often. */
enum { TRIES = 12 };
/* L-BFGS ends when the loss falls by less than this share over so many iterations. */
static const double LOSS_TOLERANCE = 1e-7;
enum { LOSS_WINDOW = 20 };
/* Curvatures of radial coefficients below this share of the largest are estimated no better than that. */
static const double CURVATURE_FLOOR = 1e-4;

/* What one cycle works with. */
typedef struct runner {
  const xp_ace_cycle *cycle;
  xp_ace_fit_layout layout;
  int columns;
  xp_factor factor;     /* at some parameters of this cycle */
  double *scales;       /* [columns] norms of its columns, 1 where zero */
  double *step, *trial; /* [ntotal] */
  xp_ace_cycle_end *end;
  xp_ace_loss latest; /* of the last evaluation by L-BFGS */
} runner;

static xp_status make_factor(runner *r, const double *parameters, xp_error *error) {
  long rows;
  xp_factor_clear(&r->factor);
  xp_ace_factor_request request = {r->cycle->terms, parameters, r->cycle->active, XP_ACE_FACTOR_NORMAL,
                                   r->cycle->report};
  xp_status status = xp_ace_problem_factor(r->cycle->problem, &request, &r->factor, &rows, error);
  for (int c = 0; c < r->columns && status == XP_OK; ++c) {
    const double *column = r->factor.r + (size_t)c * (size_t)r->factor.columns;
    double square = 0.0;
    for (int k = 0; k <= c; ++k) square += column[k] * column[k];
    r->scales[c] = square > 0.0 ? sqrt(square) : 1.0;
  }
  return status;
}

static xp_status watch(runner *r, const xp_ace_loss *loss, const double *parameters, bool *stop, xp_error *error) {
  r->end->iterations++;
  xp_status status = r->cycle->watch(r->cycle->user, loss, parameters, stop, error);
  r->end->stopped = *stop;
  return status;
}

/* One damped step that lowers the loss; *taken false: none was found. */
static xp_status try_steps(runner *r, xp_damping *damping, double *parameters, xp_ace_loss *loss, bool *taken,
                           xp_error *error) {
  xp_status status = XP_OK;
  *taken = false;
  for (int attempt = 0; attempt < TRIES && !*taken && status == XP_OK; ++attempt) {
    double predicted;
    xp_ace_loss there;
    status = xp_damped_step(r->step, &predicted, &r->factor, damping->lambda, r->scales, error);
    if (status != XP_OK) break;
    memcpy(r->trial, parameters, (size_t)r->layout.ntotal * sizeof *r->trial);
    /* the factor's target is minus the residuals */
    for (int c = 0; c < r->columns; ++c) r->trial[r->layout.nradial + c] -= r->step[c];
    status = xp_ace_problem_loss(r->cycle->problem, r->cycle->terms, r->trial, false, &there, NULL, error);
    if (status != XP_OK) break;
    *taken = xp_damping_update(damping, loss->total - there.total, predicted);
    if (!*taken) continue;
    memcpy(parameters, r->trial, (size_t)r->layout.ntotal * sizeof *parameters);
    *loss = there;
  }
  return status;
}

static xp_status gauss_newton(runner *r, double *parameters, xp_error *error) {
  /* relative fall of the loss that makes another step worth its factor; L-BFGS goes on for less */
  const double enough = r->cycle->descent ? 1e-4 : 1e-6;
  xp_damping damping = xp_damping_start(DAMPING);
  xp_ace_loss loss;
  xp_status status = xp_ace_problem_loss(r->cycle->problem, r->cycle->terms, parameters, false, &loss, NULL, error);
  for (int k = 0; k < r->cycle->steps && r->end->iterations < r->cycle->iterations && status == XP_OK; ++k) {
    bool taken = false, stop = false;
    double before = loss.total;
    status = make_factor(r, parameters, error);
    if (status == XP_OK) status = try_steps(r, &damping, parameters, &loss, &taken, error);
    if (status == XP_OK && taken) status = watch(r, &loss, parameters, &stop, error);
    if (status != XP_OK || stop) break;
    if (!taken || before - loss.total < enough * before) {
      r->end->converged = !r->cycle->descent;
      break;
    }
  }
  return status;
}

static xp_status value_and_gradient(void *user, const double *x, double *gradient, double *value, xp_error *error) {
  runner *r = user;
  const xp_ace_cycle *c = r->cycle;
  xp_status status = xp_ace_problem_loss(c->problem, c->terms, x, c->radial, &r->latest, gradient, error);
  for (int k = 0; k < r->columns && c->active && status == XP_OK; ++k)
    if (!c->active[k]) gradient[r->layout.nradial + k] = 0.0;
  *value = r->latest.total;
  return status;
}

/* L-BFGS reports a point right after it was evaluated. */
static xp_status progress(void *user, const xp_descent_state *state, bool *stop, xp_error *error) {
  runner *r = user;
  return watch(r, &r->latest, state->x, stop, error);
}

/* Scales of radial coefficients: inverse roots of the diagonal of the Hessian, estimated. */
static xp_status radial_scales(const runner *r, const double *parameters, double *scales, xp_error *error) {
  xp_status status = xp_ace_problem_curvature(r->cycle->problem, r->cycle->terms, parameters, scales, error);
  double largest = 0.0;
  for (int c = 0; c < r->layout.nradial; ++c) largest = fmax(largest, scales[c]);
  for (int c = 0; c < r->layout.nradial; ++c)
    scales[c] = largest > 0.0 ? 1.0 / sqrt(fmax(scales[c], CURVATURE_FLOOR * largest)) : 1.0;
  return status;
}

static xp_status descend(runner *r, double *parameters, xp_error *error) {
  const xp_ace_cycle *cycle = r->cycle;
  double *scales = calloc((size_t)r->layout.ntotal + 1, sizeof *scales);
  xp_whitening whitening = {0};
  xp_status status = scales ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK && !r->factor.r) status = make_factor(r, parameters, error);
  if (status == XP_OK)
    status = xp_whitening_make(&whitening, r->factor.r, r->factor.columns, r->columns, WHITENING, r->scales, error);
  xp_factor_clear(&r->factor);
  if (status == XP_OK && cycle->radial) status = radial_scales(r, parameters, scales, error);
  xp_whitened_block block = {r->layout.ntotal, r->layout.nradial, &whitening, scales};
  xp_preconditioner preconditioner = xp_whitened_block_preconditioner(&block);
  xp_descent_problem problem = {r->layout.ntotal, value_and_gradient, progress, r, &preconditioner};
  xp_descent_options options = xp_descent_defaults();
  options.max_iterations = cycle->iterations - r->end->iterations;
  options.gradient_tolerance = 0.0;
  options.loss_tolerance = LOSS_TOLERANCE;
  options.loss_window = LOSS_WINDOW;
  xp_descent_summary summary;
  if (status == XP_OK) status = xp_descent_minimise(&summary, parameters, &problem, &options, error);
  if (status == XP_OK) r->end->converged = summary.end != XP_DESCENT_ITERATIONS && summary.end != XP_DESCENT_STOPPED;
  xp_whitening_clear(&whitening);
  free(scales);
  return status;
}

xp_status xp_ace_cycle_run(const xp_ace_cycle *cycle, double *parameters, xp_ace_cycle_end *end, xp_error *error) {
  runner r = {.cycle = cycle, .layout = xp_ace_problem_layout(cycle->problem), .end = end};
  size_t n = (size_t)r.layout.ntotal + 1;
  *end = (xp_ace_cycle_end){0};
  r.columns = r.layout.ntotal - r.layout.nradial;
  r.scales = calloc(n, sizeof *r.scales);
  r.step = calloc(n, sizeof *r.step);
  r.trial = calloc(n, sizeof *r.trial);
  xp_status status = r.scales && r.step && r.trial ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK) status = gauss_newton(&r, parameters, error);
  if (status == XP_OK && cycle->descent && !end->stopped && end->iterations < cycle->iterations)
    status = descend(&r, parameters, error);
  xp_factor_clear(&r.factor);
  free(r.scales);
  free(r.step);
  free(r.trial);
  return status;
}
