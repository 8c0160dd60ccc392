/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hammersley's and Halton's points, plain and with scrambled digits. */
#ifndef XPOT_OPTIMISER_HAMMERSLEY_H
#define XPOT_OPTIMISER_HAMMERSLEY_H

#include "search/random.h"

/* The plain set (Hammersley 1960) of npoints in ndims dimensions, points[npoints][ndims]: radical inverses of i to the bases
 * 2, 3, 5, ... and i / npoints last; in one dimension the radical inverse to base 2. */
void xp_hammersley_plain(int npoints, int ndims, double *points);

/* The same with an independent random permutation of the digits at each place of each base (Owen 2017) and the last
 * coordinate in the middle of its interval. */
void xp_hammersley_draw(xp_random random, int npoints, int ndims, double *points);

/* Halton's sequence (1960), so scrambled: radical inverses in all dimensions. */
void xp_halton_draw(xp_random random, int npoints, int ndims, double *points);

/* Centred L2 discrepancy of points[npoints][ndims] (Hickernell 1998): small when points fill the cube evenly, also in its
 * projections. */
double xp_discrepancy_centred(int npoints, int ndims, const double *points);

#endif
