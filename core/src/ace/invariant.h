/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rotationally invariant polynomials a product of factors A_n1l1 A_n2l2 ... allows, and finding a given one among
 * them.
 *
 * The factors are split into a left and a right part; each is coupled from its first factor on, ((1 2)_L 3)_L' ..., and the
 * two results with equal L are multiplied (coupled.h). Every choice of intermediate L gives a polynomial in the A_nlm; those
 * that are linearly independent for this kind of product are kept. A polynomial from a file, a list of coefficients of
 * plain products, is then a unique combination of them, if it is invariant at all. */
#ifndef XPOT_ACE_INVARIANT_H
#define XPOT_ACE_INVARIANT_H

#include <stdbool.h>

#include "xpot/error.h"

enum { XP_ACE_COUPLED_RANK_MAX = 8, XP_ACE_PART_MAX = XP_ACE_COUPLED_RANK_MAX / 2 };

/* A kind of product: factors in the order of the parts, left one first. */
typedef struct xp_ace_shape {
  int rank, nleft;
  signed char ls[XP_ACE_COUPLED_RANK_MAX];
  signed char same[XP_ACE_COUPLED_RANK_MAX]; /* position of the first factor that is the same A_nl */
} xp_ace_shape;

/* One choice of intermediate L: of each part after its first, second, ... factor. */
typedef struct xp_ace_path {
  signed char left[XP_ACE_PART_MAX], right[XP_ACE_PART_MAX];
  signed char l; /* of both results */
} xp_ace_path;

/* All about one shape. */
typedef struct xp_ace_invariants xp_ace_invariants;

/* Shapes seen so far. */
typedef struct xp_ace_shapes xp_ace_shapes;

xp_status xp_ace_shapes_new(xp_ace_shapes **shapes, xp_error *error);
/* NULL is allowed. */
void xp_ace_shapes_free(xp_ace_shapes *shapes);

/* The invariants of a shape, worked out when it is new; owned by shapes. NULL in *invariants: too large to work out. */
xp_status xp_ace_shapes_find(xp_ace_shapes *shapes, const xp_ace_shape *shape, const xp_ace_invariants **invariants,
                             xp_error *error);

/* Number of independent invariants and their paths. */
int xp_ace_invariants_count(const xp_ace_invariants *invariants);
const xp_ace_path *xp_ace_invariants_path(const xp_ace_invariants *invariants, int index);

/* Finds weights [count][nset] so that sum_i weights[i] invariant_i is the polynomial sum_q coefficients[q][nset]
 * Re prod_t A_ms[q][t], with ms [ntuples][rank] in the order of the shape's factors, for nset sets of coefficients at once.
 * False in *exact: it is not there to 1e-12 of the largest coefficient. */
xp_status xp_ace_invariants_solve(const xp_ace_invariants *invariants, const int *ms, int ntuples,
                                  const double *coefficients, int nset, double *weights, bool *exact, xp_error *error);

#endif
