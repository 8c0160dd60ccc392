/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_SNAP_MEMORY_H
#define XPOT_SNAP_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* Alignment of kernel arrays, bytes: a cache line and the widest register. */
#define XP_SNAP_ALIGNMENT 64

/* Room for count doubles, aligned for the kernels and not initialised; NULL when there is none. Freed by free. */
static inline double *xp_snap_aligned(size_t count) {
  size_t line = XP_SNAP_ALIGNMENT / sizeof(double);
  return aligned_alloc(XP_SNAP_ALIGNMENT, (count + line) / line * XP_SNAP_ALIGNMENT);
}

#endif
