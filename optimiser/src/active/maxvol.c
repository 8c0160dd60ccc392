/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/maxvol.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fit/factor.h"

/* Numbers below which an exchange is too short for several threads. */
#define WORTH_THREADS 200000

/* By columns, as LAPACK pivots rows. */
static void transpose(const double *rows, int m, int n, double *columns) {
  for (int i = 0; i < m; ++i) cblas_dcopy(n, rows + (size_t)i * (size_t)n, 1, columns + i, m);
}

xp_status xp_maxvol_pivots(const double *rows, int m, int n, int *chosen, xp_error *error) {
  double *columns = xp_numbers_new((size_t)m * (size_t)n);
  int *order = calloc((size_t)m + 1, sizeof *order);
  lapack_int *exchanged = calloc((size_t)n + 1, sizeof *exchanged);
  bool ok = columns && order && exchanged;
  if (ok) {
    transpose(rows, m, n, columns);
    LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, m, n, columns, m,
                        exchanged); /* a pivot of zero leaves any row in its place */
    for (int i = 0; i < m; ++i) order[i] = i;
    for (int k = 0; k < n; ++k) {
      int other = exchanged[k] - 1, row = order[k];
      order[k] = order[other];
      order[other] = row;
    }
    memcpy(chosen, order, (size_t)n * sizeof *chosen);
  }
  free(columns);
  free(order);
  free(exchanged);
  return ok ? XP_OK : xp_error_memory(error, "the active set");
}

/* LAPACK takes rows for columns: the inverse of the transpose is the transpose of the inverse. */
xp_status xp_maxvol_invert(const double *rows, int n, double *inverse, xp_error *error) {
  const int block = 64;
  lapack_int *pivots = calloc((size_t)n + 1, sizeof *pivots);
  double *work = xp_numbers_new((size_t)n * (size_t)block);
  xp_status status = pivots && work ? XP_OK : xp_error_memory(error, "the active set");
  if (status == XP_OK) {
    memcpy(inverse, rows, (size_t)n * (size_t)n * sizeof *inverse);
    if (LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, n, n, inverse, n, pivots) != 0 ||
        LAPACKE_dgetri_work(LAPACK_COL_MAJOR, n, inverse, n, pivots, work, n * block) != 0)
      status = xp_error_set(error, XP_ERROR_NUMERIC, "the descriptors of the active set are linearly dependent");
  }
  free(pivots);
  free(work);
  return status;
}

static double largest(const double *row, int n) {
  return fabs(row[cblas_idamax(n, row, 1)]);
}

/* Candidate i takes the place of chosen row j, which becomes candidate i. pivot_row[n]: memory. */
static void exchange(xp_maxvol *m, int i, int j, double *pivot_row, double *most, int threads) {
  int n = m->n;
  double *own = m->coordinates + (size_t)i * (size_t)n, pivot = own[j];
  memcpy(pivot_row, own, (size_t)n * sizeof *own);
  pivot_row[j] -= 1.0; /* in its own column a row gets factor * 1 */
#pragma omp parallel for num_threads(threads) schedule(static) if ((size_t)m->ncandidates * (size_t)n > WORTH_THREADS)
  for (int r = 0; r < m->ncandidates; ++r) {
    double *row = m->coordinates + (size_t)r * (size_t)n;
    if (r == i) continue;
    cblas_daxpy(n, -row[j] / pivot, pivot_row, 1, row, 1);
    most[r] = largest(row, n);
  }
  for (int k = 0; k < n; ++k) own[k] = -own[k] / pivot;
  own[j] = 1.0 / pivot;
  most[i] = largest(own, n);
  int label = m->chosen[j];
  m->chosen[j] = m->candidates[i];
  m->candidates[i] = label;
}

xp_status xp_maxvol_exchange(xp_maxvol *m, double limit, int most_exchanges, int threads, int *count, xp_error *error) {
  int n = m->n, candidates = m->ncandidates;
  double *pivot_row = xp_numbers_new((size_t)n), *most = xp_numbers_new((size_t)candidates);
  bool ok = pivot_row && most;
  for (int r = 0; r < candidates && ok; ++r) most[r] = largest(m->coordinates + (size_t)r * (size_t)n, n);
  for (*count = 0; *count < most_exchanges && candidates > 0 && ok; ++*count) {
    int i = (int)cblas_idamax(candidates, most, 1);
    if (!(most[i] > limit)) break;
    exchange(m, i, (int)cblas_idamax(n, m->coordinates + (size_t)i * (size_t)n, 1), pivot_row, most, threads);
  }
  free(pivot_row);
  free(most);
  return ok ? XP_OK : xp_error_memory(error, "the active set");
}
