/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours in another basis than the matrices V (snap_tables.h). With |a|^2 + |b|^2 = 1 and y = |a|^2 - |b|^2,
 *   V^j[mb][ma] = a^(k) b^(l) sum over n of x_n T_n(y),   k = ma + mb - j, l = mb - ma, n <= (j - |k| - |l|) / 2,
 * where z^(m) is z^m for m >= 0 and conj(z)^-m below, and T_n are Chebyshev polynomials. Real moments, sums over neighbours
 * of weight times Re or Im a^|k| times Re or Im b^|l| times T_n(y), serve the signs of k and l alike: there are as many as
 * independent real numbers in V, and each costs a neighbour about one multiply-add. V and the adjoint of the moments follow
 * once an atom by the coefficients x.
 *
 * The factors of a neighbour are vectors: a^0, ..., a^twojmax, then the powers of b, real and imaginary parts, then T_n. A
 * strip is all moments with one or two factors x and both parts of a power f: moments [width][n][2], x[w] f[i] T_n. A row is
 * all strips with the same x. */
#ifndef XPOT_SNAP_MOMENTS_H
#define XPOT_SNAP_MOMENTS_H

#include "xpot/error.h"

struct xp_snap_tables;

/* Strips follow each other with powers f, f + 2, ... and moments from first on: one of n < single unless that is 0, then two
 * each of n < pairs, pairs - 1, ..., 1. */
typedef struct xp_snap_row {
  int x; /* factor, the first one of width */
  int width;
  int f;
  int first;
  int single;
  int pairs;
} xp_snap_row;

/* Entry of V: sums over n < count of coefficient[n] (m[0][2 n] + sign[0] m[1][2 n]), the real part, and of
 * coefficient[n] (sign[1] m[2][2 n] + sign[2] m[3][2 n]), where m begin at the given moments. Signs are 0 where a power
 * is real. */
typedef struct xp_snap_expansion {
  int entry;
  int count;
  int coefficient;
  int moment[4];
  int sign[3];
} xp_snap_expansion;

/* Of the entries of V that are outputs. */
typedef struct xp_snap_moments {
  int nrows;
  xp_snap_row *rows;
  int nmoments;
  int nentries;
  xp_snap_expansion *entries; /* [nentries] */
  int ncoefficients;
  void *coefficients; /* double, or float after xp_snap_tables_round */
} xp_snap_moments;

/* tables: levels are indexed. */
xp_status xp_snap_moments_new(xp_snap_moments *moments, const struct xp_snap_tables *tables, xp_error *error);

/* Frees the members. */
void xp_snap_moments_free(xp_snap_moments *moments);

#endif
