/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order in which centres share vectors: by species, then by number of neighbours, so that few lanes idle. */
#ifndef XPOT_ORDER_H
#define XPOT_ORDER_H

#include "xpot/neighbour.h"

typedef struct xp_order {
  int *atoms;      /* [natoms] of the last sort; owned */
  int *counts;     /* [natoms][nlabels] neighbours of each centre by kind, filled by the caller before sorting; owned */
  size_t capacity; /* of counts */
  int nlabels;
  size_t *buckets; /* [nbuckets] scratch; owned */
  size_t nbuckets;
} xp_order;

/* Room for natoms times nlabels counts, set to zero. */
xp_status xp_order_reserve(xp_order *order, int natoms, int nlabels, xp_error *error);

/* Orders all centres by species, then by the sum of their counts; equal ones stay in order. */
xp_status xp_order_sort(xp_order *order, const xp_neighbourhoods *neighbourhoods, int nspecies, xp_error *error);

/* Number of centres from position begin on that one batch takes: of one species, at most width. */
int xp_order_batch(const xp_order *order, const xp_neighbourhoods *neighbourhoods, int begin, int width);

/* Frees the members. */
void xp_order_clear(xp_order *order);

#endif
