/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coefficients without a prior are taken out by an orthogonal transformation: the rows that hold them are kept for later,
 * the other rows are a problem of the remaining coefficients alone. This is exact, and no large prior variance is needed. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

#include "solve/least_squares.h"
#include "solve/methods.h"

/* A free column that the others determine to this fraction of the largest is taken as determined. */
static const double DEPENDENT = 1e-12;

static void sort_index(xp_masked *m, const bool *unpenalised) {
  int count = 0, last = m->n;
  for (int i = 0; i < m->n; ++i)
    if (!unpenalised || !unpenalised[i]) m->index[count++] = i;
  m->count = count;
  for (int i = m->n - 1; i >= 0; --i)
    if (unpenalised && unpenalised[i]) m->index[--last] = i;
}

/* free_rows <- columns of the factor in the order free, with a prior, target. */
static void gather(xp_masked *m, const xp_factor *all) {
  int columns = all->columns, nmasked = m->n - m->count;
  for (int i = 0; i < m->n; ++i) {
    int place = i < m->count ? nmasked + i : i - m->count;
    cblas_dcopy(columns, all->r + (size_t)m->index[i] * (size_t)columns, 1,
                m->free_rows + (size_t)place * (size_t)columns, 1);
  }
  cblas_dcopy(columns, all->r + (size_t)m->n * (size_t)columns, 1, m->free_rows + (size_t)m->n * (size_t)columns, 1);
}

/* QR of the free columns with the largest first, so that those that depend on others come last. work[columns + 1] */
static xp_status project(xp_masked *m, int *pivots, double *work, xp_error *error) {
  int columns = m->n + 1, nmasked = m->n - m->count;
  double *others = m->free_rows + (size_t)nmasked * (size_t)columns;
  int info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, columns, nmasked, m->free_rows, columns, pivots, work);
  if (info == 0)
    info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', columns, m->count + 1, nmasked, m->free_rows, columns, work,
                          others, columns);
  double largest = fabs(m->free_rows[0]);
  while (m->nfree < nmasked &&
         fabs(m->free_rows[(size_t)m->nfree * (size_t)columns + (size_t)m->nfree]) > DEPENDENT * largest)
    ++m->nfree;
  if (info == 0)
    info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, columns - m->nfree, m->count + 1, others + m->nfree, columns, work);
  if (info == LAPACK_WORK_MEMORY_ERROR) return xp_error_memory(error, "the fit");
  return info == 0 ? XP_OK
                   : xp_error_set(error, XP_ERROR_NUMERIC, "the matrix of the fit has an entry that is not finite");
}

static xp_status apply_pivots(xp_masked *m, xp_error *error) {
  int nmasked = m->n - m->count;
  int *pivots = calloc(2 * (size_t)m->n + 1, sizeof *pivots), *old = pivots + m->n;
  double *work = calloc((size_t)m->n + 1, sizeof *work);
  xp_status status = pivots && work ? project(m, pivots, work, error) : xp_error_memory(error, "the fit");
  if (status == XP_OK) {
    for (int i = 0; i < nmasked; ++i) old[i] = m->index[m->count + i];
    for (int i = 0; i < nmasked; ++i) m->index[m->count + i] = old[pivots[i] - 1];
  }
  free(pivots);
  free(work);
  return status;
}

xp_status xp_masked_make(xp_masked *m, const xp_factor *factor, const bool *unpenalised, xp_error *error) {
  size_t columns = (size_t)factor->columns;
  *m = (xp_masked){.n = factor->columns - 1};
  xp_factor all = {0};
  m->index = calloc(columns, sizeof *m->index);
  m->norms = calloc(columns, sizeof *m->norms);
  m->free_rows = calloc(columns * columns, sizeof *m->free_rows);
  xp_status status = m->index && m->norms && m->free_rows ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK) status = xp_factor_copy(&all, factor, error);
  if (status == XP_OK) {
    xp_scale_columns(&all, m->norms);
    sort_index(m, unpenalised);
    gather(m, &all);
    if (m->count < m->n) status = apply_pivots(m, error);
  }
  xp_factor_clear(&all);
  if (status != XP_OK) return status;
  xp_factor_init(&m->reduced, m->count + 1, 0);
  status = xp_factor_triangulate(&m->reduced, error);
  if (status == XP_OK)
    LAPACKE_dlacpy_work(LAPACK_COL_MAJOR, 'U', m->count + 1, m->count + 1,
                        m->free_rows + (columns - 1 - (size_t)m->count) * columns + m->nfree, (int)columns,
                        m->reduced.r, m->count + 1);
  return status;
}

void xp_masked_clear(xp_masked *m) {
  xp_factor_clear(&m->reduced);
  free(m->index);
  free(m->norms);
  free(m->free_rows);
  *m = (xp_masked){0};
}

void xp_masked_finish(xp_masked *m, const double *y, double *coefficients) {
  int columns = m->n + 1, nmasked = m->n - m->count;
  double *target = m->free_rows + (size_t)m->n * (size_t)columns, scale = m->norms[m->n];
  const double *others = m->free_rows + (size_t)nmasked * (size_t)columns;
  for (int i = 0; i < m->n; ++i) coefficients[m->index[i]] = 0.0;
  for (int i = 0; i < m->count; ++i) coefficients[m->index[i]] = y[i] * scale / m->norms[m->index[i]];
  if (m->nfree == 0) return;
  if (m->count)
    cblas_dgemv(CblasColMajor, CblasNoTrans, m->nfree, m->count, -1.0, others, columns, y, 1, 1.0, target, 1);
  cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, m->nfree, m->free_rows, columns, target, 1);
  for (int i = 0; i < m->nfree; ++i) {
    int column = m->index[m->count + i];
    coefficients[column] = target[i] * scale / m->norms[column];
  }
}
