/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/cholesky.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first is about what rounding takes from a diagonal of 1; beyond the last the solution would be another one. */
static const double JITTER_FIRST = 10.0 * DBL_EPSILON, JITTER_STEP = 100.0, JITTER_LAST = 1e-3;

static void find_scales(xp_cholesky *c, const double *matrix) {
  for (int i = 0; i < c->n; ++i) {
    double diagonal = matrix[(size_t)i * (size_t)c->n + (size_t)i];
    c->scales[i] = diagonal > 0.0 ? sqrt(diagonal) : 1.0;
  }
}

/* A row of zeros gets the diagonal 1, which gives it the solution 0. */
static void scaled_copy(xp_cholesky *c, const double *matrix, double jitter) {
  size_t n = (size_t)c->n;
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = 0; i < j; ++i) c->factor[i + n * j] = matrix[i + n * j] / (c->scales[i] * c->scales[j]);
    c->factor[j + n * j] = 1.0 + jitter;
  }
}

/* reciprocal <- 0 when there is no factor. */
static xp_status try_jitter(xp_cholesky *c, const double *matrix, double jitter, double *reciprocal, xp_error *error) {
  *reciprocal = 0.0;
  scaled_copy(c, matrix, jitter);
  double norm = LAPACKE_dlansy(LAPACK_COL_MAJOR, '1', 'U', c->n, c->factor, c->n);
  if (!isfinite(norm))
    return xp_error_set(error, XP_ERROR_NUMERIC, "the normal matrix has an entry that is not finite");
  if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', c->n, c->factor, c->n) != 0) return XP_OK;
  int info = LAPACKE_dpocon(LAPACK_COL_MAJOR, 'U', c->n, c->factor, c->n, norm, reciprocal);
  return info == LAPACK_WORK_MEMORY_ERROR ? xp_error_memory(error, "the fit") : XP_OK;
}

static xp_status find_jitter(xp_cholesky *c, const double *matrix, double rcond, xp_error *error) {
  double reciprocal = 0.0;
  for (double jitter = 0.0; jitter <= JITTER_LAST; jitter = jitter > 0.0 ? jitter * JITTER_STEP : JITTER_FIRST) {
    xp_status status = try_jitter(c, matrix, jitter, &reciprocal, error);
    if (status != XP_OK) return status;
    if (reciprocal > 0.0 && reciprocal >= rcond) {
      c->jitter = jitter;
      c->condition = 1.0 / reciprocal;
      return XP_OK;
    }
  }
  return xp_error_set(error, XP_ERROR_NUMERIC,
                      "the normal matrix of %d columns has a reciprocal condition of %g, expected %g at least: use the "
                      "QR method or a larger penalty",
                      c->n, reciprocal, rcond);
}

xp_status xp_cholesky_make(xp_cholesky *c, const double *matrix, int n, double rcond, xp_error *error) {
  *c = (xp_cholesky){.n = n, .condition = 1.0};
  if (n == 0) return XP_OK;
  c->factor = calloc((size_t)n * (size_t)n, sizeof *c->factor);
  c->scales = calloc((size_t)n, sizeof *c->scales);
  if (!c->factor || !c->scales) return xp_error_memory(error, "the fit");
  find_scales(c, matrix);
  return find_jitter(c, matrix, rcond, error);
}

void xp_cholesky_clear(xp_cholesky *c) {
  free(c->factor);
  free(c->scales);
  *c = (xp_cholesky){0};
}

void xp_cholesky_solve(const xp_cholesky *c, double *b) {
  for (int i = 0; i < c->n; ++i) b[i] /= c->scales[i];
  if (c->n) {
    cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, c->n, c->factor, c->n, b, 1);
    cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, c->n, c->factor, c->n, b, 1);
  }
  for (int i = 0; i < c->n; ++i) b[i] /= c->scales[i];
}

double xp_cholesky_log_determinant(const xp_cholesky *c) {
  double sum = 0.0;
  for (size_t i = 0; i < (size_t)c->n; ++i) sum += 2.0 * log(c->factor[i * (size_t)c->n + i] * c->scales[i]);
  return sum;
}

xp_status xp_cholesky_inverse_diagonal(const xp_cholesky *c, double *diagonal, xp_error *error) {
  xp_status status = xp_inverse_diagonal(diagonal, c->factor, c->n, c->n, error);
  for (int i = 0; i < c->n && status == XP_OK; ++i) diagonal[i] /= c->scales[i] * c->scales[i];
  return status;
}

xp_status xp_inverse_diagonal(double *diagonal, const double *u, int stride, int n, xp_error *error) {
  if (n == 0) return XP_OK;
  double *inverse = malloc((size_t)n * (size_t)n * sizeof *inverse);
  if (!inverse) return xp_error_memory(error, "the fit");
  LAPACKE_dlacpy(LAPACK_COL_MAJOR, 'U', n, n, u, stride, inverse, n);
  LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'U', 'N', n, inverse, n);
  memset(diagonal, 0, (size_t)n * sizeof *diagonal);
  for (size_t j = 0; j < (size_t)n; ++j)
    for (size_t i = 0; i <= j; ++i) diagonal[i] += inverse[i + (size_t)n * j] * inverse[i + (size_t)n * j];
  free(inverse);
  return XP_OK;
}
