/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/gp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

static const double SQRT5 = 2.23606797749978969641;
static const double LOG_2PI = 1.83787706640934548356;

/* Added to the diagonal, in parts of c: first try, growth, and where it would no longer be rounding. */
static const double JITTER_FIRST = 1e-10, JITTER_GROWTH = 10.0, JITTER_LAST = 1e-4;

/* Smallest predicted variance in parts of c: rounding can make it negative at an observation. */
static const double VARIANCE_FLOOR = 1e-14;

/* First entries of theta; the lengths follow. */
enum { THETA_AMPLITUDE, THETA_NOISE, THETA_LENGTHS };

struct xp_gp {
  int npoints, ndims;
  double *coords;  /* [npoints][ndims] */
  double *targets; /* [npoints] */
  bool *nominal;   /* [ndims] */
  double amplitude;
  double *inverse_square; /* 1/l_d^2 [ndims] */
  double *factor;         /* lower Cholesky factor of the covariance, row-major [npoints][npoints] */
  double *inverse;        /* its inverse, lower triangle; workspace of the gradient */
  double *slopes;         /* dk/d(r^2) * -2 of each pair, lower triangle, from the last condition */
  double *weights;        /* covariance^-1 targets [npoints] */
  double *covariance;     /* of a query with the points [npoints] */
  double *solved;         /* workspace of a query [npoints] */
  double *query_slopes;   /* as slopes, of a query [npoints] */
};

static double *numbers(size_t count) {
  return calloc(count, sizeof(double));
}

xp_status xp_gp_new(xp_gp **gp, int npoints, int ndims, const double *coords, const bool *nominal,
                    const double *targets, xp_error *error) {
  size_t n = (size_t)npoints, d = (size_t)ndims;
  xp_gp *made = calloc(1, sizeof *made);
  *gp = NULL;
  if (!made) return xp_error_memory(error, "the Gaussian process");
  *made = (xp_gp){.npoints = npoints,
                  .ndims = ndims,
                  .coords = numbers(n * d),
                  .targets = numbers(n),
                  .nominal = calloc(d, sizeof *nominal),
                  .inverse_square = numbers(d),
                  .factor = numbers(n * n),
                  .inverse = numbers(n * n),
                  .slopes = numbers(n * n),
                  .weights = numbers(n),
                  .covariance = numbers(n),
                  .solved = numbers(n),
                  .query_slopes = numbers(n)};
  if (!made->coords || !made->targets || !made->nominal || !made->inverse_square || !made->factor || !made->inverse ||
      !made->slopes || !made->weights || !made->covariance || !made->solved || !made->query_slopes) {
    xp_gp_free(made);
    return xp_error_memory(error, "the Gaussian process");
  }
  memcpy(made->coords, coords, n * d * sizeof *coords);
  memcpy(made->targets, targets, n * sizeof *targets);
  memcpy(made->nominal, nominal, d * sizeof *nominal);
  *gp = made;
  return XP_OK;
}

void xp_gp_free(xp_gp *gp) {
  if (!gp) return;
  free(gp->coords);
  free(gp->targets);
  free(gp->nominal);
  free(gp->inverse_square);
  free(gp->factor);
  free(gp->inverse);
  free(gp->slopes);
  free(gp->weights);
  free(gp->covariance);
  free(gp->solved);
  free(gp->query_slopes);
  free(gp);
}

int xp_gp_count_parameters(const xp_gp *gp) {
  return gp->ndims + THETA_LENGTHS;
}

/* Square of a difference in one dimension, before the length. */
static inline double square(const xp_gp *gp, int dim, double difference) {
  return gp->nominal[dim] ? difference != 0.0 : difference * difference;
}

static inline double square_difference(const xp_gp *gp, int dim, const double *a, const double *b) {
  return square(gp, dim, a[dim] - b[dim]);
}

/* Kernel without noise at the scaled distance sqrt5 r, but for its factor c exp(-sqrt5 r). */
static inline double polynomial(double distance) {
  return 1.0 + distance + distance * distance / 3.0;
}

/* Kernel without noise, and its slope g: dk/dx_d = -g (x_d - x'_d)/l_d^2 and dk/d(ln l_d) = g (x_d - x'_d)^2/l_d^2. */
static double kernel(const xp_gp *gp, const double *a, const double *b, double *slope) {
  double sum = 0.0;
  for (int d = 0; d < gp->ndims; ++d) sum += square_difference(gp, d, a, b) * gp->inverse_square[d];
  double distance = SQRT5 * sqrt(sum);
  double decay = gp->amplitude * exp(-distance);
  *slope = 5.0 / 3.0 * (1.0 + distance) * decay;
  return polynomial(distance) * decay;
}

/* The covariance matrix (lower triangle) with addition on its diagonal, into factor. */
static void fill_covariance(xp_gp *gp, double addition) {
  int n = gp->npoints;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < i; ++j)
      gp->factor[i * n + j] =
          kernel(gp, gp->coords + i * gp->ndims, gp->coords + j * gp->ndims, &gp->slopes[i * n + j]);
    gp->factor[i * n + i] = gp->amplitude + addition;
  }
}

/* A row-major lower triangle is LAPACK's column-major upper one: no copy. */
static int factorise(xp_gp *gp, double addition) {
  fill_covariance(gp, addition);
  return LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', gp->npoints, gp->factor, gp->npoints);
}

