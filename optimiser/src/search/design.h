/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points that fill the unit cube evenly, for the first trials of a search. */
#ifndef XPOT_OPTIMISER_POINT_DESIGN_H
#define XPOT_OPTIMISER_POINT_DESIGN_H

#include <stdint.h>

#include "space/space.h"
#include "xpot/error.h"

/* In the order of the words of the input. */
typedef enum xp_design_kind {
  XP_DESIGN_HAMMERSLEY, /* scrambled, as are Sobol's and Halton's */
  XP_DESIGN_SOBOL,
  XP_DESIGN_LATIN, /* Latin hypercube */
  XP_DESIGN_HALTON,
  XP_DESIGN_RANDOM,
  XP_DESIGN_PLAIN_HAMMERSLEY /* as scikit-optimize has it */
} xp_design_kind;

/* points[npoints][ndims] in [0,1). */
xp_status xp_design_make(xp_design_kind kind, int npoints, int ndims, uint64_t seed, double *points, xp_error *error);

/* A point of a design -> values. Those of XP_DESIGN_PLAIN_HAMMERSLEY are rounded as scikit-optimize does it, whole numbers
 * and choices too: to the nearest, half to even, which halves the chance of the ends. */
void xp_design_decode(xp_design_kind kind, const xp_space *space, const double *unit, double *values);

#endif
