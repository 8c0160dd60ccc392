/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weights of structures and atoms in the loss of an ACE fit: pacemaker's policies, times the relative factors of groups
 * ("weights"), times those that the data give, normalised. */
#ifndef XPOT_OPTIMISER_WEIGHTS_H
#define XPOT_OPTIMISER_WEIGHTS_H

#include "config/config.h"
#include "data/data.h"

typedef struct xp_fit_weights {
  int nstructures;
  double *energy; /* [nstructures], sum 1 */
  double *virial; /* [nstructures], sum 1 */
  double *force;  /* [first[nstructures]] of each atom, sum 1 over the set */
  long *first;    /* [nstructures + 1] first atom of each structure in force */
  int dropped;    /* structures that the energy policy takes out: all their weights are 0 */
} xp_fit_weights;

/* Weights at a point of the search (values NULL: fixed). A label that no structure has, or that nothing weighs, has weights 0
 * instead of a sum of 1. */
xp_status xp_fit_weights_new(xp_fit_weights *weights, const xp_config *config, const double *values,
                             const xp_data *data, xp_error *error);

/* Frees the members. */
void xp_fit_weights_clear(xp_fit_weights *weights);

#endif
