/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lower convex hull of energies over compositions. */
#ifndef XPOT_OPTIMISER_HULL_H
#define XPOT_OPTIMISER_HULL_H

#include "xpot/error.h"

/* How far each of n points lies above the lower hull of all: energies [n] an atom, shares [n][nelements] of the elements, not
 * negative and of sum 1. distances[n], not negative. */
xp_status xp_hull_distances(double *distances, int n, const double *energies, const double *shares, int nelements,
                            xp_error *error);

#endif