xp_status xp_gp_condition(xp_gp *gp, const double *theta, xp_error *error) {
  int n = gp->npoints;
  gp->amplitude = exp(theta[THETA_AMPLITUDE]);
  for (int d = 0; d < gp->ndims; ++d) gp->inverse_square[d] = exp(-2.0 * theta[THETA_LENGTHS + d]);
  double noise = exp(theta[THETA_NOISE]), jitter = JITTER_FIRST;
  while (factorise(gp, noise + jitter * gp->amplitude) != 0) {
    jitter *= JITTER_GROWTH;
    if (jitter > JITTER_LAST)
      return xp_error_set(error, XP_ERROR_NUMERIC,
                          "the covariance matrix of %d trials is not positive definite; report this with the journal",
                          n);
  }
  memcpy(gp->weights, gp->targets, (size_t)n * sizeof *gp->weights);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, gp->weights, 1);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, n, gp->factor, n, gp->weights, 1);
  return XP_OK;
}

/* 1/2 tr[(w w^T - K^-1) dK/dtheta] for every parameter, from the factor of K. */
static void likelihood_gradient(xp_gp *gp, const double *theta, double *gradient) {
  int n = gp->npoints;
  memcpy(gp->inverse, gp->factor, (size_t)n * (size_t)n * sizeof *gp->inverse);
  LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', n, gp->inverse, n);
  double trace = 0.0, fit = 0.0;
  for (int i = 0; i < n; ++i) {
    trace += gp->weights[i] * gp->weights[i] - gp->inverse[i * n + i];
    fit += gp->weights[i] * gp->targets[i];
  }
  /* K = c M + s2 I, so tr[(w w^T - K^-1) c M] = w.y - n - s2 tr(...) */
  double noise = exp(theta[THETA_NOISE]);
  gradient[THETA_NOISE] = 0.5 * noise * trace;
  gradient[THETA_AMPLITUDE] = 0.5 * (fit - n) - gradient[THETA_NOISE];
  double *by_length = gradient + THETA_LENGTHS;
  for (int d = 0; d < gp->ndims; ++d) by_length[d] = 0.0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j) {
      const double *a = gp->coords + i * gp->ndims, *b = gp->coords + j * gp->ndims;
      double pair = (gp->weights[i] * gp->weights[j] - gp->inverse[i * n + j]) * gp->slopes[i * n + j];
      for (int d = 0; d < gp->ndims; ++d) by_length[d] += pair * square_difference(gp, d, a, b);
    }
  for (int d = 0; d < gp->ndims; ++d) by_length[d] *= gp->inverse_square[d];
}

xp_status xp_gp_likelihood(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error) {
  xp_status status = xp_gp_condition(gp, theta, error);
  if (status != XP_OK) return status;
  int n = gp->npoints;
  double sum = -0.5 * n * LOG_2PI;
  for (int i = 0; i < n; ++i) sum -= 0.5 * gp->weights[i] * gp->targets[i] + log(gp->factor[i * n + i]);
  *value = sum;
  if (gradient) likelihood_gradient(gp, theta, gradient);
  return XP_OK;
}

/* sum_i amounts_i dk(x, x_i)/dx_d for a query x, with query_slopes of xp_gp_predict. */
static void query_gradient(const xp_gp *gp, const double *coords, const double *amounts, double *gradient) {
  for (int d = 0; d < gp->ndims; ++d) gradient[d] = 0.0;
  for (int i = 0; i < gp->npoints; ++i) {
    double amount = amounts[i] * gp->query_slopes[i];
    for (int d = 0; d < gp->ndims; ++d) gradient[d] -= amount * (coords[d] - gp->coords[i * gp->ndims + d]);
  }
  for (int d = 0; d < gp->ndims; ++d) gradient[d] *= gp->nominal[d] ? 0.0 : gp->inverse_square[d];
}

void xp_gp_predict(xp_gp *gp, const double *coords, double *mean, double *deviation, double *mean_gradient,
                   double *deviation_gradient) {
  int n = gp->npoints;
  for (int i = 0; i < n; ++i) gp->covariance[i] = kernel(gp, coords, gp->coords + i * gp->ndims, &gp->query_slopes[i]);
  *mean = cblas_ddot(n, gp->covariance, 1, gp->weights, 1);
  memcpy(gp->solved, gp->covariance, (size_t)n * sizeof *gp->solved);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, gp->solved, 1);
  double variance = gp->amplitude - cblas_ddot(n, gp->solved, 1, gp->solved, 1);
  *deviation = sqrt(fmax(variance, VARIANCE_FLOOR * gp->amplitude));
  if (mean_gradient) query_gradient(gp, coords, gp->weights, mean_gradient);
  if (!deviation_gradient) return;
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, n, gp->factor, n, gp->solved, 1);
  query_gradient(gp, coords, gp->solved, deviation_gradient);
  for (int d = 0; d < gp->ndims; ++d) deviation_gradient[d] /= -*deviation;
}

void xp_gp_add_squares(const xp_gp *gp, int dim, double coord, double *squares) {
  for (int i = 0; i < gp->npoints; ++i)
    squares[i] += square(gp, dim, coord - gp->coords[i * gp->ndims + dim]) * gp->inverse_square[dim];
}

double xp_gp_mean(const xp_gp *gp, const double *squares) {
  double sum = 0.0;
  for (int i = 0; i < gp->npoints; ++i) {
    double distance = SQRT5 * sqrt(squares[i]);
    sum += gp->weights[i] * polynomial(distance) * exp(-distance);
  }
  return gp->amplitude * sum;
}
