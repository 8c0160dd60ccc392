/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A B function as a sum of plain products. */
#ifndef XPOT_BASIS_EXPANSION_H
#define XPOT_BASIS_EXPANSION_H

#include "basis/tree.h"

/* Products in ascending order of their tuples; the factors may be arranged anew: factor t is the function's order[t]. */
typedef struct xp_ace_expansion {
  int count;
  signed char order[XP_ACE_BASIS_RANK_MAX];
  xp_ace_tuple *tuples;  /* [count] */
  double coefficients[]; /* [count], tuples behind them in the same block */
} xp_ace_expansion;

/* Expansions and tables worked out so far; all zero is empty. */
typedef struct xp_ace_expansions {
  xp_memo known, tables;
} xp_ace_expansions;

/* class: [rank] how species and n of the factors compare, smaller is less. The result belongs to expansions. */
xp_status xp_ace_expansions_find(xp_ace_expansions *expansions, int rank, const int *class,
                                 const xp_ace_momenta *momenta, const xp_ace_expansion **expansion, xp_error *error);

void xp_ace_expansions_clear(xp_ace_expansions *expansions);

/* Sorts the m of factors with equal group, which stand side by side. */
void xp_ace_sort_ms(int *ms, const int *group, int rank);

#endif
