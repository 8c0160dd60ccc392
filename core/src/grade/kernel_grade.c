/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/kernel_grade.h"

#include "ace/lanes.h"

enum { VECTORS = 2 }; /* of a block */

_Static_assert(VECTORS *XP_DOUBLES <= XP_GRADE_WIDTH_MAX, "a block is wider than callers provide for");

int XP_KERNEL(xp_grade_width)(void) {
  return VECTORS * W;
}

typedef long mask __attribute__((vector_size(8 * XP_DOUBLES)));

XP_INLINE vec larger(vec a, vec b) {
  const mask first = (mask)(a > b);
  return (vec)((first & (mask)a) | (~first & (mask)b));
}

/* One tile of columns with one block of atoms: sums stay in registers. */
XP_INLINE void add_tile(int n, const double *tile, const vec *rows, vec largest[VECTORS]) {
  vec sum[XP_GRADE_COLUMNS][VECTORS] = {{{0}}};
  for (int q = 0; q < n; ++q, tile += XP_GRADE_COLUMNS, rows += VECTORS)
    for (int k = 0; k < XP_GRADE_COLUMNS; ++k)
      for (int v = 0; v < VECTORS; ++v) sum[k][v] += tile[k] * rows[v];
  for (int k = 0; k < XP_GRADE_COLUMNS; ++k)
    for (int v = 0; v < VECTORS; ++v) largest[v] = larger(largest[v], larger(sum[k][v], -sum[k][v]));
}

/* A tile of the inverse stays in the first cache while all blocks pass. */
void XP_KERNEL(xp_grade_largest)(int n, int ntiles, const double *tiles, int nblocks, const double *rows,
                                 double *largest) {
  vec *to = (vec *)largest;
  for (int at = 0; at < VECTORS * nblocks; ++at) to[at] = (vec){0};
  for (int t = 0; t < ntiles; ++t, tiles += (size_t)n * XP_GRADE_COLUMNS)
    for (int b = 0; b < nblocks; ++b)
      add_tile(n, tiles, (const vec *)rows + (size_t)b * (size_t)n * VECTORS, to + VECTORS * b);
}
