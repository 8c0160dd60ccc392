/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/normal.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "solve/least_squares.h"

/* Columns of a block of triangular matrices. */
enum { BLOCK = 128 };
/* Factors that collect parts of R0 at the same time: more than most machines' cores, few enough for memory. */
enum { SHARES = 8 };
/* With fewer rows than this part of the columns the rows themselves are kept: their product costs less than reading it. */
enum { FEW_ROWS = 8 };
/* Beyond this condition of R0 the coordinates are not worth their name. */
static const double CONDITION_MOST = 1e10;

static int least(int a, int b) {
  return a < b ? a : b;
}

/* ---- weights of the reference: row types count alike ---- */

static void find_squares(const xp_factor *f, double *squares) {
  for (int c = 0; c < f->columns - 1; ++c) {
    const double *column = f->r ? f->r + (size_t)c * (size_t)f->columns : f->block + (size_t)c * (size_t)f->capacity;
    int rows = f->r ? c + 1 : f->nrows;
    squares[c] = cblas_ddot(rows, column, 1, column, 1);
  }
}

/* scales[type]: one over the norm of the type's rows, columns scaled to norm 1. */
static void find_scales(const xp_normal *m, double scales[XP_ROW_TYPES]) {
  double norms[XP_ROW_TYPES] = {0};
  for (int c = 0; c < m->n; ++c) {
    double all = 0.0, own[XP_ROW_TYPES] = {0};
    for (int p = 0; p < m->nparts; ++p) {
      double square = m->squares[(size_t)p * (size_t)m->n + (size_t)c];
      all += square;
      own[m->parts[p].type] += square;
    }
    for (int type = 0; type < XP_ROW_TYPES && all > 0.0; ++type) norms[type] += own[type] / all;
  }
  for (int type = 0; type < XP_ROW_TYPES; ++type) scales[type] = norms[type] > 0.0 ? 1.0 / sqrt(norms[type]) : 1.0;
}

/* ---- R0 ---- */

static xp_status fill_share(xp_factor *share, const xp_normal *m, int index, const double scales[XP_ROW_TYPES],
                            xp_error *error) {
  xp_status status = XP_OK;
  for (int p = index; p < m->nparts && status == XP_OK; p += SHARES)
    status = xp_factor_merge(share, m->parts[p].factor, scales[m->parts[p].type], error);
  return status;
}

/* Shares in parallel, then pairs of them. */
static xp_status stack(xp_normal *m, const double scales[XP_ROW_TYPES], int threads, xp_error *error) {
  xp_factor shares[SHARES];
  xp_error first = {0};
  for (int s = 0; s < SHARES; ++s) xp_factor_init(&shares[s], m->n + 1, 0);
  for (int stride = 0; stride < SHARES; stride = stride ? 2 * stride : 1) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int s = 0; s < SHARES; s += stride ? 2 * stride : 1) {
      xp_error own = {0};
      if (stride == 0)
        fill_share(&shares[s], m, s, scales, &own);
      else
        xp_factor_merge(&shares[s], &shares[s + stride], 1.0, &own);
      if (stride) xp_factor_clear(&shares[s + stride]);
#pragma omp critical(xp_normal)
      if (own.status != XP_OK) first = own;
    }
  }
  m->reference = shares[0];
  for (int s = 1; s < SHARES; ++s) xp_factor_clear(&shares[s]);
  if (first.status != XP_OK) return xp_error_set(error, first.status, "%s", first.message);
  return xp_factor_triangulate(&m->reference, error);
}

/* Infinite for a singular R0. */
static xp_status find_condition(xp_normal *m, xp_error *error) {
  int columns = m->n + 1;
  xp_factor scaled = {0};
  double *norms = malloc((size_t)columns * sizeof *norms), reciprocal = 0.0;
  xp_status status = norms ? xp_factor_copy(&scaled, &m->reference, error) : xp_error_memory(error, "the fit");
  if (status == XP_OK) {
    xp_scale_columns(&scaled, norms);
    int info = LAPACKE_dtrcon(LAPACK_COL_MAJOR, '1', 'U', 'N', m->n, scaled.r, columns, &reciprocal);
    if (info == LAPACK_WORK_MEMORY_ERROR) status = xp_error_memory(error, "the fit");
    m->condition = info == 0 && reciprocal > 0.0 ? 1.0 / reciprocal : INFINITY;
  }
  xp_factor_clear(&scaled);
  free(norms);
  return status;
}

/* ---- T and T'T ---- */

/* t[n][n] <- A R0^-1, upper triangular as both are, block column after block column. */
static void transform(double *t, const xp_normal *m, const xp_factor *f) {
  int n = m->n, stride = n + 1;
  const double *r0 = m->reference.r;
  for (int j = 0; j < n; j += BLOCK) {
    int width = least(BLOCK, n - j), rows = j + width;
    double *column = t + (size_t)j * (size_t)n;
    LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'A', j, width, f->r + (size_t)j * (size_t)stride, stride, column, n);
    LAPACKE_dlaset_work(LAPACK_COL_MAJOR, 'L', width, width, 0.0, 0.0, column + j, n);
    LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'U', width, width, f->r + (size_t)j * (size_t)stride + j, stride, column + j,
                        n);
    for (int k = 0; k < j; k += BLOCK)
      cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, k + BLOCK, width, BLOCK, -1.0, t + (size_t)k * (size_t)n,
                  n, r0 + (size_t)j * (size_t)stride + k, stride, 1.0, column, n);
    cblas_dtrsm(CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, rows, width, 1.0,
                r0 + (size_t)j * (size_t)stride + j, stride, column, n);
  }
}

