/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sets of structures an input names, read and checked. */
#ifndef XPOT_OPTIMISER_SETS_H
#define XPOT_OPTIMISER_SETS_H

#include "config/config.h"
#include "data/data.h"

typedef struct xp_sets {
  xp_data *train;    /* owned, as the others */
  xp_data *validate; /* NULL when the input has none */
  xp_data *test;     /* the same */
} xp_sets;

/* Reads all files; a missing one is reported where the input names it. sets is empty on error. */
xp_status xp_sets_read(xp_sets *sets, const xp_config *config, xp_error *error);

/* Frees the members. */
void xp_sets_clear(xp_sets *sets);

#endif
