/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clebsch-Gordan coefficients and the normalisation of the kernels' matrices, in doubled quantum numbers and offsets. */
#ifndef XPOT_SNAP_COUPLING_H
#define XPOT_SNAP_COUPLING_H

/* C(j1 m1, j2 m2; j), m1 and m2 counted from 0; 0 when the projections do not add up within j. */
double xp_snap_clebsch_gordan(int j1, int m1, int j2, int m2, int j);

/* n_j[mb][ma] of snap_tables.h. */
double xp_snap_normalisation(int j, int mb, int ma);

#endif
