/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fitting kernels share. Only for kernel sources. */
#ifndef XPOT_TRAINING_KERNEL_STAGES_H
#define XPOT_TRAINING_KERNEL_STAGES_H

#include "ace/lanes.h"
#include "training/batch.h"

/* Products of the base with all couplings, and their change. */
void XP_KERNEL(xp_training_products)(xp_training_batch *batch, bool motion);

/* Changes of nodes, leaves and densities from those of the base, tangents; values are vectors [nslots]. motions: change of
 * the primitives, for rank 1; NULL: left out. */
void XP_KERNEL(xp_training_changes)(xp_training_batch *batch, const void *values, double *motions);

/* Adjoints of the base by phi; second also those by alpha. */
void XP_KERNEL(xp_training_back)(xp_training_batch *batch, bool second);

static inline vec *vectors(double *data, size_t index) {
  return (vec *)data + index;
}

static inline int lm_count(int lmax) {
  return (lmax + 1) * (lmax + 2) / 2;
}

/* A matrix of vectors: element (i, j) is data[i * down + j * right]. */
typedef struct matrix {
  const vec *data;
  size_t down, right;
} matrix;

/* A tile of the product: to (rows `step` apart) += sum_t a(t, i) b(t, j) lane by lane, in registers. */
XP_INLINE void multiply_tile(matrix a, matrix b, int count, int rows, int columns, vec *to, size_t step) {
  vec sum[4][4];
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) sum[i][j] = to[(size_t)i * step + (size_t)j];
  for (int t = 0; t < count; ++t) {
    const vec *x = a.data + (size_t)t * a.down, *y = b.data + (size_t)t * b.down;
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j) sum[i][j] += x[(size_t)i * a.right] * y[(size_t)j * b.right];
  }
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) to[(size_t)i * step + (size_t)j] = sum[i][j];
}

/* Registers for a tile: four by four, half of that where there are only sixteen. */
enum { TILE_ROWS = 4, TILE_COLUMNS = XP_KERNEL_LEVEL >= 4 ? 4 : 2 };

XP_INLINE void multiply_row(matrix a, matrix b, int count, int rows, int columns, vec *to, size_t step) {
  int j = 0;
  for (; j + TILE_COLUMNS <= columns; j += TILE_COLUMNS) {
    multiply_tile(a, b, count, rows, TILE_COLUMNS, to + j, step);
    b.data += TILE_COLUMNS * b.right;
  }
  for (; j < columns; ++j, b.data += b.right) multiply_tile(a, b, count, rows, 1, to + j, step);
}

/* to[i][j] += sum_t a(t, i) b(t, j) for all rows i and columns j. */
static inline void multiply_add(matrix a, matrix b, int count, int rows, int columns, vec *to, size_t step) {
  int i = 0;
  for (; i + TILE_ROWS <= rows; i += TILE_ROWS, a.data += TILE_ROWS * a.right)
    multiply_row(a, b, count, TILE_ROWS, columns, to + (size_t)i * step, step);
  for (; i < rows; ++i, a.data += a.right) multiply_row(a, b, count, 1, columns, to + (size_t)i * step, step);
}

#endif
