/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE models with known coefficients, and structures labelled by them: what a fit should find again. */
#ifndef XPOT_KNOWN_ACE_H
#define XPOT_KNOWN_ACE_H

#include "testing/testing.h"
#include "xpot/ace_basis.h"

/* A basis of the shape that an input file gives (one with repulsion given and without ranges), with random coefficients of
 * functions and energies of free atoms. NULL when the input cannot be read. */
xp_ace_basis *known_ace_make(const char *input, uint64_t seed, xp_error *error);

/* Writes free atoms of all elements, if wanted, and count random crystals with energies, forces and virials; config_type A
 * and B in turn. */
xp_status known_ace_label(const xp_ace_basis *basis, const char *path, uint64_t seed, int count, bool free_atoms,
                          xp_error *error);

#endif
