/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the B basis share: order, checks, views. */
#ifndef XPOT_BASIS_BASIS_H
#define XPOT_BASIS_BASIS_H

#include <stdbool.h>

#include "ace/model.h"
#include "basis/tree.h"
#include "xpot/ace_basis.h"

static inline xp_ace_bond *xp_ace_basis_bond(const xp_ace_basis *basis, int i, int j) {
  return &basis->bonds[i * basis->nelements + j];
}

/* The basis as a model without functions, for the checks of models; everything is borrowed. */
xp_ace_model xp_ace_basis_view(const xp_ace_basis *basis);

/* The order of the functions of a central species: by rank, mus, ns, ls, lint. For qsort. */
int xp_ace_bfunction_compare(const void *a, const void *b);

/* Sorts the functions of all species; those that compare equal keep their order. */
xp_status xp_ace_basis_sort(xp_ace_basis *basis, xp_error *error);

/* The momenta of a function that was checked. */
xp_ace_momenta xp_ace_bfunction_momenta(const xp_ace_bfunction *function);

/* Whether a function of a central species can be expanded. Bonds and embeddings are checked before. Fields are those of
 * .yaml files. */
bool xp_ace_bfunction_check(const xp_ace_basis *basis, int centre, const xp_ace_bfunction *function,
                            xp_ace_finding *finding);

#endif
