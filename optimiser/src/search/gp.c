/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/gp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

static const double SQRT3 = 1.73205080756887729353;
static const double SQRT5 = 2.23606797749978969641;
static const double LOG_2PI = 1.83787706640934548356;

/* Added to the diagonal, in parts of c: first try, growth, and where it would no longer be rounding. */
static const double JITTER_FIRST = 1e-10, JITTER_GROWTH = 10.0, JITTER_LAST = 1e-4;

/* Smallest predicted variance in parts of c: rounding can make it negative at an observation. */
static const double VARIANCE_FLOOR = 1e-14;

/* Queries predicted at a time: enough for the matrix kernels, few enough for the cache. */
enum { BLOCK = 128 };

/* First entries of theta; the lengths follow. */
enum { THETA_AMPLITUDE, THETA_NOISE, THETA_LENGTHS };

struct xp_gp {
  xp_kernel kernel;
  int npoints, ndims;
  double *columns; /* coordinates [ndims][npoints]: loops run over points */
  double *given;   /* targets as they were given [npoints] */
  double *targets; /* less the mean [npoints] */
  bool *nominal;   /* [ndims] */
  double mean, mean_deviation;
  double amplitude;
  double addition;        /* noise and jitter on the diagonal */
  double *inverse_square; /* 1/l_d^2 [ndims] */
  double *factor;         /* lower Cholesky factor L of the covariance, row-major [npoints][npoints] */
  double *inverse;        /* of the covariance, lower triangle; workspace of the gradient */
  double *slopes;         /* slopes of the kernel of each pair, lower triangle, from the last condition */
  double *whitened;       /* L^-1 targets [npoints] */
  double *weights;        /* covariance^-1 targets [npoints] */
  double *solved;         /* workspace of a query [npoints] */
  double *query_slopes;   /* as slopes, of a query [npoints] */
};

static double *numbers(size_t count) {
  return calloc(count, sizeof(double));
}

static xp_status allocate(xp_gp **gp, xp_kernel kernel, int npoints, int ndims, xp_error *error) {
  size_t n = (size_t)npoints, d = (size_t)ndims;
  xp_gp *made = calloc(1, sizeof *made);
  *gp = NULL;
  if (!made) return xp_error_memory(error, "the Gaussian process");
  *made = (xp_gp){.kernel = kernel,
                  .npoints = npoints,
                  .ndims = ndims,
                  .columns = numbers(n * d),
                  .given = numbers(n),
                  .targets = numbers(n),
                  .nominal = calloc(d, sizeof *made->nominal),
                  .inverse_square = numbers(d),
                  .factor = numbers(n * n),
                  .inverse = numbers(n * n),
                  .slopes = numbers(n * n),
                  .whitened = numbers(n),
                  .weights = numbers(n),
                  .solved = numbers(n),
                  .query_slopes = numbers(n)};
  *gp = made;
  if (made->columns && made->given && made->targets && made->nominal && made->inverse_square && made->factor &&
      made->inverse && made->slopes && made->whitened && made->weights && made->solved && made->query_slopes)
    return XP_OK;
  xp_gp_free(made);
  *gp = NULL;
  return xp_error_memory(error, "the Gaussian process");
}

xp_status xp_gp_new(xp_gp **gp, xp_kernel kernel, int npoints, int ndims, const double *coords, const bool *nominal,
                    const double *targets, xp_error *error) {
  xp_status status = allocate(gp, kernel, npoints, ndims, error);
  if (status != XP_OK) return status;
  for (int d = 0; d < ndims; ++d)
    for (int i = 0; i < npoints; ++i) (*gp)->columns[d * npoints + i] = coords[i * ndims + d];
  memcpy((*gp)->given, targets, (size_t)npoints * sizeof *targets);
  memcpy((*gp)->targets, targets, (size_t)npoints * sizeof *targets);
  memcpy((*gp)->nominal, nominal, (size_t)ndims * sizeof *nominal);
  return XP_OK;
}

xp_status xp_gp_select(const xp_gp *gp, int count, const int *indices, xp_gp **selected, xp_error *error) {
  xp_status status = allocate(selected, gp->kernel, count, gp->ndims, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < count; ++i) {
    (*selected)->given[i] = (*selected)->targets[i] = gp->given[indices[i]];
    for (int d = 0; d < gp->ndims; ++d) (*selected)->columns[d * count + i] = gp->columns[d * gp->npoints + indices[i]];
  }
  memcpy((*selected)->nominal, gp->nominal, (size_t)gp->ndims * sizeof *gp->nominal);
  (*selected)->mean_deviation = gp->mean_deviation;
  return XP_OK;
}

