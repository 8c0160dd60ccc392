/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Energies of free atoms in the metadata of a .yaml file, which has no other place for them: the key reference_energy with
 * an object {"Si": -0.8, ...}, perhaps with a shift an atom (ace.md section 9.2). */
#ifndef XPOT_BASIS_REFERENCE_ENERGY_H
#define XPOT_BASIS_REFERENCE_ENERGY_H

#include <stdbool.h>
#include <stdio.h>

#include "ace/yaml_tree.h"
#include "xpot/ace_basis.h"

#define XP_ACE_REFERENCE_ENERGY "reference_energy"

/* Takes e0 of a basis, whose elements are known, from the value of the key; false in *taken: it is no object. */
xp_status xp_ace_reference_energy_read(xp_ace_basis *basis, const xp_yaml_tree *tree, const xp_yaml_node *value,
                                       bool *taken, xp_error *error);

/* Whether there is anything to write; the object, quotes escaped as in a quoted scalar. */
bool xp_ace_reference_energy_exists(const xp_ace_basis *basis);
void xp_ace_reference_energy_put(FILE *out, const xp_ace_basis *basis);

#endif
