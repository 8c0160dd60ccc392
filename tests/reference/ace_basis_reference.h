/* SPDX-License-Identifier: GPL-2.0-or-later */
/* B functions and C-tilde functions of one atom, straight from the atomic base A_nlm with the exact radial functions: the
 * couplings are summed up the tree, over all m, without the half basis. */
#ifndef XPOT_ACE_BASIS_REFERENCE_H
#define XPOT_ACE_BASIS_REFERENCE_H

#include <complex.h>
#include <stdbool.h>

#include "xpot/ace.h"
#include "xpot/ace_basis.h"
#include "xpot/neighbour.h"

/* The atomic base of an atom. */
typedef struct xp_reference_base {
  int nelements, nbase, nradial, lmax; /* largest of all bonds */
  double *a1;                          /* [species][nbase], owned */
  double complex *a;                   /* [species][nradial][(lmax+1)^2], owned */
} xp_reference_base;

/* Of one atom among the neighbourhoods, whose species are the model's. False: out of memory. */
bool xp_reference_base_fill(xp_reference_base *base, const xp_ace_model *model, const xp_neighbourhoods *neighbourhoods,
                            int atom);
void xp_reference_base_free(xp_reference_base *base);

/* Value of a B function. */
double xp_reference_bfunction(const xp_reference_base *base, const xp_ace_bfunction *function);

/* What a C-tilde function adds to density p. */
double xp_reference_cfunction(const xp_reference_base *base, const xp_ace_function *function, int p);

#endif