void xp_gp_free(xp_gp *gp) {
  if (!gp) return;
  free(gp->columns);
  free(gp->given);
  free(gp->targets);
  free(gp->nominal);
  free(gp->inverse_square);
  free(gp->factor);
  free(gp->inverse);
  free(gp->slopes);
  free(gp->whitened);
  free(gp->weights);
  free(gp->solved);
  free(gp->query_slopes);
  free(gp);
}

void xp_gp_set_mean_deviation(xp_gp *gp, double deviation) {
  gp->mean_deviation = deviation;
}

int xp_gp_count_points(const xp_gp *gp) {
  return gp->npoints;
}

int xp_gp_count_parameters(const xp_gp *gp) {
  return gp->ndims + THETA_LENGTHS;
}

double xp_gp_amplitude(const xp_gp *gp) {
  return gp->amplitude;
}

const double *xp_gp_whitened(const xp_gp *gp) {
  return gp->whitened;
}

const double *xp_gp_targets(const xp_gp *gp) {
  return gp->targets;
}

/* ---- kernel ---- */

/* M and its slope g = -M'(r)/r, so that dM/dx_d = -g (x_d - x'_d)/l_d^2 and dM/d(ln l_d) = g (x_d - x'_d)^2/l_d^2. Matern
 * 1/2 has a kink at r = 0, where the mean of the slopes of its sides is given: 0. */
static inline double matern(xp_kernel kernel, double square, double *slope) {
  double r = sqrt(square);
  if (kernel == XP_KERNEL_MATERN12) {
    double decay = exp(-r);
    *slope = r > 0.0 ? decay / r : 0.0;
    return decay;
  }
  if (kernel == XP_KERNEL_MATERN32) {
    double decay = exp(-SQRT3 * r);
    *slope = 3.0 * decay;
    return (1.0 + SQRT3 * r) * decay;
  }
  double distance = SQRT5 * r, decay = exp(-distance);
  *slope = 5.0 / 3.0 * (1.0 + distance) * decay;
  return (1.0 + distance + distance * distance / 3.0) * decay;
}

/* Squares of the differences in one dimension of the first count points from x, before the length, times factor, added. */
static void add_squares(const xp_gp *gp, int dim, double x, double factor, int count, double *restrict sums) {
  const double *restrict column = gp->columns + (size_t)dim * (size_t)gp->npoints;
  if (gp->nominal[dim])
    for (int i = 0; i < count; ++i) sums[i] += column[i] != x ? factor : 0.0;
  else
    for (int i = 0; i < count; ++i) sums[i] += factor * (column[i] - x) * (column[i] - x);
}

/* Covariance without noise of x (coordinate d at x[d * stride]) with the first count points, and the slopes. */
static void kernel_row(const xp_gp *gp, const double *x, int stride, int count, double *covariance, double *slopes) {
  for (int i = 0; i < count; ++i) covariance[i] = 0.0;
  for (int d = 0; d < gp->ndims; ++d)
    add_squares(gp, d, x[(size_t)d * (size_t)stride], gp->inverse_square[d], count, covariance);
  for (int i = 0; i < count; ++i) {
    double slope;
    covariance[i] = gp->amplitude * matern(gp->kernel, covariance[i], &slope);
    slopes[i] = gp->amplitude * slope;
  }
}

/* ---- likelihood ---- */

/* The covariance matrix (lower triangle) with addition on its diagonal, into factor, and its Cholesky factor: a row-major
 * lower triangle is LAPACK's column-major upper one, so nothing is copied. */
static int factorise(xp_gp *gp) {
  int n = gp->npoints;
  for (int i = 0; i < n; ++i) {
    kernel_row(gp, gp->columns + i, n, i, gp->factor + (size_t)i * n, gp->slopes + (size_t)i * n);
    gp->factor[(size_t)i * n + i] = gp->amplitude + gp->addition;
  }
  return LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', n, gp->factor, n);
}

/* The most likely mean m: with V = L^-1, that of 1/2 |V (y - m 1)|^2 + 1/2 m^2/deviation^2 least. whitened is V y, and then
 * V (y - m 1). */
