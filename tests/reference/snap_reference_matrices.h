/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matrices, switching functions and coupling coefficients of the SNAP reference. */
#ifndef XPOT_SNAP_REFERENCE_MATRICES_H
#define XPOT_SNAP_REFERENCE_MATRICES_H

#include <complex.h>

#include "xpot/snap.h"

/* Most elements the reference can use. */
enum { XP_REFERENCE_ELEMENTS = 8 };

typedef struct xp_reference_pair {
  const xp_snap_parameters *parameters;
  double displacement[3];
  double cutoff;
  double weight;
  double inner; /* sinner and dinner of the pair */
  double width;
} xp_reference_pair;

/* Start of level j among matrices kept whole, ma fastest. */
int xp_reference_ublock(int j);

/* U of a neighbour [nu], unweighted, and when dv is not NULL its derivatives [3][nu]. */
void xp_reference_matrices(const xp_reference_pair *pair, double complex *v, double complex *dv);

/* Outer times inner switching function and its derivative by the distance. */
double xp_reference_switch(const xp_reference_pair *pair, double *slope);

/* C(j1 m1, j2 m2; j) with doubled j and offsets m. */
double xp_reference_clebsch_gordan(int j1, int m1, int j2, int m2, int j);

#endif
