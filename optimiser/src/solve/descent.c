/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/descent.h"

#include <cblas.h>
#include <lbfgs.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Evaluations of one line search; more is a search that gets nowhere. */
enum { LINE_SEARCH_MOST = 40 };
/* A line search can fail although there is a way down: old gradients mislead, or liblbfgs interpolates to an end of its bracket.
 * It is worth beginning again from the last point if the loss fell by this fraction since the last beginning. */
static const double RESTART_GAIN = 1e-9;
/* How far below the failed step the search goes after a loss that is not finite. */
static const double RETREAT = 10.0;

/* liblbfgs asks for values and cannot be told of errors: after one, or when the end has come, it is shown a low flat place
 * and stopped by the progress callback that follows. */
typedef struct descent {
  const xp_descent_problem *problem;
  const xp_descent_options *options;
  xp_descent_summary *summary;
  xp_error *error;
  xp_status status;
  bool ended;
  const double *start;                      /* [n] */
  double *x;                                /* [n] last accepted point */
  double *accepted_y, *accepted;            /* [n] the same in y, the gradient with respect to y */
  double *trial, *trial_y, *trial_gradient; /* [n] last evaluated point, likewise */
  double trial_loss, trial_step;
} descent;

static void apply_block(const xp_whitened_block *block, double *v,
                        void (*whiten)(const xp_whitening *whitening, double *v)) {
  int last = block->first + block->whitening->n;
  for (int i = 0; block->scales && i < block->n; ++i)
    if (i < block->first || i >= last) v[i] *= block->scales[i];
  whiten(block->whitening, v + block->first);
}

static void apply(const void *data, double *v) {
  apply_block(data, v, xp_whitening_apply);
}

static void apply_transposed(const void *data, double *v) {
  apply_block(data, v, xp_whitening_apply_transposed);
}

xp_preconditioner xp_whitened_block_preconditioner(const xp_whitened_block *block) {
  return (xp_preconditioner){.apply = apply, .apply_transposed = apply_transposed, .data = block};
}

xp_descent_options xp_descent_defaults(void) {
  return (xp_descent_options){.memory = 50, .max_iterations = 1000, .gradient_tolerance = 1e-8, .loss_window = 10};
}

static double flat(double *gradient, int n) {
  memset(gradient, 0, (size_t)n * sizeof *gradient);
  return -HUGE_VAL;
}

/* A parabola about the last accepted point, steep enough for the line search to come back to 1/RETREAT of this step. */
static double wall(const descent *d, const double *y, double *gradient) {
  int n = d->problem->n;
  double slope = 0.0, square = 0.0;
  for (int i = 0; i < n; ++i) {
    double offset = y[i] - d->accepted_y[i];
    slope += d->accepted[i] * offset;
    square += offset * offset;
  }
  double curvature = RETREAT * fabs(slope) / square;
  for (int i = 0; i < n; ++i) gradient[i] = curvature * (y[i] - d->accepted_y[i]);
  return d->summary->loss + 0.5 * curvature * square;
}

static void evaluate_point(descent *d, const double *y, double step) {
  const xp_descent_problem *p = d->problem;
  size_t bytes = (size_t)p->n * sizeof *y;
  memcpy(d->trial_y, y, bytes);
  memcpy(d->trial, y, bytes);
  if (p->preconditioner) p->preconditioner->apply(p->preconditioner->data, d->trial);
  for (int i = 0; i < p->n; ++i) d->trial[i] += d->start[i];
  d->trial_step = step;
  ++d->summary->evaluations;
  d->status = p->value_and_gradient(p->user, d->trial, d->trial_gradient, &d->trial_loss, d->error);
  if (d->status == XP_OK && p->preconditioner)
    p->preconditioner->apply_transposed(p->preconditioner->data, d->trial_gradient);
}

static bool trial_is_finite(const descent *d) {
  return isfinite(d->trial_loss) && isfinite(cblas_dnrm2(d->problem->n, d->trial_gradient, 1));
}

static void end(descent *d, xp_descent_end reason) {
  d->ended = true;
  d->summary->end = reason;
}

/* The trial is the last accepted point now. */
static void accept_trial(descent *d) {
  size_t bytes = (size_t)d->problem->n * sizeof *d->x;
  memcpy(d->x, d->trial, bytes);
  memcpy(d->accepted_y, d->trial_y, bytes);
  memcpy(d->accepted, d->trial_gradient, bytes);
  d->summary->loss = d->trial_loss;
  d->summary->gradient_norm = cblas_dnrm2(d->problem->n, d->accepted, 1);
}

static void end_if_flat(descent *d) {
  if (d->status == XP_OK && !d->ended && d->summary->gradient_norm <= d->options->gradient_tolerance)
    end(d, XP_DESCENT_GRADIENT);
}

static void evaluate_start(descent *d, const double *y) {
  evaluate_point(d, y, 0.0);
  if (d->status == XP_OK && !trial_is_finite(d))
    d->status = xp_error_set(d->error, XP_ERROR_NUMERIC,
                             "the loss or its gradient is not finite at the point where the minimisation starts");
  if (d->status != XP_OK) return;
  accept_trial(d);
  end_if_flat(d);
}

/* The library asks again for the point where it begins. */
static bool is_accepted(const descent *d, const double *y) {
  return memcmp(y, d->accepted_y, (size_t)d->problem->n * sizeof *y) == 0;
}

