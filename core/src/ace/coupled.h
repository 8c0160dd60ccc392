/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The products of one central species as coupled tensors.
 *
 * A node is a real vector of 2l+1 components that turns like spherical harmonics of that l: (x_0, sqrt2 Re x_1, sqrt2 Im
 * x_1, sqrt2 Re x_2, ...) of a complex tensor with x_-m = (-1)^m conj(x_m). The atomic base A_nl are such nodes; two nodes
 * couple to others with Clebsch-Gordan coefficients (times -i when l1 + l2 + l is odd, which keeps the property). A
 * rotationally invariant function is a sum of dot products of two nodes with equal l: the leaves. One coupling serves all
 * functions that hold the same factors, where plain products repeat it for every choice of m.
 *
 * A potential file lists plain products only; builder.c finds the leaves that reproduce them. */
#ifndef XPOT_ACE_COUPLED_H
#define XPOT_ACE_COUPLED_H

#include <stddef.h>

#include "ace/reals.h"
#include "xpot/error.h"

/* How nodes of l1 and l2 couple to a set of l. First the products z of components are formed, in the order of loops over
 * |m1|, then first those with |m1| + |m2|, then those with |m1| - |m2|; see xp_ace_coupling_place. */
typedef struct xp_ace_coupling_type {
  int l1, l2;
  int reach;       /* largest l of the set: products that reach beyond it are not formed */
  unsigned set;    /* bit l: coupled to l */
  int nz;          /* products */
  int noutputs;    /* components of all l of the set, ascending */
  int nentries;    /* weights that are not zero */
  int *first;      /* [noutputs + 1] entries of an output; owned */
  int *z;          /* [nentries]; owned */
  xp_reals weight; /* [nentries] */
  int *back_first; /* [nz + 1] entries of a product; owned */
  int *output;     /* [nentries]; owned */
  xp_reals back_weight;
} xp_ace_coupling_type;

/* Two nodes coupled to all l of a type. */
typedef struct xp_ace_coupling {
  int type;
  int left, right; /* first components */
  int out;         /* first component of the first l; the others follow */
} xp_ace_coupling;

/* Leaves with the same left node. */
typedef struct xp_ace_row {
  int l;
  int slot;  /* of the left node */
  int first; /* leaf */
} xp_ace_row;

typedef struct xp_ace_coupled {
  int nbase;  /* components of the base */
  int nslots; /* components of all nodes, the base first */
  int ntypes;
  xp_ace_coupling_type *types; /* owned */
  int ncouplings;
  xp_ace_coupling *couplings; /* in order of evaluation; owned */
  int nrows;
  xp_ace_row *rows; /* [nrows + 1] the last one only ends the others; owned */
  int nleaves;
  int *leaf;            /* [nleaves] slot of the right node; owned */
  xp_reals coefficient; /* [nleaves][ndensity] */
  int nz_max;           /* products of one coupling, at most */
  int row_max;          /* leaves of one row, at most */
} xp_ace_coupled;

/* Room for the weights of one type: l1, l2 and set are given. */
xp_status xp_ace_coupling_type_build(xp_ace_coupling_type *type, int l1, int l2, unsigned set, xp_precision precision,
                                     xp_error *error);

/* The same in one step: adds to tensor [noutputs][2 l1 + 1][2 l2 + 1] the weights of components x_i y_j in the outputs. */
void xp_ace_coupling_tensor(const xp_ace_coupling_type *type, double *tensor);

/* Operations of energy and gradient: of all couplings, and of one leaf. */
double xp_ace_coupling_operations(const xp_ace_coupling_type *type);
double xp_ace_leaf_operations(int l, int ndensity);
double xp_ace_coupled_operations(const xp_ace_coupled *coupled, int ndensity);

/* Bytes of streams and coefficients. */
size_t xp_ace_coupled_bytes(const xp_ace_coupled *coupled);

void xp_ace_coupled_clear(xp_ace_coupled *coupled);

#endif
