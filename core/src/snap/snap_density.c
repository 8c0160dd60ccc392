/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_density.h"

#include <string.h>

#include "snap/snap_memory.h"

xp_status xp_snap_density_new(xp_snap_density *density, const xp_snap_tables *tables, bool with_z, xp_error *error) {
  size_t nlabels = (size_t)tables->nlabels;
  memset(density, 0, sizeof *density);
  xp_status status = xp_snap_batch_new(&density->batch, tables->nlabels, error);
  if (status != XP_OK) return status;
  density->scratch = xp_snap_aligned(tables->scratch);
  density->u = xp_snap_aligned(2 * nlabels * (size_t)tables->nu);
  if (with_z) density->z = xp_snap_aligned(2 * nlabels * nlabels * (size_t)tables->nz);
  if (density->scratch && density->u && (density->z || !with_z)) return XP_OK;
  xp_snap_density_free(density);
  return xp_error_memory(error, "SNAP matrices");
}

void xp_snap_density_free(xp_snap_density *density) {
  xp_snap_batch_free(&density->batch);
  free(density->scratch);
  free(density->u);
  free(density->z);
  memset(density, 0, sizeof *density);
}

xp_status xp_snap_density_centres(xp_snap_density *density, const xp_snap_tables *tables,
                                  const xp_snap_geometry *geometry, const xp_snap_kernel *kernel,
                                  const xp_neighbourhoods *neighbourhoods, const int *atoms, const int *counts,
                                  int count, xp_error *error) {
  xp_snap_batch *batch = &density->batch;
  xp_status status = xp_snap_batch_centres(batch, geometry, neighbourhoods, atoms, counts, count, kernel->width, error);
  if (status != XP_OK) return status;
  kernel->geometry(geometry, batch);
  int own = geometry->chemflag ? neighbourhoods->species[atoms[0]] : 0, first = 0;
  size_t stride = (size_t)tables->nu * 2 * kernel->bytes;
  for (int label = 0; label < tables->nlabels; first = batch->end[label++])
    kernel->density(tables, batch, first, batch->end[label], label == own || geometry->wselfallflag, density->scratch,
                    (char *)density->u + (size_t)label * stride);
  return XP_OK;
}

void xp_snap_density_products(xp_snap_density *density, const xp_snap_tables *tables, const xp_snap_kernel *kernel) {
  size_t stride_u = (size_t)tables->nu * 2 * kernel->bytes, stride_z = (size_t)tables->nz * 2 * kernel->bytes;
  const char *u = density->u;
  for (int e1 = 0; e1 < tables->nlabels; ++e1)
    for (int e2 = 0; e2 < tables->nlabels; ++e2)
      kernel->products(e1 == e2 ? &tables->same : &tables->mixed, u + (size_t)e1 * stride_u, u + (size_t)e2 * stride_u,
                       (char *)density->z + (size_t)(e1 * tables->nlabels + e2) * stride_z);
}
