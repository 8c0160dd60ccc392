/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours in another basis than the matrices V (snap_tables.h). With |a|^2 + |b|^2 = 1 and y = |a|^2 - |b|^2,
 *   V^j[mb][ma] = a^(k) b^(l) sum over n of x_n T_n(y),   k = ma + mb - j, l = mb - ma, n <= (j - |k| - |l|) / 2,
 * where z^(m) is z^m for m >= 0 and conj(z)^-m below, and T_n are Chebyshev polynomials. Moments, sums over neighbours of
 * weight a^(k) b^(l) T_n(y), cost a neighbour two multiply-adds each and no recursion; V and the adjoint of the moments
 * follow once an atom by the coefficients x. */
#ifndef XPOT_SNAP_MOMENTS_H
#define XPOT_SNAP_MOMENTS_H

#include "xpot/error.h"
#include "xpot/potential.h"

struct xp_snap_tables;

/* Moments with the same k and l: n = 0 .. count - 1 are moments first .. first + count - 1. */
typedef struct xp_snap_phase {
  int l;
  int first;
  int count;
} xp_snap_phase;

/* Phases first .. end - 1 with the same k, l ascending; from middle on l >= 0. */
typedef struct xp_snap_phase_row {
  int k;
  int first;
  int middle;
  int end;
} xp_snap_phase_row;

/* Entry of V = sum over n < count of coefficient[n] * moment first + n. */
typedef struct xp_snap_expansion {
  int entry;
  int first;
  int count;
  int coefficient;
} xp_snap_expansion;

/* Of the entries of V that are outputs. */
typedef struct xp_snap_moments {
  int nrows;
  xp_snap_phase_row *rows;
  int nphases;
  xp_snap_phase *phases;
  int nmoments;
  int nentries;
  xp_snap_expansion *entries; /* [nentries], one for each moment */
  int ncoefficients;
  void *coefficients; /* double, or float after xp_snap_tables_round */
} xp_snap_moments;

/* tables: levels are indexed. */
xp_status xp_snap_moments_new(xp_snap_moments *moments, const struct xp_snap_tables *tables, xp_error *error);

/* Frees the members. */
void xp_snap_moments_free(xp_snap_moments *moments);

#endif
