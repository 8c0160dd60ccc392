/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passes over all atoms of a data set. */
#ifndef XPOT_OPTIMISER_SWEEP_H
#define XPOT_OPTIMISER_SWEEP_H

#include "active/environments.h"

/* The largest coordinates of an element's atoms in the rows of its active set. */
typedef struct xp_peaks {
  int n;
  const long *chosen; /* [n] numbers of the atoms that are in the set, ascending, and others; borrowed */
  double *values;     /* [n] largest magnitude in each place of atoms that are not in the set; owned */
  long *atoms;        /* [n] number of the atom that has it, -1 without; owned */
  double largest;     /* of all atoms: their extrapolation grade */
} xp_peaks;

xp_status xp_peaks_init(xp_peaks *peaks, int n, const long *chosen, xp_error *error);
/* Frees the members. */
void xp_peaks_clear(xp_peaks *peaks);

typedef struct xp_sweep {
  const xp_environments *environments;
  double *const *inverses; /* [nelements] [n][n]; NULL: an element that is left out */
  int threads;
  xp_report *report; /* may be NULL */
  const char *stage;
} xp_sweep;

/* peaks[nelements], of which n and chosen are given, of all atoms. The result does not depend on the number of threads. */
xp_status xp_sweep_peaks(const xp_sweep *sweep, xp_peaks *peaks, xp_error *error);

/* Rows to fetch. */
typedef struct xp_wanted {
  int count;
  const long *atoms; /* [count] ascending */
  double *rows;      /* [count][n], filled */
} xp_wanted;

/* wanted[nelements]. */
xp_status xp_sweep_fetch(const xp_sweep *sweep, xp_wanted *wanted, xp_error *error);

#endif
