/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Couplings of products of spherical harmonics to total angular momentum zero, as pacemaker defines them: neighbours first,
 * then the two oldest results, the odd one out last (Bochkarev et al., Phys. Rev. Mater. 6, 013804, 2022). For tests that
 * make ACE potentials of their own; independent of what the library does. */
#ifndef XPOT_TESTING_ACE_COUPLING_H
#define XPOT_TESTING_ACE_COUPLING_H

#include <stdbool.h>

enum { XP_COUPLING_RANK_MAX = 8, XP_COUPLING_NODES_MAX = 2 * XP_COUPLING_RANK_MAX };

/* <j1 m1 j2 m2 | j m>. */
double xp_coupling_clebsch_gordan(int j1, int m1, int j2, int m2, int j, int m);

/* Who is coupled with whom. Nodes 0 .. rank-1 are the factors, node rank + c is the result of coupling c; the last one of
 * the rank - 1 couplings has total 0. */
typedef struct xp_coupling_tree {
  int rank;
  int left[XP_COUPLING_RANK_MAX], right[XP_COUPLING_RANK_MAX];
} xp_coupling_tree;

xp_coupling_tree xp_coupling_tree_of(int rank);

/* Generalised Clebsch-Gordan coefficient of factors (ls, ms) with intermediate momenta lint[rank - 2]; 1 for rank 1. */
double xp_coupling_coefficient(const xp_coupling_tree *tree, const int *ls, const int *lint, const int *ms);

/* The stored half of the tuples: the sum is zero, the first m that is not zero is positive. Returns 0 for all others, 2 for
 * tuples that stand for themselves and their mirror image, 1 for the tuple of zeros. */
int xp_coupling_multiplicity(const int *ms, int rank);

/* Steps ms through -ls .. ls like a counter, last factor fastest; false after the last tuple. */
bool xp_coupling_next(const int *ls, int rank, int *ms);

#endif
