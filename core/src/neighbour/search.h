/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All pairs of atoms, images included, closer than a cutoff: linked bins over the reduced cell. Work and memory are linear
 * in the number of atoms; a cell smaller than the cutoff is one bin whose images are enumerated. */
#ifndef XPOT_SEARCH_H
#define XPOT_SEARCH_H

#include "xpot/structure.h"

typedef struct xp_search xp_search;

/* Sorts the atoms into bins; structure is borrowed. XP_ERROR_RANGE when positions or cell are unusable. */
xp_status xp_search_new(xp_search **search, const xp_structure *structure, double cutoff, xp_error *error);

/* NULL is allowed. */
void xp_search_free(xp_search *search);

/* displacement is r_j - r_i for this image of j, square its squared length. */
typedef void (*xp_search_visitor)(void *context, int i, int j, const double displacement[3], double square);

/* Calls visit once for every centre i (in ascending order) and every image of every j closer than the cutoff, distance
 * zero included, the centre itself excluded. A pair is visited from both ends with exactly opposite displacements. */
void xp_search_visit(const xp_search *search, xp_search_visitor visit, void *context);

#endif
