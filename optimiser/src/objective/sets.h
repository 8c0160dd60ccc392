/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sets of structures an input names, read and checked, and which of them a fit sees and a loss is computed on. */
#ifndef XPOT_OPTIMISER_SETS_H
#define XPOT_OPTIMISER_SETS_H

#include "config/config.h"
#include "data/data.h"

typedef enum xp_validation_kind {
  XP_VALIDATION_NONE,
  XP_VALIDATION_FILE,    /* data.validate */
  XP_VALIDATION_HOLDOUT, /* a part of data.train that is not fitted to */
  XP_VALIDATION_FOLDS    /* data.train, each structure by a fit to the other folds */
} xp_validation_kind;

/* How an input says that its potentials are judged. */
xp_validation_kind xp_validation_kind_of(const xp_config *config);

typedef struct xp_sets {
  xp_validation_kind kind;
  xp_data *train;         /* what a potential is fitted to; owned, as the others; NULL: only where another code fits */
  xp_data *validate;      /* what it is judged on; NULL with folds or without validation */
  xp_data *test;          /* NULL when the input has none */
  xp_data *held;          /* with a holdout all of data.train, of which train and validate are parts; NULL otherwise */
  int nfolds;             /* 0 without folds */
  int *fold;              /* [train->nstructures] from 0 */
  xp_data **fold_members; /* [nfolds] the structures of each fold */
  const xp_data *judged;  /* validate, or train with folds; NULL without validation; borrowed */
} xp_sets;

/* Reads all files; a missing one is reported where the input names it. sets is empty on error. */
xp_status xp_sets_read(xp_sets *sets, const xp_config *config, xp_error *error);

/* Frees the members. */
void xp_sets_clear(xp_sets *sets);

/* Reads a file with the keys of the input, and checks its elements. */
xp_status xp_sets_read_file(xp_data **data, const xp_config *config, const char *path, xp_place place, xp_error *error);

#endif
