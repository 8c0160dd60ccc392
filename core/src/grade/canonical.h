/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours in an order that depends on the geometry alone, so that sums over them are the same to the last bit on any
 * number of threads and ranks. */
#ifndef XPOT_CANONICAL_H
#define XPOT_CANONICAL_H

#include "xpot/neighbour.h"

/* Room for sorted neighbours; begin with zeros. */
typedef struct xp_canonical {
  struct xp_canonical_neighbour *neighbours, *room; /* [capacity]; owned */
  int *species;                                     /* [capacity]; owned */
  double (*displacements)[3];                       /* [capacity]; owned */
  size_t capacity;
} xp_canonical;

void xp_canonical_clear(xp_canonical *canonical);

/* The same neighbourhoods, neighbours by species, distance, then x, y, z; they borrow from canonical and from what was
 * given. */
xp_status xp_canonical_sort(xp_canonical *canonical, const xp_neighbourhoods *from, xp_neighbourhoods *sorted,
                            xp_error *error);

#endif
