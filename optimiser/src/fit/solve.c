/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/least_squares.h"

static bool has_group(const xp_solve_request *request, int group) {
  return !request->used || request->used[group];
}

static xp_status stack(xp_factor *all, const xp_design *design, const xp_solve_request *request, xp_error *error) {
  xp_status status = XP_OK;
  for (int g = 0; g < design->ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES && status == XP_OK; ++type)
      if (has_group(request, g) && request->weights[g][type] > 0.0)
        status = xp_factor_merge(all, &design->factors[g][type], request->weights[g][type], error);
  if (status == XP_OK && all->total == 0)
    status = xp_error_set(error, XP_ERROR_RANGE, "no structure has a label with a weight above zero: nothing to fit");
  return status == XP_OK ? xp_factor_triangulate(all, error) : status;
}

static xp_status add_ridge(xp_factor *all, double ridge, xp_error *error) {
  int n = all->columns;
  double *row = calloc((size_t)n, sizeof *row);
  xp_status status = row ? XP_OK : xp_error_memory(error, "the fit");
  xp_factor penalty;
  xp_factor_init(&penalty, n, n - 1);
  for (int c = 0; c < n - 1 && status == XP_OK; ++c) {
    row[c] = sqrt(ridge);
    status = xp_factor_add(&penalty, row, 1, error);
    row[c] = 0.0;
  }
  if (status == XP_OK) status = xp_factor_merge(all, &penalty, 1.0, error);
  for (int c = 0; c < n && status == XP_OK; ++c)
    memset(all->r + (size_t)c * (size_t)n + c + 1, 0, (size_t)(n - c - 1) * sizeof *row);
  xp_factor_clear(&penalty);
  free(row);
  return status;
}

static xp_status find_residuals(xp_solution *solution, const xp_design *design, const xp_solve_request *request,
                                xp_error *error) {
  xp_status status = XP_OK;
  for (int type = 0; type < XP_ROW_TYPES; ++type) {
    double sum = 0.0;
    solution->rows[type] = 0;
    for (int g = 0; g < design->ngroups && status == XP_OK; ++g) {
      double square;
      if (!has_group(request, g)) continue;
      status = xp_factor_residual(&design->factors[g][type], solution->coefficients, &square, error);
      sum += square;
      solution->rows[type] += design->factors[g][type].total;
    }
    solution->rmse[type] = solution->rows[type] ? sqrt(sum / (double)solution->rows[type]) : NAN;
  }
  return status;
}

xp_status xp_solve(xp_solution *solution, const xp_design *design, const xp_solve_request *request, xp_error *error) {
  int columns = design->layout.columns;
  *solution = (xp_solution){.columns = columns};
  xp_factor all;
  xp_factor_init(&all, columns + 1, 0);
  double *norms = calloc((size_t)columns + 1, sizeof *norms);
  solution->coefficients = calloc((size_t)columns + 1, sizeof *solution->coefficients);
  xp_status status = norms && solution->coefficients ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK) status = stack(&all, design, request, error);
  if (status == XP_OK) {
    xp_scale_columns(&all, norms);
    if (request->ridge > 0.0) status = add_ridge(&all, request->ridge, error);
  }
  xp_minimum_norm found = {0};
  if (status == XP_OK)
    status = xp_minimum_norm_solve(&found, &all, norms, request->rcond, solution->coefficients, error);
  solution->rank = found.rank;
  solution->condition = found.condition;
  if (status == XP_OK) status = find_residuals(solution, design, request, error);
  xp_factor_clear(&all);
  free(norms);
  if (status != XP_OK) xp_solution_clear(solution);
  return status;
}

void xp_solution_clear(xp_solution *solution) {
  free(solution->coefficients);
  *solution = (xp_solution){0};
}
