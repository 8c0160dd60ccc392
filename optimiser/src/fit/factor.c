/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/factor.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Rows of a block: enough for matrix products to run at speed, few enough for the cache. */
#define BLOCK_ROWS 1024
/* Columns of a panel inside dtpqrt. */
#define PANEL 32
/* Vector registers; equal alignment also makes equal sums. */
#define ALIGNMENT 64

double *xp_numbers_new(size_t count) {
  size_t bytes = (count * sizeof(double) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  double *numbers = aligned_alloc(ALIGNMENT, bytes ? bytes : ALIGNMENT);
  if (numbers) memset(numbers, 0, bytes);
  return numbers;
}

static int capacity_for(int columns, long rows) {
  if (rows <= columns) return rows > 0 ? (int)rows : 1;
  return columns > BLOCK_ROWS ? BLOCK_ROWS : (rows < BLOCK_ROWS ? (int)rows : BLOCK_ROWS);
}

void xp_factor_init(xp_factor *factor, int columns, long rows) {
  *factor = (xp_factor){.columns = columns, .capacity = capacity_for(columns, rows)};
}

void xp_factor_clear(xp_factor *factor) {
  free(factor->r);
  free(factor->block);
  *factor = (xp_factor){0};
}

double xp_factor_bytes(int columns, long rows) {
  return (double)columns * (double)(rows < columns ? rows : columns) * sizeof(double);
}

static xp_status need(double **numbers, size_t count, xp_error *error) {
  if (!*numbers) *numbers = xp_numbers_new(count);
  return *numbers ? XP_OK : xp_error_memory(error, "the matrix of the fit");
}

/* r <- triangular factor of r on top of the rows; the last `triangle` of them are upper trapezoidal. Destroys rows. */
static xp_status reduce(xp_factor *f, double *rows, int stride, int nrows, int triangle, xp_error *error) {
  int n = f->columns, panel = PANEL < n ? PANEL : n;
  if (nrows == 0) return XP_OK;
  xp_status status = need(&f->r, (size_t)n * (size_t)n, error);
  double *t = NULL, *work = NULL;
  if (status == XP_OK) status = need(&t, (size_t)panel * (size_t)n, error);
  if (status == XP_OK) status = need(&work, (size_t)panel * (size_t)n, error);
  if (status == XP_OK)
    LAPACKE_dtpqrt_work(LAPACK_COL_MAJOR, nrows, n, triangle, panel, f->r, n, rows, stride, t, panel, work);
  free(t);
  free(work);
  return status;
}

static xp_status reduce_block(xp_factor *f, xp_error *error) {
  xp_status status = reduce(f, f->block, f->capacity, f->nrows, 0, error);
  f->nrows = 0;
  return status;
}

xp_status xp_factor_add(xp_factor *f, const double *rows, int nrows, xp_error *error) {
  xp_status status = need(&f->block, (size_t)f->columns * (size_t)f->capacity, error);
  size_t n = (size_t)f->columns, stride = (size_t)f->capacity;
  f->total += nrows;
  while (nrows > 0 && status == XP_OK) {
    int room = f->capacity - f->nrows, count = nrows < room ? nrows : room;
    for (int i = 0; i < count; ++i) cblas_dcopy((int)n, rows + n * (size_t)i, 1, f->block + f->nrows + i, (int)stride);
    f->nrows += count;
    rows += n * (size_t)count;
    nrows -= count;
    if (nrows > 0) status = reduce_block(f, error);
  }
  return status;
}

xp_status xp_factor_finish(xp_factor *f, xp_error *error) {
  if (!f->r) return XP_OK;
  xp_status status = reduce_block(f, error);
  free(f->block);
  f->block = NULL;
  return status;
}

xp_status xp_factor_triangulate(xp_factor *f, xp_error *error) {
  xp_status status = need(&f->r, (size_t)f->columns * (size_t)f->columns, error);
  return status == XP_OK ? xp_factor_finish(f, error) : status;
}

/* scale times an array [columns][stride] as [columns][nrows]; triangle: of its upper triangle, over zeros. */
static xp_status scaled_copy(double **copy, const double *from, int columns, int stride, int nrows, bool triangle,
                             double scale, xp_error *error) {
  *copy = NULL;
  xp_status status = need(copy, (size_t)columns * (size_t)nrows, error);
  for (int c = 0; c < columns && status == XP_OK; ++c)
    cblas_daxpy(triangle ? c + 1 : nrows, scale, from + (size_t)c * (size_t)stride, 1,
                *copy + (size_t)c * (size_t)nrows, 1);
  return status;
}

static xp_status merge_part(xp_factor *f, const double *from, int stride, int nrows, int triangle, double scale,
                            xp_error *error) {
  double *copy;
  xp_status status = scaled_copy(&copy, from, f->columns, stride, nrows, triangle > 0, scale, error);
  if (status == XP_OK && triangle && !f->r) {
    f->r = copy;
    return XP_OK;
  }
  if (status == XP_OK) status = reduce(f, copy, nrows, nrows, triangle, error);
  free(copy);
  return status;
}

/* Few rows and few rows stay rows while they are no more than columns. */
static xp_status append(xp_factor *f, const xp_factor *more, double scale, xp_error *error) {
  int rows = f->nrows + more->nrows;
  double *block = NULL;
  xp_status status = need(&block, (size_t)f->columns * (size_t)rows, error);
  for (int c = 0; c < f->columns && status == XP_OK; ++c) {
    double *to = block + (size_t)c * (size_t)rows;
    if (f->nrows) cblas_dcopy(f->nrows, f->block + (size_t)c * (size_t)f->capacity, 1, to, 1);
    cblas_daxpy(more->nrows, scale, more->block + (size_t)c * (size_t)more->capacity, 1, to + f->nrows, 1);
  }
  if (status != XP_OK) return status;
  free(f->block);
  f->block = block;
  f->capacity = f->nrows = rows;
  return XP_OK;
}

xp_status xp_factor_merge(xp_factor *f, const xp_factor *more, double scale, xp_error *error) {
  xp_status status = XP_OK;
  f->total += more->total;
  if (more->r) status = merge_part(f, more->r, f->columns, f->columns, f->columns, scale, error);
  if (status != XP_OK || more->nrows == 0) return f->r && status == XP_OK ? xp_factor_finish(f, error) : status;
  if (!f->r && f->nrows + more->nrows <= f->columns) return append(f, more, scale, error);
  status = merge_part(f, more->block, more->capacity, more->nrows, 0, scale, error);
  return status == XP_OK ? xp_factor_finish(f, error) : status;
}

xp_status xp_factor_add_diagonal(xp_factor *f, const double *diagonal, xp_error *error) {
  int rows = f->columns - 1;
  double *below = NULL;
  if (rows == 0) return XP_OK;
  xp_status status = need(&below, (size_t)f->columns * (size_t)rows, error);
  if (status == XP_OK) {
    cblas_dcopy(rows, diagonal, 1, below, rows + 1);
    status = reduce(f, below, rows, rows, rows, error);
  }
  free(below);
  return status;
}

/* v[max(columns, rows)] <- A x - b, or the same under an orthogonal transformation. */
static void find_difference(const xp_factor *f, const double *coefficients, double *v) {
  int n = f->columns;
  if (f->r) {
    cblas_dcopy(n - 1, coefficients, 1, v, 1);
    v[n - 1] = -1.0;
    cblas_dtrmv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, f->r, n, v, 1);
  } else if (f->nrows) {
    cblas_dcopy(f->nrows, f->block + (size_t)(n - 1) * (size_t)f->capacity, 1, v, 1);
    cblas_dgemv(CblasColMajor, CblasNoTrans, f->nrows, n - 1, 1.0, f->block, f->capacity, coefficients, 1, -1.0, v, 1);
  }
}

