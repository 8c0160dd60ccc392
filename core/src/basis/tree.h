/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the factors of a B function are coupled to total angular momentum 0: the tree, which intermediate momenta it allows,
 * and the coefficient of each product of spherical harmonics. Momenta are small numbers: l and lint have a byte each. */
#ifndef XPOT_BASIS_TREE_H
#define XPOT_BASIS_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "basis/memo.h"
#include "xpot/ace_basis.h"

enum {
  XP_ACE_TREE_NODES = 2 * XP_ACE_BASIS_RANK_MAX - 1,
  XP_ACE_LINT_MAX = XP_ACE_BASIS_RANK_MAX - 2,
  XP_ACE_SELECT_L_MAX = 20, /* largest l that functions are enumerated for */
  /* Largest sum of the three momenta of a coupling: beyond, Racah's sum loses too many digits. */
  XP_ACE_COUPLING_SUM_MAX = 60,
  /* Most combinations of projections of all factors but the last. */
  XP_ACE_COMBINATIONS_MAX = 1 << 23
};

/* Nodes 0 .. rank-1 are the factors, node rank + c is the result of coupling c of rank - 1; the last one is 0. */
typedef struct xp_ace_tree {
  int rank;
  int left[XP_ACE_BASIS_RANK_MAX], right[XP_ACE_BASIS_RANK_MAX];
} xp_ace_tree;

xp_ace_tree xp_ace_tree_of(int rank);

/* The l of all factors and intermediate results of one function. */
typedef struct xp_ace_momenta {
  unsigned char ls[XP_ACE_BASIS_RANK_MAX];
  unsigned char lint[XP_ACE_LINT_MAX];
} xp_ace_momenta;

/* Number of intermediate results. */
static inline int xp_ace_lint_count(int rank) {
  return rank > 2 ? rank - 2 : 0;
}

/* Whether all triangles close and the momenta are within the limits above. */
bool xp_ace_momenta_closed(const xp_ace_tree *tree, const xp_ace_momenta *momenta);
bool xp_ace_momenta_small(const xp_ace_tree *tree, const xp_ace_momenta *momenta);

/* The first lint that closes for the ls in momenta, and the next one in lexicographic order; false: there is none. */
bool xp_ace_lint_first(const xp_ace_tree *tree, xp_ace_momenta *momenta);
bool xp_ace_lint_next(const xp_ace_tree *tree, xp_ace_momenta *momenta);

/* Projections m of all factors as one number, the first in the highest byte: numbers compare as tuples do. */
typedef uint64_t xp_ace_tuple;

int xp_ace_tuple_get(xp_ace_tuple tuple, int factor);
xp_ace_tuple xp_ace_tuple_of(const int *ms, int rank);

/* The stored half of the tuples of some ls in ascending order: sum 0, the first m that is not zero is positive, or all are
 * zero. */
typedef struct xp_ace_half {
  int count, capacity;
  xp_ace_tuple *tuples; /* [count], owned */
} xp_ace_half;

/* Fills half, which may hold other tuples before. */
xp_status xp_ace_half_fill(xp_ace_half *half, const xp_ace_tree *tree, const unsigned char *ls, xp_error *error);

/* A function ready to be coupled; cache holds the tables of Clebsch-Gordan coefficients. */
typedef struct xp_ace_coupler {
  xp_ace_tree tree;
  int l[XP_ACE_TREE_NODES];
  const double *tables[XP_ACE_BASIS_RANK_MAX];
} xp_ace_coupler;

xp_status xp_ace_coupler_set(xp_ace_coupler *coupler, xp_memo *cache, const xp_ace_tree *tree,
                             const xp_ace_momenta *momenta, xp_error *error);

/* Generalised Clebsch-Gordan coefficient of a tuple, doubled unless the tuple is all zero. */
double xp_ace_coupler_value(const xp_ace_coupler *coupler, xp_ace_tuple tuple);

#endif
