/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/acquire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <nlopt.h>

/* Candidates to improve, rounds of continuous and discrete steps for each, evaluations a round. */
enum { REFINED = 5, ROUNDS = 3, EVALUATIONS = 40 };
static const double COORD_TOLERANCE = 1e-7;

typedef struct acquisition {
  xp_model *model;
  const xp_space *space;
  int ndims, nreal;
  int *real;      /* dimensions that NLopt moves [nreal] */
  double *values; /* [ndims] workspace, as the following */
  double *coords; /* the point that NLopt moves */
  double *slopes; /* gradient of the merit */
  double *x;      /* [ndims]: its real coordinates as NLopt sees them */
  double *best_x; /* the best of them */
  double best;
} acquisition;

static double score_values(acquisition *a, const double *values) {
  xp_space_encode(a->space, values, a->coords);
  return xp_model_merit(a->model, a->coords, NULL);
}

/* The point that NLopt's coordinates mean, in a->values. */
static void decode(acquisition *a, const double *x) {
  for (int i = 0; i < a->nreal; ++i)
    a->values[a->real[i]] = xp_range_decode(xp_space_range(a->space, a->real[i]), x[i]);
  xp_space_normalise(a->space, a->values);
}

static double evaluate(unsigned count, const double *x, double *gradient, void *data) {
  acquisition *a = data;
  for (unsigned i = 0; i < count; ++i) a->coords[a->real[i]] = x[i];
  double value = xp_model_merit(a->model, a->coords, gradient ? a->slopes : NULL);
  for (unsigned i = 0; gradient && i < count; ++i) gradient[i] = a->slopes[a->real[i]];
  if (!(value > a->best)) return value;
  decode(a, x);
  if (xp_space_feasible(a->space, a->values)) {
    a->best = value;
    memcpy(a->best_x, x, count * sizeof *x);
  }
  return value;
}

/* NLopt leaves alone what has equal bounds. */
static void hold(acquisition *a, nlopt_opt optimiser, const double *values, int i) {
  bool active = xp_space_active(a->space, values, a->real[i]);
  nlopt_set_lower_bound(optimiser, i, active ? 0.0 : a->x[i]);
  nlopt_set_upper_bound(optimiser, i, active ? 1.0 : a->x[i]);
}

/* Moves the real dimensions of values uphill; returns the score of the rounded result, which may also be where it was. */
static double step_real(acquisition *a, nlopt_opt optimiser, double *values, double before) {
  if (a->nreal == 0) return before;
  double end;
  size_t size = (size_t)a->ndims * sizeof *values;
  xp_space_encode(a->space, values, a->coords);
  for (int i = 0; i < a->nreal; ++i) a->x[i] = fmin(fmax(a->coords[a->real[i]], 0.0), 1.0);
  memcpy(a->best_x, a->x, (size_t)a->nreal * sizeof *a->x);
  a->best = -INFINITY;
  for (int i = 0; i < a->nreal; ++i) hold(a, optimiser, values, i);
  memcpy(a->values, values, size);
  nlopt_optimize(optimiser, a->x, &end); /* an error of it leaves the best point seen */
  decode(a, a->best_x);
  double after = score_values(a, a->values);
  if (!(after > before)) return before;
  memcpy(values, a->values, size);
  return after;
}

/* Tries one value in one dimension and keeps it if better. */
static double try_value(acquisition *a, double *values, int dim, double value, double before) {
  if (!xp_range_contains(xp_space_range(a->space, dim), value)) return before;
  size_t size = (size_t)a->ndims * sizeof *values;
  memcpy(a->values, values, size);
  a->values[dim] = value;
  xp_space_normalise(a->space, a->values);
  if (!xp_space_feasible(a->space, a->values)) return before;
  double after = score_values(a, a->values);
  if (!(after > before)) return before;
  memcpy(values, a->values, size);
  return after;
}

