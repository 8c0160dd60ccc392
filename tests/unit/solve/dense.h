/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small dense problems and their solution by Gaussian elimination in long double: another route than the one tested. */
#ifndef XPOT_SOLVE_DENSE_H
#define XPOT_SOLVE_DENSE_H

#include "fit/factor.h"
#include "testing/testing.h"

/* rows[m][n + 1], the target last. */
typedef struct xp_dense {
  int m, n;
  double *rows;
} xp_dense;

xp_dense xp_dense_new(int m, int n);
void xp_dense_free(xp_dense *dense);
double *xp_dense_row(const xp_dense *dense, int row);

/* Uniform numbers in [-1, 1], column c times spread^(c % 4). */
xp_dense xp_dense_random(uint64_t seed, int m, int n, double spread);

/* Triangular, or few rows when these are few; caller clears. */
xp_factor xp_dense_factor(const xp_dense *dense);

double xp_dense_residual(const xp_dense *dense, const double *x);
double xp_dense_column_norm(const xp_dense *dense, int column);

/* Solves matrix[n][n] x = b for nrhs right-hand sides [n][nrhs]; both are destroyed, b becomes x. Returns ln |det|. */
double xp_dense_eliminate(long double *matrix, long double *b, int n, int nrhs);

/* x[n] that minimises |A x - b|^2 + sum penalty x^2; penalty NULL for none. */
void xp_dense_normal_equations(const xp_dense *dense, const double *penalty, double *x);

/* Trace of A (A'A + P)^-1 A'. */
double xp_dense_effective(const xp_dense *dense, const double *penalty);

/* Mean 0, standard deviation 1. */
double xp_dense_normal(xp_test_random *random);

#endif
