/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_kernel_stages.h"
#include "snap/snap_lanes.h"

const xp_snap_kernel *XP_KERNEL(xp_snap_kernel)(void);

static const xp_snap_kernel kernel = {
    .width = WIDTH,
    .bytes = sizeof(vec),
    .geometry = XP_KERNEL(xp_snap_geometry),
    .density = XP_KERNEL(xp_snap_density),
    .products = XP_KERNEL(xp_snap_products),
    .bispectrum = XP_KERNEL(xp_snap_bispectrum),
    .quadratic = XP_KERNEL(xp_snap_quadratic),
    .linear = XP_KERNEL(xp_snap_linear),
    .adjoint = XP_KERNEL(xp_snap_adjoint),
    .contraction = XP_KERNEL(xp_snap_contraction),
    .gradient = XP_KERNEL(xp_snap_gradient),
#if !XP_KERNEL_MIXED
    .pack = XP_KERNEL(xp_snap_pack),
    .derivative = XP_KERNEL(xp_snap_derivative),
    .contract = XP_KERNEL(xp_snap_contract),
#endif
};

const xp_snap_kernel *XP_KERNEL(xp_snap_kernel)(void) {
  return &kernel;
}
