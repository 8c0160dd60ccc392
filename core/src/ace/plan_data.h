/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a compiled ACE plan consists of, for the files that build and use it.
 *
 * Evaluation takes W atoms of one central species at a time, W being the vector length of the kernel. Every array of the
 * workspace is an array of vectors, one lane an atom ("structure of arrays"):
 *   neighbours   ordered by neighbour species; the lanes' lists are padded to the longest with weight 0
 *   radial rows  [neighbour][row] value and derivative of all functions of the pair, as in the tables
 *   A, adjoint   [slot][re, im], slots as in product.h; inside the half basis ordered by neighbour species, l, m, n, so
 *                that sums over n are contiguous. Only those (n, l) exist that some function uses. */
#ifndef XPOT_ACE_PLAN_DATA_H
#define XPOT_ACE_PLAN_DATA_H

#include "ace/ace_plan.h"
#include "ace/embedding.h"
#include "ace/product.h"
#include "ace/table.h"

/* All radial functions of one l. */
typedef struct xp_ace_block {
  int l;
  int count;  /* radial functions n */
  int column; /* of the first in the radial row */
  int slot;   /* A of m = 0 and the first n; m advances by count slots */
} xp_ace_block;

/* One ordered pair of species. Radial row: R_nl of all blocks, then a column for every density, then the core. */
typedef struct xp_ace_pair {
  xp_ace_radial radial;
  xp_ace_table table;
  double minimum;     /* smallest distance allowed, Angstrom */
  double inner_start; /* r_in - D_in */
  double rcut_in, dcut_in;
  int lmax; /* largest l of the blocks, -1: none */
  int nblocks;
  xp_ace_block *blocks; /* owned */
  int density_column, core_column;
} xp_ace_pair;

/* Everything of one central species. */
typedef struct xp_ace_centre {
  xp_ace_atom_rule rule;
  xp_ace_pair *pairs; /* [nelements] owned */
  xp_ace_product product;
} xp_ace_centre;

struct xp_ace_plan {
  xp_precision precision;
  int nelements;
  xp_ace_centre *centres; /* [nelements] owned */
  double nearest_limit;   /* zbl: bonds farther than this from their inner cutoff do not count */
  double (*recursion)[2]; /* [(lmax+1)(lmax+2)/2] a_lm, b_lm of ace.md section 2, for l = m only a; owned */
  int row_max, nscratch_max, lmax, nslots_max, ndensity_max;
};

#endif
