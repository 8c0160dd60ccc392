/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/kernel_stages.h"

static void energy_stage(xp_ace_batch *batch) {
  for (int lane = 0; lane < W; ++lane)
    xp_ace_atom_evaluate(&batch->centre->rule, batch->densities + lane, W, &batch->core[lane], batch->slopes + lane,
                         &batch->result[lane]);
}

void XP_KERNEL(xp_ace_kernel_run)(xp_ace_batch *batch) {
  bool products = batch->centre->product.nleaves > 0;
  XP_KERNEL(xp_ace_radial_stage)(batch);
  XP_KERNEL(xp_ace_harmonics_stage)(batch);
  XP_KERNEL(xp_ace_basis_stage)(batch);
  XP_KERNEL(xp_ace_coupled_forward)(batch);
  if (products) XP_KERNEL(xp_ace_product_forward)(batch);
  energy_stage(batch);
  if (!batch->gradients) return;
  XP_KERNEL(xp_ace_coupled_backward)(batch);
  if (products) XP_KERNEL(xp_ace_product_backward)(batch);
  XP_KERNEL(xp_ace_gradient_stage)(batch);
}

int XP_KERNEL(xp_ace_kernel_lanes)(void) {
  return W;
}
