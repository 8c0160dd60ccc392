/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether labels in mixed precision are as near to those of stock LAMMPS as is demanded, for a file of the conformance set. */
#ifndef XPOT_TESTING_MIXED_ERRORS_H
#define XPOT_TESTING_MIXED_ERRORS_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/structure.h"

/* Errors of many frames, eV/Angstrom. */
typedef struct xp_error_list {
  size_t count;
  double *list;  /* owned */
  double square; /* of the recorded forces */
} xp_error_list;

/* All zero at first. */
typedef struct xp_mixed_errors {
  xp_error_list liquid, all;
  double relative, energy; /* largest, relative to the largest force or energy an atom of the frame */
} xp_mixed_errors;

/* A frame with forces and local energies. */
void xp_mixed_errors_add(xp_mixed_errors *errors, const xp_structure *expected, const xp_structure *found);

/* Prints them; true when they are within what is demanded of the file of this name. */
bool xp_mixed_errors_report(xp_mixed_errors *errors, const char *name);

/* Frees what they hold. */
void xp_mixed_errors_clear(xp_mixed_errors *errors);

#endif
