/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a compiled ACE plan consists of, for the files that build and use it.
 *
 * Evaluation takes W atoms of one central species at a time, W being the vector length of the kernel. Every array of the
 * workspace is an array of vectors, one lane an atom ("structure of arrays"):
 *   neighbours   ordered by neighbour species; the lanes' lists are padded to the longest with weight 0
 *   base A_nl    [slot] real vectors of 2l+1 components (coupled.h), ordered by neighbour species, l, n. Only those (n, l)
 *                exist that some function uses
 *   adjoints     as the base and the coupled nodes behind it */
#ifndef XPOT_ACE_PLAN_DATA_H
#define XPOT_ACE_PLAN_DATA_H

#include "ace/ace_plan.h"
#include "ace/coupled.h"
#include "ace/embedding.h"
#include "ace/product.h"
#include "ace/table.h"

/* Columns of R_nl that are made together: four accumulators hide the latency of a multiply-add. */
enum { XP_ACE_TILE = 4 };

/* All radial functions of one l. */
typedef struct xp_ace_block {
  int l;
  int count;  /* radial functions n */
  int column; /* of the first in the radial row */
  int node;   /* base node of the first; the others follow */
  int slot;   /* its first component; those of the next n follow after 2l+1 */
} xp_ace_block;

/* One ordered pair of species. */
typedef struct xp_ace_pair {
  xp_ace_radial radial;
  xp_ace_table table;
  double minimum;     /* smallest distance allowed, Angstrom */
  double inner_start; /* r_in - D_in */
  double rcut_in, dcut_in;
  int lmax; /* largest l of the blocks, -1: none */
  int nblocks;
  xp_ace_block *blocks; /* owned */
  int nbase;            /* functions g_k of the table; column nbase is the core */
  int ncolumns;         /* R_nl of all blocks */
  xp_reals matrix;      /* [ncolumns / XP_ACE_TILE, rounded up][nbase][XP_ACE_TILE] R_nl from g_k, zeros in padding */
  double *density;      /* [ndensity][nbase] rank-1 functions summed over n; owned */
} xp_ace_pair;

/* How the products of a species are evaluated, as counted. */
typedef struct xp_ace_choice {
  int nmethods;
  xp_plan_method methods[XP_PLAN_METHODS]; /* the chosen one first */
} xp_ace_choice;

/* Everything of one central species. */
typedef struct xp_ace_centre {
  xp_ace_atom_rule rule;
  xp_ace_pair *pairs; /* [nelements] owned */
  xp_ace_coupled coupled;
  xp_ace_product product; /* of the functions that are not in coupled; may be empty */
  xp_ace_choice choice;
} xp_ace_centre;

struct xp_ace_plan {
  xp_precision precision;
  int nelements;
  xp_ace_centre *centres; /* [nelements] owned */
  double nearest_limit;   /* zbl: bonds farther than this from their inner cutoff do not count */
  xp_reals recursion; /* [(lmax+1)(lmax+2)/2][2] a_lm, b_lm of ace.md section 2, for l = m only a; harmonics of m > 0
                             carry sqrt2 */
  int lmax, row_max, nscratch_max, nbase_max, ncolumns_max, ndensity_max;
  int nslots_max;   /* of coupled */
  int nproduct_max; /* slots of product */
  int leaves_max, nz_max;
  int ncontracted_max; /* components of adjoints contracted with the radial basis: sum of 2l+1 over blocks, times nbase */
};

/* Sum of 2l+1 over the blocks of a pair. */
static inline int xp_ace_pair_components(const xp_ace_pair *pair) {
  int sum = 0;
  for (int b = 0; b < pair->nblocks; ++b) sum += 2 * pair->blocks[b].l + 1;
  return sum;
}

/* Compiles the products of a central species whose pairs are there (plan_products.c). place gives the base node of factor t
 * of a function; functions that count are those with used(...) true. */
typedef struct xp_ace_products_input {
  const xp_ace_function *const *functions; /* [count] of rank >= 2 */
  const int *nodes;                        /* [count][XP_ACE_RANK_MAX] base nodes of their factors */
  int count;
  int nnodes;
  const int *l, *slot; /* [nnodes] */
  int nslots;
  int ndensity;
  xp_precision precision;
} xp_ace_products_input;

xp_status xp_ace_products_compile(xp_ace_centre *centre, const xp_ace_products_input *input, xp_error *error);

#endif
