/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the densities of one atom to its energy (ace.md section 5). */
#ifndef XPOT_ACE_EMBEDDING_H
#define XPOT_ACE_EMBEDDING_H

#include "xpot/ace_atom.h"

/* The rule of an element; the caller clears it. */
xp_status xp_ace_atom_rule_new(xp_ace_atom_rule *rule, const xp_ace_embedding *embedding, xp_ace_inner_type inner,
                               double e0, xp_error *error);
void xp_ace_atom_rule_clear(xp_ace_atom_rule *rule);

/* Fills slopes[ndensity] with dE/drho^(p). densities and slopes have the given stride. */
void xp_ace_atom_evaluate(const xp_ace_atom_rule *rule, const double *densities, int stride,
                          const xp_ace_core_state *core, double *slopes, xp_ace_atom_energy *result);

/* F(rho; m) of one density and its first two derivatives, without the prefactor. The second one jumps at rho = 0. */
void xp_ace_embed(xp_ace_embedding_type npoti, double rho, double m, double out[3]);

#endif
