/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The products of atomic base entries of one central species as a graph of shared partial products.
 *
 * Slots hold complex numbers: first those A_nlm with m >= 0 that occur, then those A_nl-m, then the inner products, each the product of two earlier slots. Every term of the densities is the real part of a product of two
 * slots (a leaf). Leaves are grouped by one of their two slots, so that the other ones can be summed before multiplying.
 * Terms that are complex conjugates of each other are one. Inner products are found by repeatedly giving a slot to the
 * pair of factors that most unfinished terms share. */
#ifndef XPOT_ACE_PRODUCT_H
#define XPOT_ACE_PRODUCT_H

#include <stddef.h>

#include "ace/reals.h"

/* A term to compile: sum_p coefficients[p] Re(prod of factors). A factor is 2 * (half-basis entry) + (1 for -m). */
typedef struct xp_ace_term {
  int rank;
  int *factors;         /* [rank] owned by the list */
  double *coefficients; /* [ndensity] */
} xp_ace_term;

typedef struct xp_ace_product {
  int ndensity;
  int nhalf;        /* slots of A with m >= 0 */
  int *real;        /* [nhalf] where the base (coupled.h) has sqrt2 times the real part, or A itself when m = 0 */
  int *imaginary;   /* [nhalf] the same for the imaginary part, -1: m = 0 */
  int nnegative;    /* slots behind them with A of -m */
  int *negative_of; /* [nnegative] slot of +m */
  int *sign;        /* [nnegative] (-1)^m */
  int ninner;       /* slots behind these with inner products */
  int (*inner)[2];  /* [ninner] the two factors */
  int nslots;
  int ngroups;
  int *group_slot;  /* [ngroups] */
  int *group_first; /* [ngroups + 1] leaves of a group */
  int nleaves;
  int *leaf;            /* [nleaves] the other factor */
  xp_reals coefficient; /* [nleaves][ndensity] */
} xp_ace_product;

/* The half basis of a central species: entries with m >= 0. */
typedef struct xp_ace_half {
  int m;
  int slot; /* of its real part in the base; the imaginary part follows */
} xp_ace_half;

/* Adds up equal terms of rank >= 2 and drops those without weight: puts the ones left first, in order, and returns their
 * number. The terms' factors and coefficients are overwritten. */
int xp_ace_terms_merge(xp_ace_term *terms, int nterms, int ndensity, const xp_ace_half *half);

/* Compiles merged terms, whose factors are overwritten. */
xp_status xp_ace_product_build(xp_ace_product *product, xp_ace_term *terms, int nterms, int ndensity,
                               const xp_ace_half *half, int nhalf, xp_precision precision, xp_error *error);

/* Operations of energy and gradient: of the graph; of merged terms multiplied out one by one; and what any graph of them
 * costs at least. */
double xp_ace_product_operations(const xp_ace_product *product);
double xp_ace_terms_operations(const xp_ace_term *terms, int nterms, int ndensity);
double xp_ace_terms_least(int nterms, int ndensity);

/* Bytes of streams and coefficients. */
size_t xp_ace_product_bytes(const xp_ace_product *product);
void xp_ace_product_clear(xp_ace_product *product);

#endif
