/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which structures of the training data a fit uses, and how long it may take. A pointer that is NULL stands for all of both. */
#ifndef XPOT_OPTIMISER_SUBSET_H
#define XPOT_OPTIMISER_SUBSET_H

#include <stdbool.h>

#include "data/selection.h"

/* A fit to all but one fold, or to all of them (left_out -1). SNAP fits that differ in left_out and in weights alone share
 * their descriptors. Everything is borrowed. */
typedef struct xp_fit_subset {
  const bool *use;   /* [nstructures] of the training data; NULL: all */
  const int *fold;   /* [nstructures] fold of each structure, from 0; NULL without folds */
  int nfolds;        /* 0 without */
  int left_out;      /* the fold that is not fitted to; -1: none */
  double iterations; /* share of the iterations of an ACE fit, above 0, at most 1; 0 stands for 1 */
} xp_fit_subset;

/* All structures and iterations. */
xp_fit_subset xp_fit_subset_all(void);

/* Whether a structure is fitted to. */
bool xp_fit_subset_has(const xp_fit_subset *subset, int structure);

/* The structures that are fitted to, as data; *selected stays NULL when those are all. Free with xp_data_free_selection. */
xp_status xp_fit_subset_select(xp_data **selected, const xp_fit_subset *subset, const xp_data *data, xp_error *error);

#endif
