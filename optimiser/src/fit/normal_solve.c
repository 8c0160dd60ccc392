/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/normal_solve.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/random.h"
#include "solve/blocked.h"

/* Columns of the sum that a thread makes at a time. */
enum { BLOCK = 64 };
/* Steps settle when the weighted predictions change by less than SETTLED of themselves; a step that changes them by more than
 * SLOW of the step before, or the last one by more than ROUGH of themselves, says that they do not. */
enum { STEPS_MOST = 6 };
static const double SETTLED = 1e-11, ROUGH = 1e-9, SLOW = 0.1;
/* Iterations for each end of the singular values, and by how much the estimate may be wrong: no singular value may come near
 * to being cut off. */
enum { ITERATIONS = 4 };
static const double MARGIN = 100.0;
/* Beyond this condition rounding decides so many digits that only singular values say what they mean. */
static const double CONDITION_MOST = 1e9;
/* Stream of random numbers that the iterations start with. */
enum { START_STREAM = 0x6e6f726d };

/* A solution in progress. */
typedef struct solution {
  const xp_normal *normal;
  const xp_solve_request *request;
  double *squares;   /* [nparts] of weights; 0: not in this fit */
  double *gradients; /* [nparts, 2 at least][n + 1] */
  double *step;      /* [n] */
  double *norms;     /* [n] of the columns at these weights */
  double *x;         /* [n] borrowed */
} solution;

static double weight_of(const xp_normal_part *part, const xp_solve_request *request) {
  return !request->used || request->used[part->group] ? request->weights[part->group][part->type] : 0.0;
}

static xp_status open_solution(solution *s, xp_error *error) {
  const xp_normal *m = s->normal;
  size_t n = (size_t)m->n + 1;
  s->squares = calloc((size_t)m->nparts, sizeof *s->squares);
  s->gradients = calloc(((size_t)m->nparts + 1) * n, sizeof *s->gradients);
  s->step = calloc(n, sizeof *s->step);
  s->norms = calloc(n, sizeof *s->norms);
  if (!s->squares || !s->gradients || !s->step || !s->norms) return xp_error_memory(error, "the fit");
  for (int p = 0; p < m->nparts; ++p) {
    s->squares[p] = pow(weight_of(&m->parts[p], s->request), 2.0);
    cblas_daxpy(m->n, s->squares[p], m->squares + (size_t)p * (size_t)m->n, 1, s->norms, 1);
  }
  for (int c = 0; c < m->n; ++c) s->norms[c] = sqrt(s->norms[c]);
  return XP_OK;
}

static void close_solution(solution *s) {
  free(s->squares);
  free(s->gradients);
  free(s->step);
  free(s->norms);
}

/* ---- the sum of T'T ---- */

static void add_part(const xp_normal_part *part, double square, double *matrix, int n, int first, int width) {
  if (part->rows) {
    int rows = part->factor->nrows;
    const double *own = part->rows + (size_t)first * (size_t)rows;
    cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, n - first, width, rows, square, own, rows, own, rows, 1.0,
                matrix + (size_t)first * (size_t)n + first, n);
    return;
  }
  int stride;
  const double *gram = xp_normal_gram(part, &stride);
  for (int c = first; c < first + width; ++c)
    cblas_daxpy(n - c, square, gram + (size_t)c * (size_t)stride + c, 1, matrix + (size_t)c * (size_t)n + c, 1);
}

/* The lower triangle of the sum of square T'T. */
static void add_up(const solution *s) {
  const xp_normal *m = s->normal;
  int n = m->n;
#pragma omp parallel for schedule(dynamic) num_threads(s->request->threads)
  for (int first = 0; first < n; first += BLOCK) {
    int width = n - first < BLOCK ? n - first : BLOCK;
    memset(m->matrix + (size_t)first * (size_t)n, 0, (size_t)width * (size_t)n * sizeof *m->matrix);
    for (int p = 0; p < m->nparts; ++p)
      if (s->squares[p] > 0.0) add_part(&m->parts[p], s->squares[p], m->matrix, n, first, width);
  }
}

/* ---- the condition of S = L'R0 / norms, the weighted matrix with its columns scaled to norm 1 ---- */

static void divide_by_norms(const solution *s, double *v) {
  for (int c = 0; c < s->normal->n; ++c) v[c] /= s->norms[c];
}

static void multiply_by_norms(const solution *s, double *v) {
  for (int c = 0; c < s->normal->n; ++c) v[c] *= s->norms[c];
}

/* v <- S'S v */
static void apply(const solution *s, double *v) {
  const xp_normal *m = s->normal;
  int n = m->n, stride = n + 1;
  divide_by_norms(s, v);
  cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, m->reference.r, stride, v, 1);
  cblas_dtrmv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, n, m->matrix, n, v, 1);
  cblas_dtrmv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, m->matrix, n, v, 1);
  cblas_dtrmv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, m->reference.r, stride, v, 1);
  divide_by_norms(s, v);
}

