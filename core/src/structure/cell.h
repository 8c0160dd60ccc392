/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The geometry of a cell: any skew, any mixture of periodic and open directions. */
#ifndef XPOT_CELL_H
#define XPOT_CELL_H

#include <stdbool.h>

#include "xpot/structure.h"

/* Coordinates beyond this are refused: displacements would lose digits that forces need. Angstrom. */
#define XP_MAXIMUM_COORDINATE 1e8

/* A right-angled as possible basis of the same lattice. Where the structure is open the basis vector is a unit vector
 * orthogonal to all periodic ones, so that a "fractional" coordinate is a length there. */
typedef struct xp_cell {
  bool periodic[3];
  double basis[3][3];   /* rows; |angles| between periodic ones are as near to 90 degrees as the lattice allows */
  double inverse[3][3]; /* fractional coordinate k of r: sum_d r_d inverse[d][k] */
  double height[3];     /* distance of the planes k = 0 and k = 1, Angstrom */
} xp_cell;

/* XP_ERROR_RANGE when periodic vectors are not finite, do not span a volume or repeat an atom on itself. */
xp_status xp_cell_set(xp_cell *cell, const xp_structure *structure, xp_error *error);

/* a . (b x c) */
double xp_cell_determinant(const double vectors[3][3]);

/* XP_ERROR_RANGE with a sentence that begins with the structure's file and line where known. */
xp_status xp_structure_refuse(const xp_structure *structure, xp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
