/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours in an order that depends on the geometry alone, so that sums over them are the same to the last bit on any
 * number of threads and ranks. */
#ifndef XPOT_CANONICAL_H
#define XPOT_CANONICAL_H

#include "xpot/neighbour.h"

/* Neighbours of one atom that are to be sorted; begin with zeros. */
typedef struct xp_canonical {
  double *squares; /* [capacity] of the distances; filled by the caller; owned */
  int *index;      /* [capacity] where the displacements are; filled by the caller; owned */
  size_t capacity;
  int *ranks;                                  /* owned */
  struct xp_canonical_neighbour *list, *other; /* room for sorting; owned */
} xp_canonical;

xp_status xp_canonical_reserve(xp_canonical *canonical, size_t count, xp_error *error);
void xp_canonical_clear(xp_canonical *canonical);

/* Writes index[first .. first + count) by distance, then x, y, z of displacements[index]. */
void xp_canonical_order(xp_canonical *canonical, size_t first, size_t count, const double (*displacements)[3], int *to);

#endif
