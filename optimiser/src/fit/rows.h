/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From descriptors to rows of the least-squares matrix. A row has a column for every coefficient, and the target last. */
#ifndef XPOT_OPTIMISER_ROWS_H
#define XPOT_OPTIMISER_ROWS_H

#include <stdbool.h>

#include "xpot/error.h"
#include "xpot/neighbour.h"
#include "xpot/snap.h"
#include "xpot/structure.h"

/* Virial rows are in bar, as FitSNAP's: LAMMPS's factor from eV/Angstrom^3 in metal units. */
#define XP_ROWS_BAR 1.6021765e6

/* Which row types there are; also their order. */
typedef enum xp_row_type { XP_ROW_ENERGY, XP_ROW_FORCE, XP_ROW_VIRIAL, XP_ROW_TYPES } xp_row_type;

/* Columns: for each element [constant] K' linear [K'(K'+1)/2 quadratic, in the order of .snapcoeff files]. */
typedef struct xp_row_layout {
  int nelements;
  int nlinear; /* K' */
  bool quadratic, constant;
  int block;   /* columns of an element */
  int columns; /* of all elements; a row has one more number, the target */
} xp_row_layout;

xp_row_layout xp_row_layout_new(int nelements, int nlinear, bool quadratic, bool constant);

/* What rows of one structure are made in; grows and is reused. One a thread. Start zeroed. */
typedef struct xp_row_scratch {
  double *descriptors, *derivatives, *sums, *left, *right, *product; /* owned */
  size_t *start;                                                     /* owned */
  size_t *pairs;                                                     /* owned */
  int *centre;                                                       /* owned */
  size_t natoms, npairs, most;                                       /* room */
  int nlinear;
} xp_row_scratch;

void xp_row_scratch_clear(xp_row_scratch *scratch);

/* Rows of one structure, each (columns + 1) numbers, row after row: energy an atom (1 row), forces (3 natoms), pressure
 * (6: xx yy zz xy xz yz, bar). NULL members are not made. */
typedef struct xp_rows {
  double *energy, *force, *virial; /* borrowed */
} xp_rows;

/* reference[nelements]: energies taken off the target, eV. list and species belong to the structure. Labels that the
 * structure lacks must not be asked for. */
xp_status xp_rows_make(const xp_row_layout *layout, const xp_snap_basis *basis, xp_snap_scratch *snap,
                       xp_row_scratch *scratch, const xp_structure *structure, const xp_neighbour_list *list,
                       const double *reference, const xp_rows *rows, xp_error *error);

#endif
