/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scratch memory and steps that evaluation and descriptors share: lanes of centres, U and Z. */
#ifndef XPOT_SNAP_DENSITY_H
#define XPOT_SNAP_DENSITY_H

#include "snap/snap_kernel.h"

typedef struct xp_snap_density {
  xp_snap_batch batch;
  void *scratch; /* of the kernels */
  void *u;       /* [nlabels][nu] complex lanes */
  void *z;       /* [nlabels][nlabels][nz] complex lanes; NULL when not needed */
} xp_snap_density;

xp_status xp_snap_density_new(xp_snap_density *density, const xp_snap_tables *tables, bool with_z, xp_error *error);

/* Frees the members. */
void xp_snap_density_free(xp_snap_density *density);

/* Packs centres of one species and computes their U; counts as xp_snap_batch_centres. */
xp_status xp_snap_density_centres(xp_snap_density *density, const xp_snap_tables *tables,
                                  const xp_snap_geometry *geometry, const xp_snap_kernel *kernel,
                                  const xp_neighbourhoods *neighbourhoods, const int *atoms, const int *counts,
                                  int count, xp_error *error);

/* Z of all pairs of labels from U. */
void xp_snap_density_products(xp_snap_density *density, const xp_snap_tables *tables, const xp_snap_kernel *kernel);

#endif
