/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The factors of a neighbour in the moments of snap_moments.h. Only for kernel sources. Complex numbers are two vectors,
 * real and imaginary. */
#ifndef XPOT_SNAP_POWERS_H
#define XPOT_SNAP_POWERS_H

#include "snap/snap_geometry.h"
#include "snap/snap_lanes.h"
#include "snap/snap_tables.h"

static inline part field(const double *fields, int which, int p) {
  return *(const part_lanes *)(fields + which * WIDTH + p * PART);
}
static inline void set_field(double *fields, int which, int p, part value) {
  *(part_lanes *)(fields + which * WIDTH + p * PART) = value;
}
/* Fields in the kernel's precision. */
static inline vec real_field(const double *fields, int which) {
  return *(const lanes *)(fields + which * WIDTH);
}
static inline void set_real_field(double *fields, int which, int p, part value) {
  narrow(fields + which * WIDTH, p, value);
}

typedef struct cayley_klein {
  vec ar, ai, br, bi;
} cayley_klein;

static inline cayley_klein slot_parameters(const double *fields) {
  return (cayley_klein){real_field(fields, XP_SNAP_AR), real_field(fields, XP_SNAP_AI), real_field(fields, XP_SNAP_BR),
                        real_field(fields, XP_SNAP_BI)};
}

static inline vec height(const cayley_klein *ck) {
  return ck->ar * ck->ar + ck->ai * ck->ai - ck->br * ck->br - ck->bi * ck->bi;
}

/* powers[m] = scale z^m for m = 0 .. most. */
static inline void fill_powers(lanes *powers, int most, vec re, vec im, vec scale) {
  vec r = scale, i = {0};
  powers[0] = r;
  powers[1] = i;
  for (int m = 1; m <= most; ++m) {
    vec next = r * re - i * im;
    i = r * im + i * re;
    r = next;
    powers[2 * m] = r;
    powers[2 * m + 1] = i;
  }
}

/* T_0 .. T_last of y. */
static inline void fill_chebyshev(lanes *t, int last, vec y) {
  t[0] = splat(1);
  if (last > 0) t[1] = y;
  for (int n = 2; n <= last; ++n) t[n] = 2 * y * t[n - 1] - t[n - 2];
}

/* Their derivatives. */
static inline void fill_chebyshev_slopes(lanes *slopes, const lanes *t, int last, vec y) {
  slopes[0] = splat(0);
  if (last > 0) slopes[1] = splat(1);
  for (int n = 2; n <= last; ++n) slopes[n] = 2 * (t[n - 1] + y * slopes[n - 1]) - slopes[n - 2];
}

/* All factors of a slot; the powers of a times weight. */
static inline void fill_factors(lanes *factors, int twojmax, const cayley_klein *ck, vec weight) {
  int powers = 2 * (twojmax + 1);
  fill_powers(factors, twojmax, ck->ar, ck->ai, weight);
  fill_powers(factors + powers, twojmax, ck->br, ck->bi, splat(1));
  fill_chebyshev(factors + 2 * powers, twojmax / 2, height(ck));
}

/* STRIP(count) for all strips of a row, with counts that the compiler knows and two jumps a row: there are too many strips
 * to foretell a jump for each. */
#define XP_SNAP_SINGLE(count) \
  case count:                 \
    STRIP(count);             \
    break
#define XP_SNAP_PAIR(count) \
  STRIP(count);             \
  STRIP(count);             \
  __attribute__((fallthrough))
#define XP_SNAP_STRIPS(row) \
  switch ((row)->single) {  \
    XP_SNAP_SINGLE(8);      \
    XP_SNAP_SINGLE(7);      \
    XP_SNAP_SINGLE(6);      \
    XP_SNAP_SINGLE(5);      \
    XP_SNAP_SINGLE(4);      \
    XP_SNAP_SINGLE(3);      \
    XP_SNAP_SINGLE(2);      \
    XP_SNAP_SINGLE(1);      \
  }                         \
  switch ((row)->pairs) {   \
  case 7:                   \
    XP_SNAP_PAIR(7);        \
  case 6:                   \
    XP_SNAP_PAIR(6);        \
  case 5:                   \
    XP_SNAP_PAIR(5);        \
  case 4:                   \
    XP_SNAP_PAIR(4);        \
  case 3:                   \
    XP_SNAP_PAIR(3);        \
  case 2:                   \
    XP_SNAP_PAIR(2);        \
  case 1:                   \
    XP_SNAP_PAIR(1);        \
  default:                  \
    break;                  \
  }

#endif
