/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cholesky factors of normal matrices. The diagonal is scaled to 1, and a small multiple of the unit matrix is added where
 * rounding has left the matrix without a factor. */
#ifndef XPOT_OPTIMISER_CHOLESKY_H
#define XPOT_OPTIMISER_CHOLESKY_H

#include "xpot/error.h"

typedef struct xp_cholesky {
  int n;
  double *factor;   /* [n][n] by columns, upper triangle U: U'U = scaled matrix + jitter; owned */
  double *scales;   /* [n] root of the matrix's diagonal, 1 where that is 0; owned */
  double jitter;    /* added to the scaled diagonal; 0 where nothing was needed */
  double condition; /* of the scaled matrix with its jitter, an estimate in the 1-norm */
} xp_cholesky;

/* Factors a matrix [n][n] by columns, upper triangle. A jitter is added, from a tiny one up in steps of 100, until the
 * reciprocal condition is rcond at least; XP_ERROR_NUMERIC when it would not be small any more. */
xp_status xp_cholesky_make(xp_cholesky *cholesky, const double *matrix, int n, double rcond, xp_error *error);

/* Frees the members. */
void xp_cholesky_clear(xp_cholesky *cholesky);

/* b[n] <- inverse of the matrix, jitter included, times b. */
void xp_cholesky_solve(const xp_cholesky *cholesky, double *b);

/* Logarithm of the determinant of the matrix, jitter included. */
double xp_cholesky_log_determinant(const xp_cholesky *cholesky);

/* Diagonal [n] of the inverse of the matrix, jitter included. */
xp_status xp_cholesky_inverse_diagonal(const xp_cholesky *cholesky, double *diagonal, xp_error *error);

/* Diagonal [n] of the inverse of U'U for an upper triangular U [n][stride] by columns, no zero on its diagonal. */
xp_status xp_inverse_diagonal(double *diagonal, const double *u, int stride, int n, xp_error *error);

#endif
