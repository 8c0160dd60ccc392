/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cell on which the cost of a potential is measured. */
#ifndef XPOT_OPTIMISER_COST_CELL_H
#define XPOT_OPTIMISER_COST_CELL_H

#include "config/config.h"
#include "data/data.h"

typedef struct xp_cost_cell {
  xp_structure *structure; /* owned */
  char *name;              /* "12 atoms of train.xyz:40, repeated 3 x 3 x 4"; owned */
  char sha256[65];         /* of its file */
} xp_cost_cell;

/* The structure that the input names, or the largest of train, repeated. Free the members also after an error. */
xp_status xp_cost_cell_new(xp_cost_cell *cell, const xp_config *config, const xp_data *train, xp_error *error);

/* Frees the members. */
void xp_cost_cell_clear(xp_cost_cell *cell);

#endif
