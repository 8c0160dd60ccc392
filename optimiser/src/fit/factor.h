/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tall matrices kept as their triangular factor. Rows are collected in a block; a full block is merged into the factor R of
 * the QR decomposition by Householder reflections (LAPACK's dtpqrt), so that R'R = A'A to full precision while A is never
 * held. Few rows are kept as they are. Everything is serial and in the order of the calls: parallelism is over factors. */
#ifndef XPOT_OPTIMISER_FACTOR_H
#define XPOT_OPTIMISER_FACTOR_H

#include <stddef.h>

#include "xpot/error.h"

typedef struct xp_factor {
  int columns; /* with the target */
  double *r; /* [columns][columns] by columns, upper triangle, below it anything; NULL while the rows fit in the block;
                    owned */
  double *block; /* [columns][capacity] by columns, nrows of each used; owned */
  int capacity, nrows;
  long total; /* rows ever added */
} xp_factor;

/* Zeros with the alignment of vector registers, so that sums do not depend on where memory was found; NULL when out of it. */
double *xp_numbers_new(size_t count);

/* An empty factor for about so many rows to come. Uses no memory before the first row. */
void xp_factor_init(xp_factor *factor, int columns, long rows);

/* Frees the members. */
void xp_factor_clear(xp_factor *factor);

/* Adds rows [nrows][columns], row after row. */
xp_status xp_factor_add(xp_factor *factor, const double *rows, int nrows, xp_error *error);

/* Ends collecting: merges the last block when there is a factor, gives unused memory back. */
xp_status xp_factor_finish(xp_factor *factor, xp_error *error);

/* Adds scale times all rows of a finished factor. */
xp_status xp_factor_merge(xp_factor *factor, const xp_factor *more, double scale, xp_error *error);

/* Makes r even of few rows, so that it can be solved. */
xp_status xp_factor_triangulate(xp_factor *factor, xp_error *error);

/* Adds to a triangular factor rows of one number each: diagonal[c] in column c, [columns - 1]; the target's are zero. */
xp_status xp_factor_add_diagonal(xp_factor *factor, const double *diagonal, xp_error *error);

/* gradient[columns] <- A'(A x - b) for coefficients x[columns - 1], for a finished factor; its last number is no use. */
xp_status xp_factor_gradient(const xp_factor *factor, const double *coefficients, double *gradient, xp_error *error);

/* Sum of squares of A x - b for coefficients x[columns - 1], for a finished factor. */
xp_status xp_factor_residual(const xp_factor *factor, const double *coefficients, double *square, xp_error *error);

/* Bytes that a finished factor of so many rows takes. */
double xp_factor_bytes(int columns, long rows);

#endif
