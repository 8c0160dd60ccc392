/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbourhoods: what a potential sees. Any periodic cell: skewed, or smaller than the cutoff, where an atom sees its own
 * images. */
#ifndef XPOT_NEIGHBOUR_H
#define XPOT_NEIGHBOUR_H

#include <stddef.h>

#include "xpot/error.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Central atoms and their neighbours, the input of every evaluator. All pointers are borrowed by the evaluator. */
typedef struct xp_neighbourhoods {
  int natoms;                       /* central atoms */
  const int *species;               /* [natoms] species of the centre: index into the plan's elements */
  const size_t *first;              /* [natoms + 1] neighbours of atom i are first[i] .. first[i+1]-1 */
  const int *neighbour_species;     /* [first[natoms]] */
  const double (*displacements)[3]; /* [first[natoms]][3] r_neighbour - r_centre, Angstrom */
} xp_neighbourhoods;

/* All neighbours of every atom of one structure. */
typedef struct xp_neighbour_list {
  int natoms;
  int *species;               /* [natoms], owned */
  size_t *first;              /* [natoms + 1], owned */
  int *index;                 /* [first[natoms]] atom (0-based) whose image the neighbour is, owned */
  int *neighbour_species;     /* [first[natoms]], owned */
  double (*displacements)[3]; /* [first[natoms]][3], Angstrom, owned */
} xp_neighbour_list;

/* Lists every image with 0 < distance < cutoff, cutoff in Angstrom. species[natoms] is copied. Order: by centre, then
 * neighbour index, then image, so that it does not depend on the search method. */
xp_status xp_neighbour_list_new(xp_neighbour_list **list, const xp_structure *structure, const int *species,
                                double cutoff, xp_error *error);

/* NULL is allowed. */
void xp_neighbour_list_free(xp_neighbour_list *list);

/* The list as evaluators want it; borrows from list. */
xp_neighbourhoods xp_neighbour_list_view(const xp_neighbour_list *list);

#ifdef __cplusplus
}
#endif
#endif
