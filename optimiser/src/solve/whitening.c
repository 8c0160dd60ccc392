/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/whitening.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "fit/factor.h"

/* A diagonal number that is nothing but rounding of its column would make U^-1 meaningless. */
static xp_status check_diagonal(const xp_whitening *w, xp_error *error) {
  for (size_t i = 0, n = (size_t)w->n; i < n; ++i) {
    double number = fabs(w->u[i + (n + 1) * i]), norm = cblas_dnrm2((int)i + 1, w->u + (n + 1) * i, 1);
    if (!(number > DBL_EPSILON * norm) || !isfinite(norm))
      return xp_error_set(
          error, XP_ERROR_NUMERIC,
          "column %zu of %zu of the matrix to whiten depends on those before it or is not finite: use a "
          "larger damping",
          i + 1, n);
  }
  return XP_OK;
}

/* A factor with a target of zeros, so that the rows of the damping can be added. */
static xp_status damp(xp_factor *stacked, double lambda, const double *scales, xp_error *error) {
  int n = stacked->columns - 1;
  double *diagonal = malloc((size_t)n * sizeof *diagonal);
  if (!diagonal) return xp_error_memory(error, "the whitening");
  for (int i = 0; i < n; ++i) diagonal[i] = sqrt(lambda) * scales[i];
  xp_status status = xp_factor_add_diagonal(stacked, diagonal, error);
  free(diagonal);
  return status;
}

xp_status xp_whitening_make(xp_whitening *w, const double *r, int stride, int n, double lambda, const double *scales,
                            xp_error *error) {
  xp_factor stacked;
  xp_factor_init(&stacked, n + 1, 0);
  xp_status status = xp_factor_triangulate(&stacked, error);
  if (status == XP_OK && n) {
    LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'U', n, n, r, stride, stacked.r, n + 1);
    if (lambda > 0.0) status = damp(&stacked, lambda, scales, error);
  }
  *w = (xp_whitening){.n = n, .u = stacked.r};
  stacked.r = NULL;
  xp_factor_clear(&stacked);
  if (status == XP_OK) status = check_diagonal(w, error);
  if (status != XP_OK) xp_whitening_clear(w);
  return status;
}

void xp_whitening_clear(xp_whitening *w) {
  free(w->u);
  *w = (xp_whitening){0};
}

static void solve(const xp_whitening *w, CBLAS_TRANSPOSE transpose, double *v) {
  if (w->n) cblas_dtrsv(CblasColMajor, CblasUpper, transpose, CblasNonUnit, w->n, w->u, w->n + 1, v, 1);
}

void xp_whitening_apply(const xp_whitening *w, double *v) {
  solve(w, CblasNoTrans, v);
}

void xp_whitening_apply_transposed(const xp_whitening *w, double *v) {
  solve(w, CblasTrans, v);
}
