/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atoms in a cell with their reference labels, and sets of them. */
#ifndef XPOT_STRUCTURE_H
#define XPOT_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Size of an element symbol with its final zero byte. */
#define XP_SYMBOL_SIZE 8

typedef char xp_symbol[XP_SYMBOL_SIZE];

/* A key of an extended-XYZ comment line that has no meaning here and is kept for writing back. */
typedef struct xp_note {
  char *key;   /* owned */
  char *value; /* owned, without quotes */
} xp_note;

typedef struct xp_structure {
  int natoms;             /* > 0 */
  double cell[3][3];      /* rows are the cell vectors a, b, c; Angstrom; all zero when not periodic in any direction */
  bool periodic[3];       /* along a, b, c */
  xp_symbol *symbols;     /* [natoms], owned */
  double (*positions)[3]; /* [natoms][3], Angstrom; need not lie inside the cell; owned */
  bool has_energy;
  double energy;       /* total energy, eV */
  double (*forces)[3]; /* [natoms][3], eV/Angstrom; NULL when not labelled; owned */
  bool has_virial;
  double virial[3][3];  /* -dE/dstrain, eV; positive when the cell wants to expand (LAMMPS's sign) */
  double *local_energy; /* [natoms], eV; NULL when not labelled; owned */
  double
      *force_weight; /* [natoms] not negative, relative weight of an atom's forces in a fit; NULL: none given; owned */
  char *config_type; /* group name, "" when the file has none; owned */
  xp_note *notes;    /* [nnotes], owned */
  int nnotes;
  char *file; /* where it was read, NULL when made in memory; owned */
  long line;  /* line of the atom count in that file, from 1 */
} xp_structure;

/* A zeroed structure with room for natoms positions and symbols (config_type ""). */
xp_status xp_structure_new(xp_structure **structure, int natoms, xp_error *error);

/* Deep copy. */
xp_status xp_structure_copy(xp_structure **copy, const xp_structure *structure, xp_error *error);

/* NULL is allowed. */
void xp_structure_free(xp_structure *structure);

/* |a . (b x c)|, Angstrom^3. */
double xp_structure_volume(const xp_structure *structure);

/* Checks what evaluation relies on: finite numbers, cell vectors that span a volume where periodic, no two atoms (images
 * included) closer than XP_MINIMUM_DISTANCE. XP_ERROR_RANGE names the file, line and atoms. */
xp_status xp_structure_check(const xp_structure *structure, xp_error *error);

/* Closer atoms are one atom written twice: no potential or DFT code is meaningful there. Angstrom. */
#define XP_MINIMUM_DISTANCE 0.01

/* Covalent radius of an element, Angstrom (Cordero et al., Dalton Trans. 2008, 2832: H to Cm; sp3 carbon, low-spin Mn, Fe,
 * Co); 0 for all others. */
double xp_covalent_radius(const char *symbol);

/* Symbol of an atomic number; NULL outside 1 .. 103. */
const char *xp_element_symbol(int number);

/* Standard atomic weight of an element, g/mol (IUPAC 2021, abridged; mass number of the longest-lived isotope where there is
 * none; H to Cm); 0 for all others. */
double xp_atomic_mass(const char *symbol);

/* An ordered set of structures. */
typedef struct xp_dataset {
  xp_structure **structures; /* [nstructures], owned */
  int nstructures;
  int capacity; /* private */
} xp_dataset;

xp_status xp_dataset_new(xp_dataset **dataset, xp_error *error);

/* Appends and takes ownership, also when it fails. */
xp_status xp_dataset_append(xp_dataset *dataset, xp_structure *structure, xp_error *error);

/* NULL is allowed. */
void xp_dataset_free(xp_dataset *dataset);

#ifdef __cplusplus
}
#endif
#endif
