/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stages of the ACE kernel, one after the other; formulas of ace.md sections 2 to 6. Only for kernel sources. */
#ifndef XPOT_ACE_KERNEL_STAGES_H
#define XPOT_ACE_KERNEL_STAGES_H

#include "ace/batch.h"
#include "ace/lanes.h"

/* Radial functions of all neighbours, the rank-1 densities and the core. */
void XP_KERNEL(xp_ace_radial_stage)(xp_ace_batch *batch);

/* Spherical harmonics of all neighbours. */
void XP_KERNEL(xp_ace_harmonics_stage)(const xp_ace_batch *batch);

/* The base A_nl. */
void XP_KERNEL(xp_ace_basis_stage)(const xp_ace_batch *batch);

/* Couplings and dot products added to the densities, and back to the adjoints of the base. */
void XP_KERNEL(xp_ace_coupled_forward)(const xp_ace_batch *batch);
void XP_KERNEL(xp_ace_coupled_backward)(const xp_ace_batch *batch);

/* The same for functions kept as plain products; backward adds to the adjoints of the base. */
void XP_KERNEL(xp_ace_product_forward)(const xp_ace_batch *batch);
void XP_KERNEL(xp_ace_product_backward)(const xp_ace_batch *batch);

/* Gradients of all neighbours. */
void XP_KERNEL(xp_ace_gradient_stage)(const xp_ace_batch *batch);

static inline vec *vectors(void *data, size_t index) {
  return (vec *)data + index;
}

static inline dvec *double_vectors(double *data, size_t index) {
  return (dvec *)data + index * HALVES;
}

static inline int lm_count(int lmax) {
  return (lmax + 1) * (lmax + 2) / 2;
}

#endif
