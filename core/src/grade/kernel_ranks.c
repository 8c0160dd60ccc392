/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/kernel_ranks.h"

#include "ace/lanes.h"

typedef long mask __attribute__((vector_size(8 * XP_DOUBLES), may_alias));

enum { VECTORS = XP_CANONICAL_BLOCK / D };

/* No branch depends on the keys: for a few dozen of them counting is faster than sorting. */
void XP_KERNEL(xp_canonical_ranks)(const double *keys, int count, int *ranks) {
  for (int k = 0; k < count; k += XP_CANONICAL_BLOCK) {
    dvec own[VECTORS];
    mask smaller[VECTORS] = {{0}};
    __builtin_memcpy(own, keys + k, sizeof own);
    for (int other = 0; other < count; ++other)
      for (int v = 0; v < VECTORS; ++v) smaller[v] -= dvec_all(keys[other]) < own[v]; /* true is -1 */
    for (int i = 0; i < XP_CANONICAL_BLOCK; ++i) ranks[k + i] = (int)smaller[i / D][i % D];
  }
}
