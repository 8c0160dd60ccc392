/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How every function's factors are split into the two parts of invariant.h, so that many functions share parts. */
#ifndef XPOT_ACE_SPLIT_H
#define XPOT_ACE_SPLIT_H

#include "ace/invariant.h"

/* A function to be split: its factors as indices of base nodes, in any order. */
typedef struct xp_ace_factors {
  int rank;
  const int *nodes; /* [rank] */
} xp_ace_factors;

/* Factors of the left part first, each part ascending: order[t] is a position in nodes. */
typedef struct xp_ace_split {
  int nleft;
  signed char order[XP_ACE_COUPLED_RANK_MAX];
} xp_ace_split;

/* Splits all functions (rank 2 .. XP_ACE_COUPLED_RANK_MAX): a few rounds in which every function takes the cheapest of its
 * splits, parts that others use already being free. ls [base nodes]. */
xp_status xp_ace_split_all(const xp_ace_factors *functions, int count, const int *ls, int ndensity,
                           xp_ace_split *splits, xp_error *error);

#endif
