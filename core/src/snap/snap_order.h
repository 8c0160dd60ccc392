/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order in which centres share vectors: by species, then by number of neighbours, so that few lanes idle. */
#ifndef XPOT_SNAP_ORDER_H
#define XPOT_SNAP_ORDER_H

#include "snap/snap_geometry.h"

typedef struct xp_snap_order {
  int *atoms;      /* [natoms] of the last call, owned */
  int *counts;     /* [natoms][nlabels] neighbours inside their cutoff, by label; owned */
  size_t capacity; /* of counts */
  size_t *buckets; /* [nbuckets] scratch, owned */
  size_t nbuckets;
} xp_snap_order;

/* Orders all centres; grows the arrays where needed. nlabels is 1 or, for chem-SNAP, the number of elements. */
xp_status xp_snap_order_atoms(xp_snap_order *order, const xp_snap_geometry *geometry,
                              const xp_neighbourhoods *neighbourhoods, int nlabels, xp_error *error);

/* Number of centres from position begin on that one batch takes: of one species, at most width. */
int xp_snap_order_batch(const xp_snap_order *order, const xp_neighbourhoods *neighbourhoods, int begin, int width);

/* Frees the members. */
void xp_snap_order_free(xp_snap_order *order);

#endif