/* v <- (S'S)^-1 v */
static void apply_inverse(const solution *s, double *v) {
  const xp_normal *m = s->normal;
  int n = m->n, stride = n + 1;
  multiply_by_norms(s, v);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, m->reference.r, stride, v, 1);
  cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, m->matrix, n, v, 1);
  cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, n, m->matrix, n, v, 1);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, m->reference.r, stride, v, 1);
  multiply_by_norms(s, v);
}

typedef void linear_operator(const solution *s, double *v);

/* About the largest eigenvalue of an operator. v: room. */
static double find_largest(const solution *s, linear_operator *apply_it, double *v) {
  xp_random random = xp_random_start(0, START_STREAM);
  double norm = 0.0;
  int n = s->normal->n;
  for (int c = 0; c < n; ++c) v[c] = xp_random_uniform(&random) - 0.5;
  cblas_dscal(n, 1.0 / cblas_dnrm2(n, v, 1), v, 1);
  for (int k = 0; k < ITERATIONS && isfinite(norm); ++k) {
    apply_it(s, v);
    norm = cblas_dnrm2(n, v, 1);
    cblas_dscal(n, 1.0 / norm, v, 1);
  }
  return norm;
}

/* Infinite where the sum has no factor. */
static double find_condition(const solution *s) {
  const xp_normal *m = s->normal;
  if (!xp_blocked_cholesky(m->matrix, m->n, s->request->threads)) return INFINITY;
  linear_operator *const ends[] = {apply, apply_inverse};
  double largest[2];
#pragma omp parallel for num_threads(s->request->threads)
  for (int end = 0; end < 2; ++end) largest[end] = find_largest(s, ends[end], s->gradients + end * (m->n + 1));
  double condition = sqrt(largest[0] * largest[1]);
  return isfinite(condition) ? condition : INFINITY;
}

/* ---- steps ---- */

/* step <- R0^-T sum square A'(b - A x). */
static xp_status find_gradient(solution *s, xp_error *error) {
  const xp_normal *m = s->normal;
  size_t n = (size_t)m->n + 1;
  xp_error first = {0};
#pragma omp parallel for schedule(dynamic) num_threads(s->request->threads)
  for (int p = 0; p < m->nparts; ++p) {
    xp_error own = {0};
    if (s->squares[p] > 0.0) xp_factor_gradient(m->parts[p].factor, s->x, s->gradients + (size_t)p * n, &own);
#pragma omp critical(xp_normal_solve)
    if (own.status != XP_OK) first = own;
  }
  if (first.status != XP_OK) return xp_error_set(error, first.status, "%s", first.message);
  memset(s->step, 0, n * sizeof *s->step);
  for (int p = 0; p < m->nparts; ++p)
    if (s->squares[p] > 0.0) cblas_daxpy(m->n, -s->squares[p], s->gradients + (size_t)p * n, 1, s->step, 1);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, m->n, m->reference.r, m->n + 1, s->step, 1);
  return XP_OK;
}

/* Moves x; size <- the norm by which the weighted predictions change. */
static xp_status take_step(solution *s, double *size, xp_error *error) {
  const xp_normal *m = s->normal;
  xp_status status = find_gradient(s, error);
  if (status != XP_OK) return status;
  cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, m->n, m->matrix, m->n, s->step, 1);
  *size = cblas_dnrm2(m->n, s->step, 1);
  cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, m->n, m->matrix, m->n, s->step, 1);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, m->n, m->reference.r, m->n + 1, s->step, 1);
  cblas_daxpy(m->n, 1.0, s->step, 1, s->x, 1);
  return XP_OK;
}

static xp_status settle(solution *s, bool *settled, xp_error *error) {
  double whole = 0.0, before = INFINITY, size = 0.0;
  xp_status status = XP_OK;
  memset(s->x, 0, (size_t)s->normal->n * sizeof *s->x);
  for (int k = 0; k < STEPS_MOST && status == XP_OK && !*settled; ++k, before = size) {
    status = take_step(s, &size, error);
    if (k == 0) whole = size;
    *settled = k > 0 && size <= (k + 1 < STEPS_MOST ? SETTLED : ROUGH) * whole;
    if (!isfinite(size) || (k > 0 && !*settled && size > SLOW * before)) break;
  }
  *settled |= isfinite(size) && size <= ROUGH * whole;
  return status;
}

xp_status xp_normal_solve(const xp_normal *m, const xp_solve_request *request, double *coefficients, double *condition,
                          bool *solved, xp_error *error) {
  solution s = {.normal = m, .request = request, .x = coefficients};
  *solved = false;
  if (request->ridge > 0.0) return XP_OK;
  xp_status status = open_solution(&s, error);
  if (status == XP_OK) {
    add_up(&s);
    *condition = find_condition(&s);
    if (*condition <= CONDITION_MOST && *condition * request->rcond * MARGIN < 1.0) status = settle(&s, solved, error);
  }
  close_solution(&s);
  return status;
}