/* Neighbours of integers and of ordered choices, all of the other choices. */
static double step_discrete(acquisition *a, double *values, double before) {
  for (int d = 0; d < a->ndims; ++d) {
    const xp_range *range = xp_space_range(a->space, d);
    if (!xp_space_active(a->space, values, d)) continue;
    if (range->kind == XP_RANGE_INTEGER || range->kind == XP_RANGE_ORDERED) {
      before = try_value(a, values, d, values[d] - 1.0, before);
      before = try_value(a, values, d, values[d] + 1.0, before);
    }
    for (int choice = 0; range->kind == XP_RANGE_CHOICE && choice < range->nchoices; ++choice)
      before = try_value(a, values, d, choice, before);
  }
  return before;
}

static double refine(acquisition *a, nlopt_opt optimiser, double *values, double before) {
  for (int round = 0; round < ROUNDS; ++round) {
    double start = before;
    before = step_real(a, optimiser, values, before);
    double middle = before;
    before = step_discrete(a, values, before);
    if (before == middle || before == start) break;
  }
  return before;
}

/* values receives the best point; merits[candidates->count] of the candidates are negated, point[ndims] is workspace. */
static void choose(acquisition *a, nlopt_opt optimiser, const xp_points *candidates, double *merits, double *point,
                   double *values) {
  int best[REFINED] = {0};
  size_t d = (size_t)a->ndims;
  for (int i = 0; i < candidates->count; ++i) merits[i] = -merits[i];
  int count = xp_points_rank(candidates->count, merits, REFINED, best);
  double highest = -merits[best[0]];
  memcpy(values, candidates->values + (size_t)best[0] * d, d * sizeof *values);
  for (int i = 0; i < count; ++i) {
    memcpy(point, candidates->values + (size_t)best[i] * d, d * sizeof *values);
    double after = refine(a, optimiser, point, -merits[best[i]]);
    if (!(after > highest) || xp_history_contains(a->model->history, point)) continue;
    highest = after;
    memcpy(values, point, d * sizeof *values);
  }
}

static nlopt_opt make_optimiser(acquisition *a) {
  nlopt_opt optimiser = nlopt_create(NLOPT_LD_LBFGS, (unsigned)a->nreal);
  if (!optimiser) return NULL;
  nlopt_set_max_objective(optimiser, evaluate, a);
  nlopt_set_lower_bounds1(optimiser, 0.0);
  nlopt_set_upper_bounds1(optimiser, 1.0);
  nlopt_set_xtol_abs1(optimiser, COORD_TOLERANCE);
  nlopt_set_maxeval(optimiser, EVALUATIONS);
  return optimiser;
}

xp_status xp_acquire(xp_model *model, const xp_points *candidates, double *values, xp_error *error) {
  size_t d = (size_t)model->ndims, count = (size_t)candidates->count;
  acquisition a = {.model = model, .space = model->history->space, .ndims = model->ndims};
  double *work = malloc((6 * d + count) * sizeof *work);
  a.real = malloc(d * sizeof *a.real);
  for (int dim = 0; a.real && dim < a.ndims; ++dim)
    if (xp_space_range(a.space, dim)->kind == XP_RANGE_REAL) a.real[a.nreal++] = dim;
  nlopt_opt optimiser = make_optimiser(&a);
  xp_status status = work && a.real && optimiser ? XP_OK : xp_error_memory(error, "the choice of the next trial");
  if (status == XP_OK) status = xp_model_merits(model, candidates->count, candidates->coords, work + 6 * d, error);
  if (status == XP_OK) {
    a.values = work;
    a.coords = work + d;
    a.slopes = work + 2 * d;
    a.x = work + 3 * d;
    a.best_x = work + 4 * d;
    choose(&a, optimiser, candidates, work + 6 * d, work + 5 * d, values);
  }
  nlopt_destroy(optimiser);
  free(a.real);
  free(work);
  return status;
}
