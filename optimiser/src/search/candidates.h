/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points a search has tried and points it might try. */
#ifndef XPOT_OPTIMISER_CANDIDATES_H
#define XPOT_OPTIMISER_CANDIDATES_H

#include <stdbool.h>

#include "search/random.h"
#include "space/space.h"
#include "xpot/error.h"

/* Points of one space, in both forms; told points have losses. All arrays are owned. */
typedef struct xp_points {
  const xp_space *space;
  int ndims;
  int count;
  double *values; /* [count][ndims] */
  double *coords; /* [count][ndims] */
  double *losses; /* [count]; NaN: the trial failed, or there was none yet */
} xp_points;

/* Room for capacity points; count is 0. */
xp_status xp_points_new(xp_points *points, const xp_space *space, int capacity, xp_error *error);

/* Frees the members and zeroes the struct. */
void xp_points_clear(xp_points *points);

/* Appends a point; room must be left. */
void xp_points_append(xp_points *points, const double *values, double loss);

bool xp_points_contain(const xp_points *points, const double *values);

/* Indices of the wanted smallest of keys[count], smallest first, NaN left out; returns how many there are. */
int xp_points_rank(int count, const double *keys, int wanted, int *indices);

/* Fills candidates with feasible points that are not in told: all of them where the space has few, else points drawn from the whole
 * space and points around the best ones told. None are left when the space is exhausted. */
xp_status xp_candidates_draw(xp_points *candidates, const xp_points *told, xp_random random, xp_error *error);

#endif
