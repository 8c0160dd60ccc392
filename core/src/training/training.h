/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a B basis compiled for fitting consists of.
 *
 * The primitive sums a_klm = sum_j g_k(r_j) Y_lm of an atom depend on the geometry alone; the base A_nlm = sum_k c_nlk a_klm
 * on the radial coefficients; every B function of rank >= 2 is, with the couplings of its own tree, the dot product of two
 * coupled tensors (coupled.h) times a constant: one leaf a function. */
#ifndef XPOT_TRAINING_H
#define XPOT_TRAINING_H

#include "ace/coupled.h"
#include "ace/embedding.h"
#include "ace/radial.h"
#include "ace/table.h"
#include "xpot/ace_fit.h"

/* All radial functions of one l that some function of the central species uses. */
typedef struct xp_training_block {
  int l;
  int count;    /* radial functions */
  const int *n; /* [count] their n, 0-based; in the pair's ns */
  int slot;     /* base: first component of the first; the next n follows after 2l+1 */
} xp_training_block;

/* One ordered pair of species. */
typedef struct xp_training_pair {
  xp_ace_radial radial;
  xp_ace_table table;
  double minimum; /* smallest distance allowed, Angstrom */
  int nbase;      /* functions g_k */
  int nradmax;
  int bond_lmax; /* of the radial coefficients c[n][l][k] */
  int first;     /* parameter of the first of them */
  int lmax;      /* largest l of the blocks, at least 0: the pair term has l = 0 */
  int primitive; /* place of a_klm [nbase][(lmax+1)^2] among the primitives of an atom */
  int nblocks;
  xp_training_block *blocks; /* owned */
  int *ns;                   /* n of all blocks; owned */
} xp_training_pair;

/* A rank-1 function: g_k summed over the neighbours of one species. */
typedef struct xp_training_pair_function {
  int function; /* of the central species */
  int species;
  int k;
} xp_training_pair_function;

/* Everything of one central species. */
typedef struct xp_training_centre {
  xp_ace_atom_rule rule;
  xp_training_pair *pairs; /* [nelements]; owned */
  xp_ace_coupled coupled;  /* coefficient [nleaves]: the constant of each leaf */
  int *leaf_function;      /* [nleaves] function of a leaf; owned */
  int npair_functions;
  xp_training_pair_function *pair_functions; /* owned */
  int nfunctions;
  int first; /* parameter of the first function's first density */
  int nprimitives;
} xp_training_centre;

struct xp_ace_fit {
  xp_ace_fit_layout layout;
  int nelements;
  xp_training_centre *centres; /* [nelements]; owned */
  int *radial_first;           /* [nelements][nelements]; owned */
  xp_reals recursion;          /* as of xp_ace_plan, for lmax */
  double cutoff, nearest_limit;
  int lmax, nbase_max, row_max, nscratch_max, nprimitives_max, nslots_max, nz_max, nleaves_max, ndensity_max,
      nfunctions_max;
};

static inline int xp_training_length(const xp_training_pair *pair) {
  return (pair->lmax + 1) * (pair->lmax + 1);
}

/* The primitive that a rank-1 function is. */
static inline int xp_training_primitive_of(const xp_training_centre *centre, int pair_function) {
  const xp_training_pair_function *function = &centre->pair_functions[pair_function];
  const xp_training_pair *pair = &centre->pairs[function->species];
  return pair->primitive + function->k * xp_training_length(pair);
}

/* One structure: what does not depend on parameters. Neighbours are those within the cutoff of their pair, by atom and, for
 * each atom, by species. */
struct xp_ace_fit_structure {
  int natoms;
  int *species;           /* [natoms]; owned */
  int *order;             /* [natoms] atoms by species and number of neighbours; owned */
  size_t *first;          /* [natoms + 1]; owned */
  int *species_first;     /* [natoms][nelements + 1] relative to first; owned */
  int *index;             /* [nneighbours] atom whose image the neighbour is; owned */
  double (*unit)[3];      /* [nneighbours] direction; owned */
  double *distance;       /* [nneighbours]; owned */
  double *fade;           /* [natoms] fc; owned */
  double (*dfade)[3];     /* [nneighbours] dfc/dr_neighbour; NULL when fc = 1 everywhere; owned */
  xp_ace_fit_labels core; /* energy, forces and virial of the core alone; forces NULL without any; owned */
};

/* Core repulsion and inner cutoff of a structure whose neighbours are there. */
xp_status xp_training_core_build(xp_ace_fit_structure *structure, const xp_ace_fit *fit, xp_error *error);

#endif
