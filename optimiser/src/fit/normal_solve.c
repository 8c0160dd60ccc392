/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/normal_solve.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/blocked.h"

/* Columns of the sum that a thread makes at a time. */
enum { BLOCK = 64 };
/* Steps settle when the weighted predictions change by less than SETTLED of themselves; a step that changes them by more than
 * SLOW of the step before, or the last one by more than ROUGH of themselves, says that they do not. */
enum { STEPS_MOST = 6 };
static const double SETTLED = 1e-11, ROUGH = 1e-9, SLOW = 0.1;
/* Of the sum: beyond, rounding decides. */
static const double CONDITION_MOST = 1e12;
/* Estimated conditions may be wrong by this; no singular value may come near to being cut off. */
static const double MARGIN = 100.0;

/* A solution in progress. */
typedef struct solution {
  const xp_normal *normal;
  const xp_solve_request *request;
  double *squares;   /* [nparts] of weights; 0: not in this fit */
  double *gradients; /* [nparts][n + 1] */
  double *step;      /* [n] */
  double *x;         /* [n] borrowed */
} solution;

static double weight_of(const xp_normal_part *part, const xp_solve_request *request) {
  return !request->used || request->used[part->group] ? request->weights[part->group][part->type] : 0.0;
}

static xp_status open_solution(solution *s, xp_error *error) {
  const xp_normal *m = s->normal;
  size_t n = (size_t)m->n + 1;
  s->squares = calloc((size_t)m->nparts, sizeof *s->squares);
  s->gradients = calloc((size_t)m->nparts * n, sizeof *s->gradients);
  s->step = calloc(n, sizeof *s->step);
  if (!s->squares || !s->gradients || !s->step) return xp_error_memory(error, "the fit");
  for (int p = 0; p < m->nparts; ++p) s->squares[p] = pow(weight_of(&m->parts[p], s->request), 2.0);
  return XP_OK;
}

static void close_solution(solution *s) {
  free(s->squares);
  free(s->gradients);
  free(s->step);
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

/* The factor of the sum and an estimate of its condition, infinite where it has none. */
static xp_status factorise(const solution *s, double *condition, xp_error *error) {
  const xp_normal *m = s->normal;
  *condition = INFINITY;
  double norm = LAPACKE_dlansy(LAPACK_COL_MAJOR, '1', 'L', m->n, m->matrix, m->n), reciprocal = 0.0;
  if (!isfinite(norm) || !xp_blocked_cholesky(m->matrix, m->n, s->request->threads)) return XP_OK;
  int info = LAPACKE_dpocon(LAPACK_COL_MAJOR, 'L', m->n, m->matrix, m->n, norm, &reciprocal);
  if (info == LAPACK_WORK_MEMORY_ERROR) return xp_error_memory(error, "the fit");
  if (info == 0 && reciprocal > 0.0) *condition = 1.0 / reciprocal;
  return XP_OK;
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
  *settled = false;
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
  double sum_condition;
  *solved = false;
  if (request->ridge > 0.0) return XP_OK;
  xp_status status = open_solution(&s, error);
  if (status == XP_OK) {
    add_up(&s);
    status = factorise(&s, &sum_condition, error);
  }
  if (status == XP_OK) {
    *condition = m->condition * sqrt(sum_condition);
    bool good = sum_condition <= CONDITION_MOST && *condition * request->rcond * MARGIN < 1.0;
    memset(coefficients, 0, (size_t)m->n * sizeof *coefficients);
    if (good) status = settle(&s, solved, error);
  }
  close_solution(&s);
  return status;
}
