/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/findings.h"

#include <stdlib.h>

#include "analysis/front.h"

static xp_status find_front(xp_findings *f, xp_error *error) {
  f->front = calloc((size_t)f->past->count + 1, sizeof *f->front);
  if (!f->front) return xp_error_memory(error, "the Pareto front");
  return f->second ? xp_front_find(f->past, f->second, f->front, &f->nfront, error) : XP_OK;
}

static xp_status find_importance(xp_findings *f, const xp_surrogate *surrogate, xp_error *error) {
  int ndims = xp_space_count(f->past->space);
  f->importances = calloc((size_t)ndims, sizeof *f->importances);
  f->order = calloc((size_t)ndims, sizeof *f->order);
  if (!f->importances || !f->order) return xp_error_memory(error, "the analysis");
  xp_status status = xp_importance_find(surrogate, f->importances, error);
  if (status == XP_OK) xp_importance_rank(f->importances, ndims, f->order);
  return status;
}

static xp_status find_losses(const xp_surrogate *surrogate, const xp_grid *a, const xp_grid *b, double **losses,
                             xp_error *error) {
  *losses = calloc((size_t)a->count * (size_t)(b ? b->count : 1), sizeof **losses);
  if (!*losses) return xp_error_memory(error, "the analysis");
  return xp_dependence_find(surrogate, a, b, *losses, error);
}

static xp_status find_dependence(xp_findings *f, const xp_surrogate *surrogate, xp_error *error) {
  size_t n = (size_t)f->shown;
  f->grids = calloc(n + 1, sizeof *f->grids);
  f->curves = calloc(n + 1, sizeof *f->curves);
  f->pairs = calloc(n * n + 1, sizeof *f->pairs);
  if (!f->grids || !f->curves || !f->pairs) return xp_error_memory(error, "the analysis");
  xp_status status = XP_OK;
  for (int k = 0; k < f->shown && status == XP_OK; ++k) {
    status = xp_grid_new(&f->grids[k], f->past->space, f->order[k], error);
    if (status == XP_OK) status = find_losses(surrogate, &f->grids[k], NULL, &f->curves[k], error);
  }
  for (int row = 0; row < f->shown; ++row)
    for (int column = 0; column < row && status == XP_OK; ++column)
      status = find_losses(surrogate, &f->grids[column], &f->grids[row], &f->pairs[row * f->shown + column], error);
  return status;
}

static int count_successes(const xp_past *past) {
  int successes = 0;
  for (int t = 0; t < past->count; ++t) successes += xp_past_counts(&past->trials[t]);
  return successes;
}

xp_status xp_findings_make(xp_findings *findings, const xp_past *past, const char *second, int shown, xp_error *error) {
  int ndims = xp_space_count(past->space);
  *findings = (xp_findings){.past = past, .second = second, .shown = shown < ndims ? shown : ndims};
  findings->modelled = ndims > 0 && count_successes(past) >= XP_SURROGATE_LEAST;
  xp_surrogate *surrogate = NULL;
  xp_status status = find_front(findings, error);
  if (status == XP_OK && findings->modelled) {
    status = xp_surrogate_new(&surrogate, past, error);
    if (status == XP_OK) status = find_importance(findings, surrogate, error);
    if (status == XP_OK) status = find_dependence(findings, surrogate, error);
  }
  xp_surrogate_free(surrogate);
  if (status != XP_OK) xp_findings_clear(findings);
  return status;
}

void xp_findings_clear(xp_findings *f) {
  for (int k = 0; k < f->shown && f->grids; ++k) xp_grid_clear(&f->grids[k]);
  for (int k = 0; k < f->shown && f->curves; ++k) free(f->curves[k]);
  for (int k = 0; k < f->shown * f->shown && f->pairs; ++k) free(f->pairs[k]);
  free(f->grids);
  free(f->curves);
  free(f->pairs);
  free(f->order);
  free(f->importances);
  free(f->front);
  *f = (xp_findings){0};
}
