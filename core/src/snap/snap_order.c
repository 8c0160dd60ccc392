/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_order.h"

xp_status xp_snap_order_atoms(xp_order *order, const xp_snap_geometry *geometry,
                              const xp_neighbourhoods *neighbourhoods, int nlabels, xp_error *error) {
  xp_status status = xp_order_reserve(order, neighbourhoods->natoms, nlabels, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < neighbourhoods->natoms; ++i)
    xp_snap_geometry_count(geometry, neighbourhoods, i, order->counts + (size_t)i * (size_t)nlabels);
  return xp_order_sort(order, neighbourhoods, geometry->nelements, error);
}
