/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/cholesky.h"
#include "solve/methods.h"

enum { ITERATIONS_MOST = 500 };
/* Change of a logarithm of a precision in a step that counts as none. */
static const double TOLERANCE = 1e-4;
/* Normal equations do not resolve less noise than this part of the target's square, nor a prior beside so little noise. */
static const double NOISE_LEAST = DBL_EPSILON, LAMBDA_FIRST_LEAST = 1e-8;

/* lambda: prior precision over noise precision. */
typedef struct relevance {
  int n, nactive;
  int *active;       /* [n] coefficients still in, rising */
  double rows, rest; /* as in evidence.c */
  double noise;
  double *normal, *right; /* R'R[n][n] by columns, R'z[n] */
  double *lambda, *gamma; /* [n] by coefficient */
  double *y;              /* [n] */
  double *matrix, *work;  /* [n][n], [n] */
  double residual, log_determinant, jitter, condition;
} relevance;

static xp_status make(relevance *a, const xp_masked *masked, const xp_precisions *start, double rows, xp_error *error) {
  size_t n = (size_t)masked->count, columns = n + 1;
  const double *r = masked->reduced.r;
  *a = (relevance){.n = masked->count, .nactive = masked->count, .rows = rows, .noise = start->noise};
  a->rest = r[columns * columns - 1] * r[columns * columns - 1];
  a->active = calloc(columns, sizeof *a->active);
  a->normal = calloc(2 * n * n + 5 * columns, sizeof *a->normal);
  if (!a->active || !a->normal) return xp_error_memory(error, "the fit");
  a->matrix = a->normal + n * n;
  double **vectors[] = {&a->right, &a->lambda, &a->gamma, &a->y, &a->work};
  for (size_t v = 0; v < sizeof vectors / sizeof *vectors; ++v) *vectors[v] = a->matrix + n * n + v * columns;
  for (int i = 0; i < a->n; ++i) {
    a->active[i] = i;
    a->lambda[i] = fmax(start->prior / start->noise, LAMBDA_FIRST_LEAST);
  }
  if (n == 0) return XP_OK;
  cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, a->n, a->n, 1.0, r, (int)columns, 0.0, a->normal, a->n);
  cblas_dcopy(a->n, r + n * columns, 1, a->right, 1);
  cblas_dtrmv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, a->n, r, (int)columns, a->right, 1);
  return XP_OK;
}

static void clear(relevance *a) {
  free(a->active);
  free(a->normal);
}

static void gather(relevance *a) {
  size_t count = (size_t)a->nactive;
  for (size_t j = 0; j < count; ++j) {
    size_t column = (size_t)a->active[j];
    for (size_t i = 0; i <= j; ++i) a->matrix[i + count * j] = a->normal[(size_t)a->active[i] + (size_t)a->n * column];
    a->matrix[j + count * j] += a->lambda[column];
    a->work[j] = a->right[column];
  }
}

static void find_residual(relevance *a, const xp_masked *masked) {
  int columns = a->n + 1;
  const double *r = masked->reduced.r;
  memcpy(a->work, a->y, (size_t)a->n * sizeof *a->y);
  if (a->n) {
    cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, a->n, r, columns, a->work, 1);
    cblas_daxpy(a->n, -1.0, r + (size_t)a->n * (size_t)columns, 1, a->work, 1);
  }
  a->residual = a->rest + cblas_ddot(a->n, a->work, 1, a->work, 1);
}

/* Mean and variance of the active coefficients for the precisions as they are. */
static xp_status find_posterior(relevance *a, const xp_masked *masked, xp_error *error) {
  xp_cholesky cholesky;
  gather(a);
  xp_status status = xp_cholesky_make(&cholesky, a->matrix, a->nactive, 0.0, error);
  memset(a->y, 0, (size_t)a->n * sizeof *a->y);
  if (status == XP_OK) {
    xp_cholesky_solve(&cholesky, a->work);
    for (int i = 0; i < a->nactive; ++i) a->y[a->active[i]] = a->work[i];
    a->log_determinant = xp_cholesky_log_determinant(&cholesky);
    a->condition = sqrt(cholesky.condition);
    a->jitter = fmax(a->jitter, cholesky.jitter);
    status = xp_cholesky_inverse_diagonal(&cholesky, a->work, error);
  }
  for (int i = 0; i < a->nactive && status == XP_OK; ++i) {
    int c = a->active[i];
    double prior = a->lambda[c] + cholesky.jitter * cholesky.scales[i] * cholesky.scales[i];
    a->gamma[c] = fmin(fmax(1.0 - prior * a->work[i], 0.0), 1.0);
  }
  if (status == XP_OK) find_residual(a, masked);
  xp_cholesky_clear(&cholesky);
  return status;
}

static double sum_gamma(const relevance *a) {
  double sum = 0.0;
  for (int i = 0; i < a->nactive; ++i) sum += a->gamma[a->active[i]];
  return sum;
}

/* New precisions; returns the largest change of a logarithm, infinite when a coefficient went. */
static double update(relevance *a, double prune) {
  int kept = 0, before = a->nactive;
  double change = 0.0;
  a->noise = fmin(fmax(a->rows - sum_gamma(a), DBL_EPSILON * a->rows) / a->residual, 1.0 / NOISE_LEAST);
  for (int i = 0; i < before; ++i) {
    int c = a->active[i];
    double square = a->y[c] * a->y[c], known = a->normal[(size_t)c * (size_t)a->n + (size_t)c];
    double lambda = fmax(a->gamma[c] / (square * a->noise), DBL_EPSILON * known);
    change = fmax(change, fabs(log(lambda / a->lambda[c])));
    a->lambda[c] = lambda;
    if (square > 0.0 && lambda <= prune * known) a->active[kept++] = c;
  }
  a->nactive = kept;
  return kept < before ? INFINITY : change;
}

static xp_status iterate(relevance *a, const xp_masked *masked, double prune, int *iterations, xp_error *error) {
  double change = INFINITY;
  for (*iterations = 1;; ++*iterations) {
    xp_status status = find_posterior(a, masked, error);
    if (status != XP_OK || *iterations == ITERATIONS_MOST || change <= TOLERANCE) return status;
    change = update(a, prune);
  }
}

static double log_evidence(const relevance *a) {
  double sum = a->rows * log(a->noise / (2.0 * M_PI)) - a->noise * a->residual - a->log_determinant;
  for (int i = 0; i < a->nactive; ++i) {
    int c = a->active[i];
    sum += log(a->lambda[c]) - a->noise * a->lambda[c] * a->y[c] * a->y[c];
  }
  return 0.5 * sum;
}

static void describe(xp_regression *g, const relevance *a, const xp_masked *masked) {
  double scale = masked->norms[masked->n];
  g->rank = masked->nfree + a->nactive;
  g->pruned = a->n - a->nactive;
  g->condition = a->condition;
  g->jitter = a->jitter;
  g->effective = masked->nfree + sum_gamma(a);
  g->noise_variance = scale * scale / a->noise;
  g->log_evidence = log_evidence(a) - a->rows * log(scale);
}

xp_status xp_ard_maximise(xp_regression *g, const xp_precisions *start, const xp_masked *masked, double *y,
                          const xp_regression_options *options, xp_error *error) {
  relevance a;
  xp_status status = make(&a, masked, start, (double)(options->rows - masked->nfree), error);
  if (status == XP_OK) status = iterate(&a, masked, options->prune, &g->iterations, error);
  if (status == XP_OK) {
    describe(g, &a, masked);
    memcpy(y, a.y, (size_t)a.n * sizeof *y);
  }
  clear(&a);
  return status;
}
