/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_SNAP_MEMORY_H
#define XPOT_SNAP_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* Bytes of the widest vector of lanes, also a cache line: the alignment of kernel arrays. */
#define XP_SNAP_VECTOR 64

/* Vectors that the doubles of the widest lanes (XP_SNAP_LANES) take. */
enum { XP_SNAP_DOUBLE_LANES = 2 };

/* Room for count vectors, aligned for the kernels and not initialised; NULL when there is none. Freed by free. */
static inline void *xp_snap_aligned(size_t count) {
  return aligned_alloc(XP_SNAP_VECTOR, (count + 1) * XP_SNAP_VECTOR);
}

#endif
