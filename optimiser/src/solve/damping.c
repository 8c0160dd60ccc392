/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "solve/damping.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "solve/least_squares.h"
#include "solve/whitening.h"

static const double GROWTH = 2.0, SHRINK_MOST = 1.0 / 3.0;

/* The optimum has R'(R x + z) = -lambda D^2 x, so that |z|^2 - |R x + z|^2 = |R x|^2 + 2 lambda |D x|^2. work[n] */
static double predict(const double *step, const xp_factor *factor, double lambda, const double *scales, double *work) {
  int n = factor->columns - 1;
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    work[i] = step[i];
    sum += 2.0 * lambda * scales[i] * scales[i] * step[i] * step[i];
  }
  cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, factor->r, n + 1, work, 1);
  return sum + cblas_ddot(n, work, 1, work, 1);
}

/* The target column of the stacked factor is Q'z. work[n] */
static xp_status solve(double *step, xp_factor *stacked, double lambda, const double *scales, double *work,
                       xp_error *error) {
  int n = stacked->columns - 1;
  xp_whitening whitening;
  for (int i = 0; i < n; ++i) work[i] = sqrt(lambda) * scales[i];
  xp_status status = lambda > 0.0 ? xp_factor_add_diagonal(stacked, work, error) : XP_OK;
  if (status == XP_OK) status = xp_whitening_make(&whitening, stacked->r, n + 1, n, 0.0, scales, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < n; ++i) step[i] = -stacked->r[(size_t)n * (size_t)(n + 1) + (size_t)i];
  xp_whitening_apply(&whitening, step);
  xp_whitening_clear(&whitening);
  return XP_OK;
}

xp_status xp_damped_step(double *step, double *predicted, const xp_factor *factor, double lambda, const double *scales,
                         xp_error *error) {
  int n = factor->columns - 1;
  *predicted = 0.0;
  if (n == 0) return XP_OK;
  xp_factor jacobian = {0}, stacked = {0};
  double *work = malloc((size_t)n * sizeof *work);
  xp_status status = work ? xp_factor_copy(&jacobian, factor, error) : xp_error_memory(error, "the step");
  if (status == XP_OK) status = xp_factor_copy(&stacked, &jacobian, error);
  if (status == XP_OK) status = solve(step, &stacked, lambda, scales, work, error);
  if (status == XP_OK) *predicted = predict(step, &jacobian, lambda, scales, work);
  xp_factor_clear(&jacobian);
  xp_factor_clear(&stacked);
  free(work);
  return status;
}

xp_damping xp_damping_start(double lambda) {
  return (xp_damping){.lambda = lambda, .growth = GROWTH};
}

bool xp_damping_update(xp_damping *damping, double decrease, double predicted) {
  if (!(decrease > 0.0)) {
    damping->lambda *= damping->growth;
    damping->growth *= GROWTH;
    return false;
  }
  double excess = 2.0 * decrease / predicted - 1.0;
  damping->lambda *= fmax(SHRINK_MOST, 1.0 - excess * excess * excess);
  damping->growth = GROWTH;
  return true;
}
