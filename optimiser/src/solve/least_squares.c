/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/least_squares.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

xp_status xp_factor_copy(xp_factor *copy, const xp_factor *factor, xp_error *error) {
  xp_factor_init(copy, factor->columns, 0);
  xp_status status = xp_factor_merge(copy, factor, 1.0, error);
  return status == XP_OK ? xp_factor_triangulate(copy, error) : status;
}

/* The target column is scaled to 1 as well: it does not change the coefficients' ratios and keeps numbers in range. */
void xp_scale_columns(xp_factor *factor, double *norms) {
  int n = factor->columns;
  for (int c = 0; c < n; ++c) {
    double *column = factor->r + (size_t)c * (size_t)n;
    memset(column + c + 1, 0, (size_t)(n - c - 1) * sizeof *column);
    double norm = cblas_dnrm2(c + 1, column, 1);
    norms[c] = norm > 0.0 ? norm : 1.0;
    cblas_dscal(c + 1, 1.0 / norms[c], column, 1);
  }
}

xp_status xp_minimum_norm_solve(xp_minimum_norm *result, xp_factor *factor, const double *norms, double rcond,
                                double *coefficients, xp_error *error) {
  int n = factor->columns, m = n - 1, rank = 0;
  double *singular = calloc((size_t)n, sizeof *singular);
  if (!singular) return xp_error_memory(error, "the fit");
  double *target = factor->r + (size_t)m * (size_t)n;
  int info = m ? LAPACKE_dgelsd(LAPACK_COL_MAJOR, m, m, 1, factor->r, n, target, n, singular, rcond, &rank) : 0;
  *result = (xp_minimum_norm){.rank = rank, .condition = m ? singular[0] / singular[m - 1] : 1.0};
  free(singular);
  if (info == LAPACK_WORK_MEMORY_ERROR) return xp_error_memory(error, "the fit");
  if (info != 0) return xp_error_set(error, XP_ERROR_NUMERIC, "the singular values of the fit did not converge");
  for (int c = 0; c < m; ++c) {
    coefficients[c] = target[c] * norms[m] / norms[c];
    if (!isfinite(coefficients[c]))
      return xp_error_set(error, XP_ERROR_NUMERIC, "the fit gave a coefficient that is not a finite number");
  }
  return XP_OK;
}