static lbfgsfloatval_t evaluate(void *instance, const lbfgsfloatval_t *y, lbfgsfloatval_t *gradient, const int padded,
                                const lbfgsfloatval_t step) {
  (void)padded;
  descent *d = instance;
  size_t bytes = (size_t)d->problem->n * sizeof *gradient;
  if (d->status == XP_OK && is_accepted(d, y)) {
    memcpy(gradient, d->accepted, bytes);
    return d->summary->loss;
  }
  if (d->status == XP_OK) evaluate_point(d, y, step);
  if (d->status != XP_OK) return flat(gradient, d->problem->n);
  if (!trial_is_finite(d)) return wall(d, y, gradient);
  memcpy(gradient, d->trial_gradient, bytes);
  return d->trial_loss;
}

static void ask_caller(descent *d) {
  const xp_descent_summary *s = d->summary;
  bool stop = false;
  xp_descent_state state = {.iteration = s->iterations,
                            .evaluations = s->evaluations,
                            .loss = s->loss,
                            .gradient_norm = s->gradient_norm,
                            .step = d->trial_step,
                            .x = d->x};
  if (d->problem->progress) d->status = d->problem->progress(d->problem->user, &state, &stop, d->error);
  if (stop) end(d, XP_DESCENT_STOPPED);
}

static void finish_iteration(descent *d) {
  ++d->summary->iterations;
  accept_trial(d);
  ask_caller(d);
  end_if_flat(d);
}

/* The point that the library reports is the one that it has just evaluated. */
static int progress(void *instance, const lbfgsfloatval_t *y, const lbfgsfloatval_t *gradient,
                    const lbfgsfloatval_t loss, const lbfgsfloatval_t ynorm, const lbfgsfloatval_t gnorm,
                    const lbfgsfloatval_t step, int padded, int iteration, int searches) {
  (void)y;
  (void)gradient;
  (void)loss;
  (void)ynorm;
  (void)gnorm;
  (void)step;
  (void)padded;
  (void)iteration;
  (void)searches;
  descent *d = instance;
  if (d->status == XP_OK) finish_iteration(d);
  return d->status != XP_OK || d->ended;
}

/* True when the line search failed; every end that is not our own is one of the library's. */
static bool has_failed(descent *d, int code) {
  if (d->status != XP_OK || d->ended) return false;
  if (code == LBFGSERR_OUTOFMEMORY)
    d->status = xp_error_memory(d->error, "the minimisation");
  else if (code == LBFGS_STOP)
    end(d, XP_DESCENT_LOSS);
  else if (code == LBFGSERR_MAXIMUMITERATION)
    end(d, XP_DESCENT_ITERATIONS);
  else if (code == LBFGS_SUCCESS || code == LBFGS_ALREADY_MINIMIZED)
    end(d, XP_DESCENT_GRADIENT);
  else
    return true;
  return false;
}

static bool run_fails(descent *d, double *y) {
  lbfgs_parameter_t parameters;
  lbfgs_parameter_init(&parameters);
  parameters.m = d->options->memory;
  parameters.epsilon = 0.0;
  parameters.past = d->options->loss_tolerance > 0.0 ? d->options->loss_window : 0;
  parameters.delta = d->options->loss_tolerance;
  parameters.max_iterations = d->options->max_iterations - d->summary->iterations;
  parameters.max_linesearch = LINE_SEARCH_MOST;
  return has_failed(d, lbfgs(d->problem->n, y, NULL, evaluate, progress, d, &parameters));
}

/* The last point that a failed line search looked at may be lower all the same. */
static void rescue(descent *d) {
  if (!(d->trial_loss < d->summary->loss) || !trial_is_finite(d)) return;
  finish_iteration(d);
  if (d->status == XP_OK && !d->ended && d->summary->iterations == d->options->max_iterations)
    end(d, XP_DESCENT_ITERATIONS);
}

static void descend(descent *d, double *y) {
  double before = INFINITY;
  while (d->status == XP_OK && !d->ended) {
    if (!(before - d->summary->loss > RESTART_GAIN * fabs(d->summary->loss))) {
      end(d, XP_DESCENT_LINE_SEARCH);
      return;
    }
    before = d->summary->loss;
    memcpy(y, d->accepted_y, (size_t)d->problem->n * sizeof *y);
    if (run_fails(d, y)) rescue(d);
  }
}

xp_status xp_descent_minimise(xp_descent_summary *summary, double *x, const xp_descent_problem *problem,
                              const xp_descent_options *options, xp_error *error) {
  *summary = (xp_descent_summary){0};
  size_t n = (size_t)problem->n;
  double *work = calloc(6 * n, sizeof *work);
  double *y = lbfgs_malloc(problem->n); /* rounded up and aligned as the library wants it, zero */
  descent d = {.problem = problem, .options = options, .summary = summary, .error = error, .x = x, .start = work};
  if (work && y) {
    double **vectors[] = {&d.accepted_y, &d.accepted, &d.trial, &d.trial_y, &d.trial_gradient};
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; ++v) *vectors[v] = work + (v + 1) * n;
    memcpy(work, x, n * sizeof *x);
    evaluate_start(&d, y);
    descend(&d, y);
  } else {
    d.status = xp_error_memory(error, "the minimisation");
  }
  lbfgs_free(y);
  free(work);
  return d.status;
}
