/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/regression.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "solve/cholesky.h"
#include "solve/least_squares.h"
#include "solve/methods.h"

xp_regression_options xp_regression_defaults(xp_regression_method method, long rows) {
  return (xp_regression_options){.method = method, .rcond = 1e-13, .prune = 1e4, .rows = rows};
}

static xp_status new_numbers(double **numbers, size_t count, xp_error *error) {
  *numbers = calloc(count, sizeof **numbers);
  return *numbers ? XP_OK : xp_error_memory(error, "the fit");
}

/* penalty[n] in units of the columns' norms. */
static double effective_number(const double *penalty, const double *norms, const double *inverse_diagonal, int n) {
  double sum = n;
  for (int i = 0; i < n; ++i) sum -= penalty[i] / (norms[i] * norms[i]) * inverse_diagonal[i];
  return sum;
}

static bool has_zero_on_diagonal(const xp_factor *factor) {
  for (size_t i = 0; i + 1 < (size_t)factor->columns; ++i)
    if (factor->r[i * (size_t)factor->columns + i] == 0.0) return true;
  return false;
}

/* Adds the penalty and scales the columns; effective <- their number for a factor of full rank, negative without one.
 * work[n] */
static xp_status prepare_qr(xp_factor *all, double *norms, double *effective, const double *penalty, double *work,
                            xp_error *error) {
  int n = all->columns - 1;
  *effective = -1.0;
  for (int i = 0; penalty && i < n; ++i) work[i] = sqrt(penalty[i]);
  xp_status status = penalty ? xp_factor_add_diagonal(all, work, error) : XP_OK;
  if (status != XP_OK) return status;
  xp_scale_columns(all, norms);
  if (!penalty || has_zero_on_diagonal(all)) return XP_OK;
  status = xp_inverse_diagonal(work, all->r, all->columns, n, error);
  if (status == XP_OK) *effective = effective_number(penalty, norms, work, n);
  return status;
}

static xp_status solve_qr(xp_regression *g, const xp_factor *factor, const xp_regression_options *options,
                          xp_error *error) {
  xp_factor all = {0};
  double *norms = NULL, effective = -1.0;
  xp_minimum_norm found = {0};
  xp_status status = new_numbers(&norms, 2 * (size_t)factor->columns, error);
  if (status == XP_OK) status = xp_factor_copy(&all, factor, error);
  if (status == XP_OK) status = prepare_qr(&all, norms, &effective, options->penalty, norms + factor->columns, error);
  if (status == XP_OK) status = xp_minimum_norm_solve(&found, &all, norms, options->rcond, g->coefficients, error);
  g->rank = found.rank;
  g->condition = found.condition;
  g->effective = found.rank == g->n && effective >= 0.0 ? effective : found.rank;
  xp_factor_clear(&all);
  free(norms);
  return status;
}

/* matrix[n][n] <- R'R, b[n] <- R'z. */
static void square(const xp_factor *factor, double *matrix, double *b) {
  int columns = factor->columns, n = columns - 1;
  cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, n, n, 1.0, factor->r, columns, 0.0, matrix, n);
  cblas_dcopy(n, factor->r + (size_t)n * (size_t)columns, 1, b, 1);
  cblas_dtrmv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, factor->r, columns, b, 1);
}

static xp_status use_cholesky(xp_regression *g, const xp_cholesky *cholesky, const double *penalty, const double *norms,
                              double *work, xp_error *error) {
  int n = g->n;
  for (int i = 0; i < n; ++i) work[i] = g->coefficients[i];
  xp_cholesky_solve(cholesky, work);
  for (int i = 0; i < n; ++i) g->coefficients[i] = work[i] * norms[n] / norms[i];
  g->rank = n;
  g->condition = sqrt(cholesky->condition);
  g->jitter = cholesky->jitter;
  g->effective = n;
  if (!penalty && g->jitter == 0.0) return XP_OK;
  xp_status status = xp_cholesky_inverse_diagonal(cholesky, work, error);
  for (int i = 0; i < n && status == XP_OK; ++i) {
    double added = (penalty ? penalty[i] / (norms[i] * norms[i]) : 0.0) +
                   cholesky->jitter * cholesky->scales[i] * cholesky->scales[i];
    g->effective -= added * work[i];
  }
  return status;
}