static void take_off_mean(xp_gp *gp) {
  int n = gp->npoints;
  double precision = 1.0 / (gp->mean_deviation * gp->mean_deviation);
  double *ones = gp->weights; /* made anew after this */
  for (int i = 0; i < n; ++i) ones[i] = 1.0;
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, ones, 1);
  gp->mean = cblas_ddot(n, ones, 1, gp->whitened, 1) / (cblas_ddot(n, ones, 1, ones, 1) + precision);
  cblas_daxpy(n, -gp->mean, ones, 1, gp->whitened, 1);
  for (int i = 0; i < n; ++i) gp->targets[i] = gp->given[i] - gp->mean;
}

xp_status xp_gp_condition(xp_gp *gp, const double *theta, xp_error *error) {
  int n = gp->npoints;
  gp->amplitude = exp(theta[THETA_AMPLITUDE]);
  for (int d = 0; d < gp->ndims; ++d) gp->inverse_square[d] = exp(-2.0 * theta[THETA_LENGTHS + d]);
  double noise = exp(theta[THETA_NOISE]), jitter = JITTER_FIRST;
  gp->addition = noise + jitter * gp->amplitude;
  while (factorise(gp) != 0) {
    jitter *= JITTER_GROWTH;
    gp->addition = noise + jitter * gp->amplitude;
    if (jitter > JITTER_LAST)
      return xp_error_set(error, XP_ERROR_NUMERIC,
                          "the covariance matrix of %d trials is not positive definite; report this with the journal",
                          n);
  }
  memcpy(gp->whitened, gp->given, (size_t)n * sizeof *gp->given);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, gp->whitened, 1);
  if (gp->mean_deviation > 0.0) take_off_mean(gp);
  memcpy(gp->weights, gp->whitened, (size_t)n * sizeof *gp->weights);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, n, gp->factor, n, gp->weights, 1);
  return XP_OK;
}

/* sum over pairs i > j of pairs_ij times the square of their difference in one dimension */
static double sum_squares(const xp_gp *gp, int dim, const double *pairs) {
  int n = gp->npoints;
  const double *column = gp->columns + (size_t)dim * n;
  double sum = 0.0;
  for (int i = 1; i < n; ++i) {
    const double *row = pairs + (size_t)i * n;
    double x = column[i];
    double part = 0.0;
    if (gp->nominal[dim]) {
#pragma omp simd reduction(+ : part)
      for (int j = 0; j < i; ++j) part += column[j] != x ? row[j] : 0.0;
    } else {
#pragma omp simd reduction(+ : part)
      for (int j = 0; j < i; ++j) part += row[j] * (column[j] - x) * (column[j] - x);
    }
    sum += part;
  }
  return sum;
}

/* 1/2 tr[(w w^T - K^-1) dK/dtheta] for every parameter, from the factor of K. */
static void likelihood_gradient(xp_gp *gp, const double *theta, double *gradient) {
  int n = gp->npoints;
  memcpy(gp->inverse, gp->factor, (size_t)n * (size_t)n * sizeof *gp->inverse);
  LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', n, gp->inverse, n);
  double trace = 0.0, fit = 0.0;
  for (int i = 0; i < n; ++i) {
    trace += gp->weights[i] * gp->weights[i] - gp->inverse[(size_t)i * n + i];
    fit += gp->weights[i] * gp->targets[i];
  }
  /* K = c M + s2 I, so tr[(w w^T - K^-1) c M] = w.y - n - s2 tr(...) */
  double noise = exp(theta[THETA_NOISE]);
  gradient[THETA_NOISE] = 0.5 * noise * trace;
  gradient[THETA_AMPLITUDE] = 0.5 * (fit - n) - gradient[THETA_NOISE];
  for (int i = 0; i < n; ++i) {
    double *row = gp->inverse + (size_t)i * n;
    const double *slopes = gp->slopes + (size_t)i * n;
    for (int j = 0; j < i; ++j) row[j] = (gp->weights[i] * gp->weights[j] - row[j]) * slopes[j];
  }
  for (int d = 0; d < gp->ndims; ++d)
    gradient[THETA_LENGTHS + d] = sum_squares(gp, d, gp->inverse) * gp->inverse_square[d];
}

