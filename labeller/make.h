/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Structures made from nothing: strained and rattled crystals, random packings. Same seed, same structures, everywhere. */
#ifndef XPOT_MAKE_H
#define XPOT_MAKE_H

#include <stdint.h>

#include "xpot/error.h"
#include "xpot/structure.h"

#define XP_MAKE_ELEMENTS 8

typedef struct xp_make_recipe {
  const char *lattice; /* name of a lattice, or NULL: random packing */
  xp_symbol elements[XP_MAKE_ELEMENTS];
  int nelements;
  double a, c;              /* lattice constants, Angstrom; c for hcp (0: ideal) */
  int cells[3];             /* repetitions of the conventional cell */
  double strain;            /* largest element of a random symmetric strain */
  double rattle;            /* standard deviation of random displacements, Angstrom */
  int natoms;               /* random packing */
  double density;           /* random packing: atoms per cubic Angstrom */
  double smallest_distance; /* random packing, Angstrom */
  uint64_t seed;
  const char *config_type;
} xp_make_recipe;

/* Structure number index of a recipe. */
xp_status xp_make_structure(xp_structure **structure, const xp_make_recipe *recipe, int index, xp_error *error);

/* The known lattice names, separated by spaces. */
const char *xp_make_lattices(void);

#endif
