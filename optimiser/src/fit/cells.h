/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a fit, sorted: a cell for every fold and weight group. A fit without a fold leaves its cells out, so that all
 * folds are fitted from the same descriptors. */
#ifndef XPOT_OPTIMISER_CELLS_H
#define XPOT_OPTIMISER_CELLS_H

#include "config/config.h"
#include "fit/rows.h"
#include "fit/subset.h"

typedef struct xp_cells {
  int nstructures, count;
  int *cell;                       /* [nstructures] cell of each structure; -1: it is not used; owned */
  bool (*types)[XP_ROW_TYPES];     /* [count] row types that may have a weight; owned */
  double (*weights)[XP_ROW_TYPES]; /* [count] factors of rows at the point; owned */
  bool *used;                      /* [count] cells that are fitted to; owned */
} xp_cells;

/* Cells at a point (NULL: everything is fixed) for a subset (NULL: all). Free the members also after an error. */
xp_status xp_cells_make(xp_cells *cells, const xp_config *config, const double *values, const xp_data *data,
                        const xp_fit_subset *subset, xp_error *error);

/* Whether two have the same structures in the same cells. */
bool xp_cells_alike(const xp_cells *a, const xp_cells *b);

/* Frees the members. */
void xp_cells_clear(xp_cells *cells);

#endif
