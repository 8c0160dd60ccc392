/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coupled tensors put together: nodes, shared where they are made of the same two others, and leaves, in the order in which
 * kernels walk through them. Used by whatever knows which couplings are wanted. */
#ifndef XPOT_ACE_ASSEMBLY_H
#define XPOT_ACE_ASSEMBLY_H

#include "ace/coupled.h"

/* The base nodes of a central species. */
typedef struct xp_ace_base {
  int count;
  const int *l;    /* [count] */
  const int *slot; /* [count] first component */
  int nslots;      /* components of all */
} xp_ace_base;

/* A node: of the base, or two others coupled to l. */
typedef struct xp_ace_node {
  int l, left, right, slot;
  int level;  /* factors in it */
  int degree; /* leaves that hold it */
} xp_ace_node;

typedef struct xp_ace_leaf {
  int left, right;     /* nodes */
  int tag;             /* the caller's */
  size_t coefficients; /* place in the list of coefficients */
} xp_ace_leaf;

typedef struct xp_ace_assembly {
  const xp_ace_base *base;
  int ndensity;
  xp_precision precision;
  xp_ace_coupled *coupled; /* what is built */
  xp_ace_node *nodes;      /* the base first; owned */
  int nnodes, node_capacity;
  int *buckets; /* index of a coupled node, -1: empty; owned */
  size_t nbuckets;
  xp_ace_leaf *leaves; /* owned */
  int nleaves, leaf_capacity;
  double *coefficients; /* [nleaves][ndensity]; owned */
  xp_error *error;
} xp_ace_assembly;

/* Begins with the nodes of the base. */
xp_status xp_ace_assembly_begin(xp_ace_assembly *assembly, xp_ace_coupled *coupled, const xp_ace_base *base,
                                int ndensity, xp_precision precision, xp_error *error);

/* Frees the members; coupled stays. */
void xp_ace_assembly_clear(xp_ace_assembly *assembly);

/* Index of the node of two others coupled to l, made when new; -1: out of memory. */
int xp_ace_assembly_couple(xp_ace_assembly *assembly, int left, int right, int l);

/* Adds a leaf: the dot product of two nodes with its coefficients [ndensity]. Negative nodes are out of memory. */
xp_status xp_ace_assembly_add_leaf(xp_ace_assembly *assembly, int left, int right, int tag, const double *coefficients);

/* Adds up leaves of the same two nodes. */
void xp_ace_assembly_merge(xp_ace_assembly *assembly);

/* Fills coupled. tags [nleaves] (NULL: not wanted) get the tags of the leaves in the order of coupled. */
xp_status xp_ace_assembly_finish(xp_ace_assembly *assembly, int *tags);

#endif
