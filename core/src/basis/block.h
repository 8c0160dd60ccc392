/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of one block in the order of their enumeration: by rank, neighbour species, ns, and as in pattern.h. */
#ifndef XPOT_BASIS_BLOCK_H
#define XPOT_BASIS_BLOCK_H

#include "basis/pattern.h"

/* Functions that share species and radial indices. */
typedef struct xp_ace_product {
  int rank;
  int mus[XP_ACE_BASIS_RANK_MAX], ns[XP_ACE_BASIS_RANK_MAX];
  int size; /* rank + sum of ns: power order without l */
  const xp_ace_pattern *pattern;
} xp_ace_product;

typedef xp_status xp_ace_product_visitor(void *context, const xp_ace_product *product, xp_error *error);

/* Whether a request makes sense. */
xp_status xp_ace_block_check(const xp_ace_block_request *block, int nelements, xp_error *error);

/* Shows all products of a block whose size is at most this. */
xp_status xp_ace_block_visit(const xp_ace_block_request *block, xp_ace_patterns *patterns, int size_max,
                             xp_ace_product_visitor *visitor, void *context, xp_error *error);

/* rank + sum of ns + sum of ls. */
int xp_ace_product_power(const xp_ace_product *product, const xp_ace_momenta *momenta);

/* Above every power order of the block. */
int xp_ace_block_power_end(const xp_ace_block_request *block);

#endif