/* T'T for the upper triangular t, into the lower triangle gram. */
static void multiply(double *gram, int stride, const double *t, int n) {
  for (int i = 0; i < n; i += BLOCK) {
    int width = least(BLOCK, n - i), rows = i + width;
    const double *left = t + (size_t)i * (size_t)n;
    double *diagonal = gram + (size_t)i * (size_t)stride + i;
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, width, rows, 1.0, left, n, 0.0, diagonal, stride);
    if (i + width < n)
      cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, n - i - width, width, rows, 1.0,
                  t + (size_t)(i + width) * (size_t)n, n, left, n, 0.0, diagonal + width, stride);
  }
}

static xp_status transform_rows(xp_normal_part *part, const xp_normal *m, xp_error *error) {
  const xp_factor *f = part->factor;
  part->rows = xp_numbers_new((size_t)m->n * (size_t)f->nrows);
  if (!part->rows) return xp_error_memory(error, "the fit");
  LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'A', f->nrows, m->n, f->block, f->capacity, part->rows, f->nrows);
  cblas_dtrsm(CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, f->nrows, m->n, 1.0, m->reference.r,
              m->n + 1, part->rows, f->nrows);
  return XP_OK;
}

static xp_status transform_part(xp_normal_part *part, const xp_normal *m, xp_factor *factor, xp_error *error) {
  if (!factor->r && factor->nrows <= m->n / FEW_ROWS) return transform_rows(part, m, error);
  double *t = xp_numbers_new((size_t)m->n * (size_t)m->n);
  xp_status status = t ? xp_factor_triangulate(factor, error) : xp_error_memory(error, "the fit");
  if (status == XP_OK) {
    transform(t, m, factor);
    multiply(factor->r + 1, factor->columns, t, m->n);
  }
  free(t);
  return status;
}

static xp_status transform_all(xp_normal *m, xp_factor (*factors)[XP_ROW_TYPES], int threads, xp_error *error) {
  xp_error first = {0};
#pragma omp parallel for schedule(dynamic) num_threads(threads)
  for (int p = 0; p < m->nparts; ++p) {
    xp_error own = {0};
    xp_normal_part *part = &m->parts[p];
    transform_part(part, m, &factors[part->group][part->type], &own);
#pragma omp critical(xp_normal)
    if (own.status != XP_OK) first = own;
  }
  return first.status == XP_OK ? XP_OK : xp_error_set(error, first.status, "%s", first.message);
}

/* ---- all ---- */

static xp_status list_parts(xp_normal *m, xp_factor (*factors)[XP_ROW_TYPES], int ngroups, xp_error *error) {
  m->parts = calloc((size_t)ngroups * XP_ROW_TYPES, sizeof *m->parts);
  if (!m->parts) return xp_error_memory(error, "the fit");
  for (int g = 0; g < ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type)
      if (factors[g][type].total > 0)
        m->parts[m->nparts++] = (xp_normal_part){.factor = &factors[g][type], .group = g, .type = type};
  return XP_OK;
}

static xp_status make_reference(xp_normal *m, int threads, xp_error *error) {
  double scales[XP_ROW_TYPES];
  m->squares = calloc((size_t)m->nparts * (size_t)m->n, sizeof *m->squares);
  if (!m->squares) return xp_error_memory(error, "the fit");
  for (int p = 0; p < m->nparts; ++p) find_squares(m->parts[p].factor, m->squares + (size_t)p * (size_t)m->n);
  find_scales(m, scales);
  xp_status status = stack(m, scales, threads, error);
  return status == XP_OK ? find_condition(m, error) : status;
}

xp_status xp_normal_new(xp_normal **normal, xp_factor (*factors)[XP_ROW_TYPES], int ngroups, int threads,
                        xp_error *error) {
  *normal = NULL;
  xp_normal *m = calloc(1, sizeof *m);
  if (!m) return xp_error_memory(error, "the fit");
  m->n = factors[0][0].columns - 1;
  m->condition = INFINITY;
  xp_status status = list_parts(m, factors, ngroups, error);
  if (status == XP_OK && m->nparts > 0 && m->n > 0) status = make_reference(m, threads, error);
  bool useful = m->condition <= CONDITION_MOST;
  if (status == XP_OK && useful) {
    m->matrix = xp_numbers_new((size_t)m->n * (size_t)m->n);
    status = m->matrix ? transform_all(m, factors, threads, error) : xp_error_memory(error, "the fit");
  }
  if (status == XP_OK && useful)
    *normal = m;
  else
    xp_normal_free(m);
  return status;
}

void xp_normal_free(xp_normal *m) {
  if (!m) return;
  for (int p = 0; p < m->nparts; ++p) free(m->parts[p].rows);
  free(m->parts);
  xp_factor_clear(&m->reference);
  free(m->squares);
  free(m->matrix);
  free(m);
}

const double *xp_normal_gram(const xp_normal_part *part, int *stride) {
  *stride = part->factor->columns;
  return part->factor->r + 1; /* a column of the lower triangle begins below the diagonal of the factor */
}
