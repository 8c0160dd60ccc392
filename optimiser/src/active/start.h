/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows to begin with: those that LU factorisation with partial pivoting takes, found by a tournament, in which the pivots of
 * some rows meet the next rows (L. Grigori, J. W. Demmel, H. Xiang, SIAM J. Matrix Anal. Appl. 32, 1317 (2011)). */
#ifndef XPOT_OPTIMISER_START_H
#define XPOT_OPTIMISER_START_H

#include "active/environments.h"

/* Number of a row that is no atom's: descriptor q alone, see XP_FLOOR. */
#define XP_FLOOR_ROW(q) (-1L - (q))

/* Largest distance from 0 along a descriptor, of the largest that atoms have, that does not count as explored. There is a row
 * for each descriptor with this number and zeros: directions in which the atoms differ by less than that get such rows. */
#define XP_FLOOR 0x1p-20

/* The rows of one element's active set. */
typedef struct xp_chosen {
  int n;
  double *floors; /* [n] XP_FLOOR times the largest value of a descriptor, rounded up to a power of two; owned */
  double *rows;   /* [n][n]; owned */
  long *members;  /* [n] numbers of atoms of the element, or XP_FLOOR_ROW; ascending; owned */
} xp_chosen;

typedef struct xp_member {
  long number;
  const double *row;
} xp_member;

/* Makes members[n] the set; sorts them. Their rows may be those of the set before. */
xp_status xp_chosen_set(xp_chosen *chosen, xp_member *members, xp_error *error);

/* chosen[nelements], to be cleared also after an error. */
xp_status xp_chosen_start(xp_chosen *chosen, const xp_environments *environments, int threads, xp_report *report,
                          xp_error *error);

/* Frees the members. */
void xp_chosen_clear(xp_chosen *chosen);

#endif
