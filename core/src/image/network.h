/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vectors of one central species while its image is built: which there are, what couples them, which leaves they are in. */
#ifndef XPOT_IMAGE_NETWORK_H
#define XPOT_IMAGE_NETWORK_H

#include "ace/plan_data.h"
#include "image/store.h"
#include "xpot/ace_image.h"

typedef struct xp_network_vector {
  int n, slot;
  int adjoint; /* slot; another one for real or complex parts of the base, whose adjoints are parts of sums */
  int level;   /* 0: not coupled */
} xp_network_vector;

typedef struct xp_network_coupling {
  xp_ace_image_coupling record;
  int left, right; /* vectors */
  int level;
} xp_network_coupling;

/* Leaf: c_p (own_0 other_0 + sign (own_1 other_1 + ...)). */
typedef struct xp_network_leaf {
  int own, other; /* vectors */
  int sign;
} xp_network_leaf;

typedef struct xp_network {
  int nvectors, ncouplings, nleaves, nslots, nadjoints;
  int nlevels;                    /* the base is one */
  xp_network_vector *vectors;     /* owned, as all */
  xp_network_coupling *couplings; /* types count from first_type */
  xp_network_leaf *leaves;        /* those of one own vector and sign follow each other */
  double *coefficients;           /* [nleaves][ndensity] */
  xp_ace_image_type *types;
  int ntypes;
} xp_network;

/* Everything of a central species but pairs and rule; the lists of types go to store. */
xp_status xp_network_new(xp_network *network, xp_image_store *store, const xp_ace_centre *centre, int nelements,
                         xp_error *error);

/* Frees the members. */
void xp_network_clear(xp_network *network);

#endif
