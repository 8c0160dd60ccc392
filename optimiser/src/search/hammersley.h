/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hammersley's point set, plain and with scrambled digits. */
#ifndef XPOT_OPTIMISER_HAMMERSLEY_H
#define XPOT_OPTIMISER_HAMMERSLEY_H

#include <stdint.h>

#include "xpot/error.h"

/* The plain set (Hammersley 1960) of npoints in ndims dimensions, points[npoints][ndims]: radical inverses of i to the bases
 * 2, 3, 5, ... and i / npoints last; in one dimension the radical inverse to base 2. */
xp_status xp_hammersley_plain(int npoints, int ndims, double *points, xp_error *error);

/* The same with an independent random permutation of the digits at each place of each base (Owen 2017) and the last
 * coordinate in the middle of its interval; of several scramblings the one with the smallest centred discrepancy. */
xp_status xp_hammersley_scrambled(int npoints, int ndims, uint64_t seed, double *points, xp_error *error);

/* Centred L2 discrepancy of points[npoints][ndims] (Hickernell 1998): small when points fill the cube evenly, also in its
 * projections. */
double xp_discrepancy_centred(int npoints, int ndims, const double *points);

#endif