xp_status xp_gp_likelihood(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error) {
  xp_status status = xp_gp_condition(gp, theta, error);
  if (status != XP_OK) return status;
  int n = gp->npoints;
  double sum = -0.5 * n * LOG_2PI;
  for (int i = 0; i < n; ++i) sum -= 0.5 * gp->weights[i] * gp->targets[i] + log(gp->factor[(size_t)i * n + i]);
  if (gp->mean_deviation > 0.0) sum -= 0.5 * gp->mean * gp->mean / (gp->mean_deviation * gp->mean_deviation);
  *value = sum;
  if (gradient) likelihood_gradient(gp, theta, gradient);
  return XP_OK;
}

/* ---- predictions ---- */

/* sum_i amounts_i dk(x, x_i)/dx_d for a query x, with query_slopes of xp_gp_predict. */
static void query_gradient(const xp_gp *gp, const double *coords, const double *amounts, double *gradient) {
  for (int d = 0; d < gp->ndims; ++d) {
    const double *column = gp->columns + (size_t)d * (size_t)gp->npoints;
    double sum = 0.0;
    gradient[d] = 0.0;
    if (gp->nominal[d]) continue;
    for (int i = 0; i < gp->npoints; ++i) sum += amounts[i] * gp->query_slopes[i] * (coords[d] - column[i]);
    gradient[d] = -sum * gp->inverse_square[d];
  }
}

static double deviation_of(const xp_gp *gp, const double *row) {
  double variance = gp->amplitude - cblas_ddot(gp->npoints, row, 1, row, 1);
  return sqrt(fmax(variance, VARIANCE_FLOOR * gp->amplitude));
}

void xp_gp_predict(xp_gp *gp, const double *coords, double *mean, double *deviation, double *mean_gradient,
                   double *deviation_gradient) {
  int n = gp->npoints;
  kernel_row(gp, coords, 1, n, gp->solved, gp->query_slopes);
  *mean = gp->mean + cblas_ddot(n, gp->solved, 1, gp->weights, 1);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, gp->solved, 1);
  *deviation = deviation_of(gp, gp->solved);
  if (mean_gradient) query_gradient(gp, coords, gp->weights, mean_gradient);
  if (!deviation_gradient) return;
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, n, gp->factor, n, gp->solved, 1);
  query_gradient(gp, coords, gp->solved, deviation_gradient);
  for (int d = 0; d < gp->ndims; ++d) deviation_gradient[d] /= -*deviation;
}

void xp_gp_whiten(xp_gp *gp, int count, const double *coords, double *rows) {
  int n = gp->npoints;
  for (int i = 0; i < count; ++i)
    kernel_row(gp, coords + (size_t)i * (size_t)gp->ndims, 1, n, rows + (size_t)i * n, gp->query_slopes);
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, count, n, 1.0, gp->factor, n, rows, n);
}

xp_status xp_gp_predict_many(xp_gp *gp, int count, const double *coords, double *means, double *deviations,
                             xp_error *error) {
  size_t n = (size_t)gp->npoints;
  double *rows = malloc(BLOCK * n * sizeof *rows);
  if (!rows) return xp_error_memory(error, "the predictions of the model");
  for (int first = 0; first < count; first += BLOCK) {
    int block = count - first < BLOCK ? count - first : BLOCK;
    xp_gp_whiten(gp, block, coords + (size_t)first * (size_t)gp->ndims, rows);
    for (int i = 0; i < block; ++i) {
      means[first + i] = gp->mean + cblas_ddot(gp->npoints, rows + (size_t)i * n, 1, gp->whitened, 1);
      deviations[first + i] = deviation_of(gp, rows + (size_t)i * n);
    }
  }
  free(rows);
  return XP_OK;
}

/* K w = targets with the addition on K's diagonal, so without it K w = targets - addition w. */
void xp_gp_fitted(const xp_gp *gp, double *means) {
  for (int i = 0; i < gp->npoints; ++i) means[i] = gp->given[i] - gp->addition * gp->weights[i];
}

void xp_gp_add_squares(const xp_gp *gp, int dim, double coord, double *squares) {
  add_squares(gp, dim, coord, gp->inverse_square[dim], gp->npoints, squares);
}

double xp_gp_mean(const xp_gp *gp, const double *squares) {
  double sum = 0.0, slope;
  for (int i = 0; i < gp->npoints; ++i) sum += gp->weights[i] * matern(gp->kernel, squares[i], &slope);
  return gp->mean + gp->amplitude * sum;
}
