/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The products of atomic base entries of one central species as a graph of shared partial products.
 *
 * Slots hold complex numbers: first the half basis A_nlm with m >= 0, then those A_nl-m that occur, then the inner
 * products, each the product of two earlier slots. Every term of the densities is the real part of a product of two
 * slots (a leaf). Leaves are grouped by one of their two slots, so that the other ones can be summed before multiplying.
 * Terms that are complex conjugates of each other are one. Inner products are found by repeatedly giving a slot to the
 * pair of factors that most unfinished terms share. */
#ifndef XPOT_ACE_PRODUCT_H
#define XPOT_ACE_PRODUCT_H

#include "xpot/error.h"

/* A term to compile: sum_p coefficients[p] Re(prod of factors). A factor is 2 * (half-basis entry) + (1 for -m). */
typedef struct xp_ace_term {
  int rank;
  int *factors;         /* [rank] owned by the list */
  double *coefficients; /* [ndensity] */
} xp_ace_term;

typedef struct xp_ace_product {
  int ndensity;
  int nhalf;        /* slots of the half basis */
  int nnegative;    /* slots behind them with A of -m */
  int *negative_of; /* [nnegative] slot of +m */
  double *sign;     /* [nnegative] (-1)^m */
  int ninner;       /* slots behind these with inner products */
  int (*inner)[2];  /* [ninner] the two factors */
  int nslots;
  int ngroups;
  int *group_slot;  /* [ngroups] */
  int *group_first; /* [ngroups + 1] leaves of a group */
  int nleaves;
  int *leaf;           /* [nleaves] the other factor */
  double *coefficient; /* [nleaves][ndensity] */
} xp_ace_product;

/* Compiles terms of rank >= 2. ms[nhalf] are the m of the half basis. The terms' factors and coefficients are
 * overwritten. */
xp_status xp_ace_product_build(xp_ace_product *product, xp_ace_term *terms, int nterms, int ndensity, const int *ms,
                               int nhalf, xp_error *error);
void xp_ace_product_clear(xp_ace_product *product);

#endif
