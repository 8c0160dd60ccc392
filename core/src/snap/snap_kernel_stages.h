/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry points of the kernel sources, one level each; snap_kernel.h says what they do. */
#ifndef XPOT_SNAP_KERNEL_STAGES_H
#define XPOT_SNAP_KERNEL_STAGES_H

#include "kernel/kernel.h"
#include "snap/snap_kernel.h"

void XP_KERNEL(xp_snap_geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch);
void XP_KERNEL(xp_snap_density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                                void *scratch, void *density);
void XP_KERNEL(xp_snap_products)(const xp_snap_stream *stream, const void *left, const void *right, void *out);
void XP_KERNEL(xp_snap_bispectrum)(const xp_snap_tables *tables, const double *zero, const void *density, const void *z,
                                   double *bispectrum);
void XP_KERNEL(xp_snap_quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum,
                                  void *effective, double *energy);
void XP_KERNEL(xp_snap_linear)(int n, const double *beta, void *effective);
void XP_KERNEL(xp_snap_adjoint)(const xp_snap_tables *tables, const void *effective, const void *z, void *scratch,
                                void *adjoint);
void XP_KERNEL(xp_snap_contraction)(const xp_snap_tables *tables, const void *density, const void *adjoint,
                                    double *sum);
void XP_KERNEL(xp_snap_gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch,
                                 int first, int end, void *scratch, const void *adjoint);
#if !XP_KERNEL_MIXED
void XP_KERNEL(xp_snap_pack)(const xp_snap_panel *panels, int npanels, const void *z, double *packed, size_t stride);
void XP_KERNEL(xp_snap_derivative)(const xp_snap_tables *tables, const xp_snap_geometry *geometry,
                                   const xp_snap_batch *batch, int slot, void *scratch, void *derivative);
void XP_KERNEL(xp_snap_contract)(const xp_snap_tables *tables, const xp_snap_panel *panels, int npanels,
                                 const double *packed, const void *derivative, void *sums);
#endif

#endif
