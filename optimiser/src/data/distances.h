/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How close atoms come. */
#ifndef XPOT_OPTIMISER_DISTANCES_H
#define XPOT_OPTIMISER_DISTANCES_H

#include "xpot/structure.h"

/* Smallest distance of each pair of elements over a set, periodic images included: shortest[nelements][nelements],
 * symmetric, Angstrom; INFINITY where no pair is closer than cutoff. An atom of an element that is not in elements is an
 * error. The result does not depend on the number of threads. */
xp_status xp_distances_find(double *shortest, const xp_dataset *set, const xp_symbol *elements, int nelements,
                            double cutoff, int threads, xp_error *error);

#endif
