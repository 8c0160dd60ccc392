/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In the basis of the singular vectors every coefficient is on its own, so that a step costs as many operations as there are
 * coefficients. lambda: prior precision over noise precision. */
#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "solve/methods.h"

typedef struct basis {
  int n, rank;                       /* singular values above rounding; the others are set to zero */
  double rows;                       /* after those that the free columns took */
  double rest;                       /* square of what no coefficient can explain */
  double *singular, *target, *right; /* s[n], U'z[n], V'[n][n] by columns */
  double *left;                      /* U[n][n] by columns */
} basis;

/* What lambda makes of the data. */
typedef struct posterior {
  double gamma;    /* coefficients determined by the data */
  double freedom;  /* rows less gamma, without cancellation */
  double norm;     /* square of the coefficients */
  double residual; /* square, what no coefficient explains included */
  double shrink;   /* sum of ln(lambda / (s^2 + lambda)) */
} posterior;

enum { ITERATIONS_MOST = 10000 };
static const double TOLERANCE = 1e-9;
/* The target has norm 1: rounding alone leaves residuals of about this square. */
static const double RESIDUAL_LEAST = DBL_EPSILON * DBL_EPSILON;
/* Steps of lambda in the search for where to start. */
static const double SCAN_STEP = 10.0;

static int count_rank(const basis *b, double rcond) {
  int rank = 0;
  while (rank < b->n && b->singular[rank] > rcond * b->singular[0]) ++rank;
  return rank;
}

static xp_status decompose(basis *b, const xp_masked *masked, xp_error *error) {
  int n = b->n, columns = n + 1;
  if (n == 0) return XP_OK;
  const double *r = masked->reduced.r;
  LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'A', n, n, r, columns, b->left, n);
  int info = LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'O', n, n, b->left, n, b->singular, NULL, 1, b->right, n);
  if (info == LAPACK_WORK_MEMORY_ERROR) return xp_error_memory(error, "the fit");
  if (info != 0) return xp_error_set(error, XP_ERROR_NUMERIC, "the singular values of the fit did not converge");
  b->rank = count_rank(b, n * DBL_EPSILON);
  for (int k = b->rank; k < n; ++k) b->singular[k] = 0.0;
  cblas_dgemv(CblasColMajor, CblasTrans, n, n, 1.0, b->left, n, r + (size_t)n * (size_t)columns, 1, 0.0, b->target, 1);
  return XP_OK;
}

static xp_status basis_make(basis *b, const xp_masked *masked, long rows, xp_error *error) {
  size_t n = (size_t)masked->count;
  double last = masked->reduced.r[(n + 1) * (n + 1) - 1];
  *b = (basis){.n = masked->count, .rows = (double)(rows - masked->nfree), .rest = last * last};
  b->singular = calloc(2 * n + 1, sizeof *b->singular);
  b->right = calloc(n * n + 1, sizeof *b->right);
  b->left = calloc(n * n + 1, sizeof *b->left);
  if (!b->singular || !b->right || !b->left) return xp_error_memory(error, "the fit");
  b->target = b->singular + n;
  return decompose(b, masked, error);
}

static void basis_clear(basis *b) {
  free(b->singular);
  free(b->right);
  free(b->left);
}

static posterior posterior_at(const basis *b, double lambda) {
  posterior p = {.residual = b->rest, .freedom = fmax(b->rows - b->rank, 0.0)};
  for (int k = 0; k < b->n; ++k) {
    double square = b->singular[k] * b->singular[k], kept = square / (square + lambda),
           lost = lambda / (square + lambda);
    double coefficient = b->singular[k] * b->target[k] / (square + lambda);
    p.gamma += kept;
    if (k < b->rank) p.freedom += lost;
    p.norm += coefficient * coefficient;
    p.residual += lost * lost * b->target[k] * b->target[k];
    p.shrink += log(lost);
  }
  p.residual = fmax(p.residual, RESIDUAL_LEAST);
  return p;
}

static double log_evidence(const basis *b, double lambda, double noise) {
  posterior p = posterior_at(b, lambda);
  return 0.5 * (b->rows * log(noise / (2.0 * M_PI)) - noise * (p.residual + lambda * p.norm) + p.shrink);
}

/* Fixed points may be several when the data are few, so the best of a coarse grid is where to start. */
static double scan(const basis *b, double low, double high) {
  double best = -INFINITY, start = low;
  for (double lambda = low; lambda < high; lambda *= SCAN_STEP) {
    posterior p = posterior_at(b, lambda);
    double value = log_evidence(b, lambda, b->rows / (p.residual + lambda * p.norm));
    if (value > best) {
      best = value;
      start = lambda;
    }
  }
  return start;
}

/* MacKay's fixed point. */
static xp_precisions iterate(const basis *b, int *iterations) {
  double largest = b->n && b->singular[0] > 0.0 ? b->singular[0] * b->singular[0] : 1.0;
  double low = largest * DBL_EPSILON * DBL_EPSILON, high = largest / DBL_EPSILON;
  double lambda = scan(b, low, high), change = INFINITY;
  posterior p = posterior_at(b, lambda);
  for (*iterations = 0; *iterations < ITERATIONS_MOST && change > TOLERANCE; ++*iterations) {
    double next = p.gamma * p.residual / (p.norm * p.freedom);
    next = p.norm > 0.0 ? fmin(fmax(next, low), high) : high;
    change = fabs(log(next / lambda));
    lambda = next;
    p = posterior_at(b, lambda);
  }
  double noise = p.freedom / p.residual;
  return (xp_precisions){.prior = lambda * noise, .noise = noise};
}

static void coefficients_at(const basis *b, double lambda, double *y) {
  if (b->n == 0) return;
  double *scaled = b->target;
  for (int k = 0; k < b->n; ++k) scaled[k] *= b->singular[k] / (b->singular[k] * b->singular[k] + lambda);
  cblas_dgemv(CblasColMajor, CblasTrans, b->n, b->n, 1.0, b->right, b->n, scaled, 1, 0.0, y, 1);
}

static void describe(xp_regression *g, const basis *b, const xp_masked *masked, xp_precisions p, double rcond) {
  double lambda = p.prior / p.noise, scale = masked->norms[masked->n];
  g->rank = masked->nfree + count_rank(b, rcond);
  g->condition = b->n ? b->singular[0] / b->singular[b->n - 1] : 1.0;
  g->effective = masked->nfree + posterior_at(b, lambda).gamma;
  g->noise_variance = scale * scale / p.noise;
  g->log_evidence = log_evidence(b, lambda, p.noise) - b->rows * log(scale);
}

xp_status xp_evidence_maximise(xp_regression *g, xp_precisions *precisions, const xp_masked *masked, double *y,
                               const xp_regression_options *options, xp_error *error) {
  basis b;
  xp_status status = basis_make(&b, masked, options->rows, error);
  if (status == XP_OK) {
    *precisions = iterate(&b, &g->iterations);
    describe(g, &b, masked, *precisions, options->rcond);
    coefficients_at(&b, precisions->prior / precisions->noise, y);
  }
  basis_clear(&b);
  return status;
}
