/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library's own threads cut matrices by their number, which changes sums; blocks of one size do not. */
#include "solve/blocked.h"

#include <cblas.h>
#include <lapacke.h>

/* Few enough steps that threads seldom wait for each other. */
enum { BLOCK = 192 };

static int width_of(int n, int first) {
  return n - first < BLOCK ? n - first : BLOCK;
}

/* Takes what block column k explains off block column j. */
static void update(double *a, int n, int k, int j) {
  int width = width_of(n, j), below = n - j - width;
  const double *left = a + (size_t)k * (size_t)n + j;
  double *to = a + (size_t)j * (size_t)n + j;
  cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, width, BLOCK, -1.0, left, n, 1.0, to, n);
  if (below > 0)
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, below, width, BLOCK, -1.0, left + width, n, left, n, 1.0,
                to + width, n);
}

bool xp_blocked_cholesky(double *a, int n, int threads) {
  for (int k = 0; k < n; k += BLOCK) {
    int width = width_of(n, k);
    double *diagonal = a + (size_t)k * (size_t)n + k;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', width, diagonal, n) != 0) return false;
#pragma omp parallel for num_threads(threads)
    for (int i = k + BLOCK; i < n; i += BLOCK)
      cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, width_of(n, i), width, 1.0, diagonal,
                  n, a + (size_t)k * (size_t)n + i, n);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int j = k + BLOCK; j < n; j += BLOCK) update(a, n, k, j);
  }
  return true;
}
