/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry points of the kernel sources, one level each; snap_kernel.h says what they do. */
#ifndef XPOT_SNAP_KERNEL_STAGES_H
#define XPOT_SNAP_KERNEL_STAGES_H

#include "kernel/kernel.h"
#include "snap/snap_kernel.h"

void XP_KERNEL(xp_snap_geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch);
void XP_KERNEL(xp_snap_density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                                double *scratch, double *density);
void XP_KERNEL(xp_snap_products)(const xp_snap_stream *stream, const double *left, const double *right, double *out);
void XP_KERNEL(xp_snap_folded)(const xp_snap_tables *tables, const xp_snap_stream *stream, const double *density,
                               double *adjoint);
void XP_KERNEL(xp_snap_bispectrum)(const xp_snap_tables *tables, const double *zero, const double *density,
                                   const double *z, double *bispectrum);
void XP_KERNEL(xp_snap_quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum,
                                  double *effective, double *energy);
void XP_KERNEL(xp_snap_adjoint)(const xp_snap_tables *tables, const double *effective, const double *z,
                                double *adjoint);
void XP_KERNEL(xp_snap_contraction)(const xp_snap_tables *tables, const double *density, const double *adjoint,
                                    double *sum);
void XP_KERNEL(xp_snap_gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch,
                                 int first, int end, double *scratch, const double *adjoint);
void XP_KERNEL(xp_snap_pack)(const xp_snap_panel *panels, int npanels, const double *z, double *packed, size_t stride);
void XP_KERNEL(xp_snap_derivative)(const xp_snap_tables *tables, const xp_snap_geometry *geometry,
                                   const xp_snap_batch *batch, int slot, double *scratch, double *derivative);
void XP_KERNEL(xp_snap_contract)(const xp_snap_tables *tables, const xp_snap_panel *panels, int npanels,
                                 const double *packed, const double *derivative, double *sums);

#endif
