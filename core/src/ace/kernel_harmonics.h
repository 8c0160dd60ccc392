/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spherical harmonics of directions in vectors, one lane a direction. Only for kernel sources. */
#ifndef XPOT_ACE_KERNEL_HARMONICS_H
#define XPOT_ACE_KERNEL_HARMONICS_H

#include "ace/lanes.h"

/* Q_lm(z), dQ_lm/dz and the powers (x + i y)^m, [m][re, im], for m <= l <= lmax; recursion as in recursion.h. */
static inline void harmonic_polynomials(const real (*recursion)[2], int lmax, const vec *unit, vec *q, vec *dq,
                                        vec *powers) {
  vec z = unit[2], power_re = vec_all((real)1.0), power_im = vec_all((real)0.0), diagonal = power_re;
  for (int m = 0; m <= lmax; ++m) {
    int at = m * (m + 1) / 2 + m;
    diagonal = recursion[at][0] * diagonal;
    vec q1 = diagonal, d1 = (vec){0}, q2 = d1, d2 = d1;
    q[at] = q1;
    dq[at] = d1;
    for (int l = m + 1; l <= lmax; ++l) {
      at += l;
      real a = recursion[at][0], b = recursion[at][1];
      vec q0 = a * (z * q1 + b * q2), d0 = a * (q1 + z * d1 + b * d2);
      q[at] = q0;
      dq[at] = d0;
      q2 = q1, q1 = q0, d2 = d1, d1 = d0;
    }
    powers[2 * m] = power_re;
    powers[2 * m + 1] = power_im;
    vec next = power_re * unit[0] - power_im * unit[1];
    power_im = power_re * unit[1] + power_im * unit[0];
    power_re = next;
  }
}

/* Real components l^2 + (0, c1, s1, c2, ...) from polynomials and powers. */
static inline void harmonic_values(int lmax, const vec *q, const vec *powers, vec *y) {
  for (int l = 0, at = 0; l <= lmax; ++l) {
    *y++ = q[at++];
    for (int m = 1; m <= l; ++m, ++at) {
      *y++ = q[at] * powers[2 * m];
      *y++ = q[at] * powers[2 * m + 1];
    }
  }
}

#endif
