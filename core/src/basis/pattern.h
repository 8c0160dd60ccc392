/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which choices of l and of intermediate momenta give linearly independent functions. It depends on which factors have
 * equal species and n, not on what these are: on the pattern of the product. */
#ifndef XPOT_BASIS_PATTERN_H
#define XPOT_BASIS_PATTERN_H

#include "basis/tree.h"

/* Independent functions of a pattern, ls slowest, in lexicographic order; of equal ls the first lint that are independent
 * of those before. */
typedef struct xp_ace_pattern {
  int count;
  xp_ace_momenta list[]; /* [count] */
} xp_ace_pattern;

/* Patterns met so far and the tables they need. All zero is empty. */
typedef struct xp_ace_patterns {
  xp_memo known, tables;
} xp_ace_patterns;

/* class: [rank] ascending, equal for factors of equal species and n. The result belongs to patterns. */
xp_status xp_ace_patterns_find(xp_ace_patterns *patterns, int rank, const int *class, int lmax,
                               const xp_ace_pattern **pattern, xp_error *error);

void xp_ace_patterns_clear(xp_ace_patterns *patterns);

#endif