static size_t difference_size(const xp_factor *f) {
  return (size_t)(f->r || f->columns > f->nrows ? f->columns : f->nrows);
}

xp_status xp_factor_gradient(const xp_factor *f, const double *coefficients, double *gradient, xp_error *error) {
  int n = f->columns;
  double *v = NULL;
  xp_status status = need(&v, difference_size(f), error);
  if (status != XP_OK) return status;
  find_difference(f, coefficients, v);
  if (f->r) {
    cblas_dtrmv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n, f->r, n, v, 1);
    cblas_dcopy(n, v, 1, gradient, 1);
  } else if (f->nrows) {
    cblas_dgemv(CblasColMajor, CblasTrans, f->nrows, n, 1.0, f->block, f->capacity, v, 1, 0.0, gradient, 1);
  } else {
    memset(gradient, 0, (size_t)n * sizeof *gradient);
  }
  free(v);
  return XP_OK;
}

xp_status xp_factor_residual(const xp_factor *f, const double *coefficients, double *square, xp_error *error) {
  int rows = f->r ? f->columns : f->nrows;
  double *v = NULL;
  *square = 0.0;
  xp_status status = need(&v, difference_size(f), error);
  if (status != XP_OK) return status;
  find_difference(f, coefficients, v);
  *square = rows ? cblas_ddot(rows, v, 1, v, 1) : 0.0;
  free(v);
  return XP_OK;
}
