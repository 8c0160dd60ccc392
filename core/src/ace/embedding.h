/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the densities of one atom to its energy (ace.md section 5). */
#ifndef XPOT_ACE_EMBEDDING_H
#define XPOT_ACE_EMBEDDING_H

#include "xpot/ace.h"

typedef struct xp_ace_atom_rule {
  int ndensity;
  xp_ace_embedding_type npoti;
  double *parameters; /* [2 * ndensity] w_0, m_0, ...; owned by the plan */
  double rho_core_cutoff, drho_core_cutoff;
  double e0;
  xp_ace_inner_type inner;
} xp_ace_atom_rule;

/* What one atom's energy depends on besides its densities. */
typedef struct xp_ace_core_state {
  double rho_core;
  double depth; /* zbl: how far the most compressed bond is inside its inner cutoff: r_in - r; 0 or less: none */
  double width; /* zbl: dcut_in of that bond */
} xp_ace_core_state;

typedef struct xp_ace_atom_energy {
  double energy;
  double core_factor;   /* 1 - fc */
  double core_slope;    /* dE/drho_core */
  double nearest_slope; /* dE/dr of the most compressed bond beyond the other terms; zbl only */
} xp_ace_atom_energy;

/* Fills slopes[ndensity] with dE/drho^(p). densities and slopes have the given stride. */
void xp_ace_atom_evaluate(const xp_ace_atom_rule *rule, const double *densities, int stride,
                          const xp_ace_core_state *core, double *slopes, xp_ace_atom_energy *result);

/* F(rho; m) of one density and its first two derivatives, without the prefactor. The second one jumps at rho = 0. */
void xp_ace_embed(xp_ace_embedding_type npoti, double rho, double m, double out[3]);

#endif
