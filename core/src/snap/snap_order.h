/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Centres in the order of their neighbours inside the cutoff. */
#ifndef XPOT_SNAP_ORDER_H
#define XPOT_SNAP_ORDER_H

#include "neighbour/order.h"
#include "snap/snap_geometry.h"

/* Orders all centres; grows the arrays where needed. nlabels is 1 or, for chem-SNAP, the number of elements. */
xp_status xp_snap_order_atoms(xp_order *order, const xp_snap_geometry *geometry,
                              const xp_neighbourhoods *neighbourhoods, int nlabels, xp_error *error);

#endif
