/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit/normal_solve.h"
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

/* squares[ngroups][XP_ROW_TYPES] of the residuals of each group's rows. */
static xp_status find_squares(double (*squares)[XP_ROW_TYPES], const xp_solution *solution, const xp_design *design,
                              const xp_solve_request *request, xp_error *error) {
  xp_error first = {0};
#pragma omp parallel for schedule(dynamic) num_threads(request->threads)
  for (int part = 0; part < design->ngroups * XP_ROW_TYPES; ++part) {
    int g = part / XP_ROW_TYPES, type = part % XP_ROW_TYPES;
    xp_error own = {0};
    if (has_group(request, g))
      xp_factor_residual(&design->factors[g][type], solution->coefficients, &squares[g][type], &own);
#pragma omp critical(xp_solve)
    if (own.status != XP_OK) first = own;
  }
  return first.status == XP_OK ? XP_OK : xp_error_set(error, first.status, "%s", first.message);
}

static xp_status find_residuals(xp_solution *solution, const xp_design *design, const xp_solve_request *request,
                                xp_error *error) {
  double(*squares)[XP_ROW_TYPES] = calloc((size_t)design->ngroups, sizeof *squares);
  if (!squares) return xp_error_memory(error, "the fit");
  xp_status status = find_squares(squares, solution, design, request, error);
  for (int type = 0; type < XP_ROW_TYPES; ++type) {
    double sum = 0.0;
    solution->rows[type] = 0;
    for (int g = 0; g < design->ngroups; ++g) {
      if (!has_group(request, g)) continue;
      sum += squares[g][type];
      solution->rows[type] += design->factors[g][type].total;
    }
    solution->rmse[type] = solution->rows[type] ? sqrt(sum / (double)solution->rows[type]) : NAN;
  }
  free(squares);
  return status;
}

/* By singular values, which say what the rows determine. */
static xp_status solve_stacked(xp_solution *solution, const xp_design *design, const xp_solve_request *request,
                               xp_error *error) {
  xp_factor all;
  xp_minimum_norm found = {0};
  xp_factor_init(&all, solution->columns + 1, 0);
  double *norms = calloc((size_t)solution->columns + 1, sizeof *norms);
  xp_status status = norms ? stack(&all, design, request, error) : xp_error_memory(error, "the fit");
  if (status == XP_OK) {
    xp_scale_columns(&all, norms);
    if (request->ridge > 0.0) status = add_ridge(&all, request->ridge, error);
  }
  if (status == XP_OK)
    status = xp_minimum_norm_solve(&found, &all, norms, request->rcond, solution->coefficients, error);
  solution->rank = found.rank;
  solution->condition = found.condition;
  xp_factor_clear(&all);
  free(norms);
  return status;
}

static xp_status check_finite(const xp_solution *solution, xp_error *error) {
  for (int c = 0; c < solution->columns; ++c)
    if (!isfinite(solution->coefficients[c]))
      return xp_error_set(error, XP_ERROR_NUMERIC, "the fit gave a coefficient that is not a finite number");
  return XP_OK;
}

xp_status xp_solve(xp_solution *solution, const xp_design *design, const xp_solve_request *request, xp_error *error) {
  int columns = design->layout.columns;
  bool solved = false;
  *solution = (xp_solution){.columns = columns, .rank = columns};
  solution->coefficients = calloc((size_t)columns + 1, sizeof *solution->coefficients);
  xp_status status = solution->coefficients ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK && design->normal)
    status = xp_normal_solve(design->normal, request, solution->coefficients, &solution->condition, &solved, error);
  if (status == XP_OK && !solved) status = solve_stacked(solution, design, request, error);
  if (status == XP_OK) status = check_finite(solution, error);
  if (status == XP_OK) status = find_residuals(solution, design, request, error);
  if (status != XP_OK) xp_solution_clear(solution);
  return status;
}

void xp_solution_clear(xp_solution *solution) {
  free(solution->coefficients);
  *solution = (xp_solution){0};
}
