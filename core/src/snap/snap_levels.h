/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recursion for one neighbour's matrices V^j (snap_tables.h), a row at a time. Only for kernel sources.
 * Complex numbers are two vectors, real and imaginary; level j begins at vector 2 ublock[j]. */
#ifndef XPOT_SNAP_LEVELS_H
#define XPOT_SNAP_LEVELS_H

#include "snap/snap_powers.h"
#include "snap/snap_tables.h"

/* Row mb of level j from row mb of level j - 1: V[ma] = conj(a) P[ma] - conj(b) P[ma-1]. */
static inline void next_row(lanes *restrict row, const lanes *restrict previous, int j, const cayley_klein *ck) {
  vec lower_r = previous[0], lower_i = previous[1];
  row[0] = ck->ar * lower_r + ck->ai * lower_i;
  row[1] = ck->ar * lower_i - ck->ai * lower_r;
  for (int ma = 1; ma < j; ++ma) {
    vec r = previous[2 * ma], i = previous[2 * ma + 1];
    row[2 * ma] = ck->ar * r + ck->ai * i - ck->br * lower_r - ck->bi * lower_i;
    row[2 * ma + 1] = ck->ar * i - ck->ai * r - ck->br * lower_i + ck->bi * lower_r;
    lower_r = r;
    lower_i = i;
  }
  row[2 * j] = -(ck->br * lower_r + ck->bi * lower_i);
  row[2 * j + 1] = ck->bi * lower_r - ck->br * lower_i;
}

/* Row j - mb from entries 0 .. last of row mb by inversion symmetry: V[j-mb][j-ma] = (-1)^(ma+mb) conj(V[mb][ma]). */
static inline void mirror_row(lanes *mirrored, const lanes *row, int j, int mb, int last) {
  for (int ma = 0; ma <= last; ++ma) {
    lanes *to = mirrored + 2 * (j - ma);
    vec r = row[2 * ma], i = row[2 * ma + 1];
    to[0] = (ma + mb) % 2 ? -r : r;
    to[1] = (ma + mb) % 2 ? i : -i;
  }
}

/* Rows 2 mb <= j of level j, and for odd j the one that level j + 1 needs. v holds all levels; j - 1 is done. */
static inline void next_level(lanes *v, const xp_snap_tables *t, int j, const cayley_klein *ck) {
  lanes *level = v + 2 * t->ublock[j];
  const lanes *previous = v + 2 * t->ublock[j - 1];
  for (int mb = 0; 2 * mb <= j; ++mb) next_row(level + 2 * (j + 1) * mb, previous + 2 * j * mb, j, ck);
  if (j % 2) mirror_row(level + (j + 1) * (j + 1), level + (j - 1) * (j + 1), j, (j - 1) / 2, j);
}

#endif
