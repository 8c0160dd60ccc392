/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Partial dependence: the loss that the surrogate expects at values of one or two dimensions, averaged over all others. The
 * average is of targets, over XP_DEPENDENCE_POINTS points of the space, and is turned into a loss behind it. */
#ifndef XPOT_OPTIMISER_DEPENDENCE_H
#define XPOT_OPTIMISER_DEPENDENCE_H

#include "analysis/surrogate.h"

enum { XP_DEPENDENCE_POINTS = 250, XP_GRID_POINTS = 40 };

/* Values of one dimension: evenly spread as the search sees them; each whole number and choice once where they are few. */
typedef struct xp_grid {
  int dim, count;
  double *values, *coords; /* [count], owned */
} xp_grid;

xp_status xp_grid_new(xp_grid *grid, const xp_space *space, int dim, xp_error *error);

/* Frees the members. */
void xp_grid_clear(xp_grid *grid);

/* losses[a->count][b->count], or losses[a->count] when b is NULL. */
xp_status xp_dependence_find(const xp_surrogate *surrogate, const xp_grid *a, const xp_grid *b, double *losses,
                             xp_error *error);

#endif