static xp_status solve_cholesky(xp_regression *g, const xp_factor *factor, const xp_regression_options *options,
                                xp_error *error) {
  size_t n = (size_t)g->n;
  xp_factor all = {0};
  xp_cholesky cholesky = {0};
  double *norms = NULL, *matrix = NULL;
  xp_status status = new_numbers(&norms, 2 * (n + 1), error);
  if (status == XP_OK) status = new_numbers(&matrix, n * n + 1, error);
  if (status == XP_OK) status = xp_factor_copy(&all, factor, error);
  if (status == XP_OK && n) {
    xp_scale_columns(&all, norms);
    square(&all, matrix, g->coefficients);
    for (size_t i = 0; options->penalty && i < n; ++i) matrix[i * n + i] += options->penalty[i] / (norms[i] * norms[i]);
    status = xp_cholesky_make(&cholesky, matrix, g->n, options->rcond, error);
  }
  if (status == XP_OK) status = use_cholesky(g, &cholesky, options->penalty, norms, norms + n + 1, error);
  xp_cholesky_clear(&cholesky);
  xp_factor_clear(&all);
  free(matrix);
  free(norms);
  return status;
}

static xp_status solve_bayesian(xp_regression *g, const xp_factor *factor, const xp_regression_options *options,
                                xp_error *error) {
  xp_masked masked;
  xp_precisions precisions;
  double *y = NULL;
  xp_status status = xp_masked_make(&masked, factor, options->unpenalised, error);
  if (status == XP_OK) status = new_numbers(&y, (size_t)masked.count + 1, error);
  if (status == XP_OK && options->rows <= masked.nfree)
    status = xp_error_set(error, XP_ERROR_RANGE,
                          "%ld rows are not enough to estimate the noise beside %d coefficients without a penalty",
                          options->rows, masked.nfree);
  if (status == XP_OK) status = xp_evidence_maximise(g, &precisions, &masked, y, options, error);
  if (status == XP_OK && options->method == XP_REGRESSION_ARD)
    status = xp_ard_maximise(g, &precisions, &masked, y, options, error);
  if (status == XP_OK) xp_masked_finish(&masked, y, g->coefficients);
  xp_masked_clear(&masked);
  free(y);
  return status;
}

/* The Bayesian methods have set the noise themselves. */
static xp_status finish(xp_regression *g, const xp_factor *factor, const xp_regression_options *options,
                        xp_error *error) {
  for (int i = 0; i < g->n; ++i)
    if (!isfinite(g->coefficients[i]))
      return xp_error_set(error, XP_ERROR_NUMERIC, "the fit gave a coefficient that is not a finite number");
  xp_status status = xp_factor_residual(factor, g->coefficients, &g->residual, error);
  double freedom = (double)options->rows - g->effective;
  if (isnan(g->noise_variance) && freedom > 0.0) g->noise_variance = g->residual / freedom;
  return status;
}

xp_status xp_regression_solve(xp_regression *g, const xp_factor *factor, const xp_regression_options *options,
                              xp_error *error) {
  *g = (xp_regression){.n = factor->columns - 1, .noise_variance = NAN, .log_evidence = NAN};
  xp_status status = new_numbers(&g->coefficients, (size_t)factor->columns, error);
  if (status == XP_OK) {
    switch (options->method) {
    case XP_REGRESSION_QR:
      status = solve_qr(g, factor, options, error);
      break;
    case XP_REGRESSION_CHOLESKY:
      status = solve_cholesky(g, factor, options, error);
      break;
    case XP_REGRESSION_EVIDENCE:
    case XP_REGRESSION_ARD:
      status = solve_bayesian(g, factor, options, error);
      break;
    }
  }
  if (status == XP_OK) status = finish(g, factor, options, error);
  if (status != XP_OK) xp_regression_clear(g);
  return status;
}

void xp_regression_clear(xp_regression *g) {
  free(g->coefficients);
  *g = (xp_regression){0};
}
