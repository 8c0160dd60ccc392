/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a neighbour's functions change when it moves. Only for kernel sources. */
#ifndef XPOT_TRAINING_KERNEL_TURNING_H
#define XPOT_TRAINING_KERNEL_TURNING_H

#include "ace/kernel_harmonics.h"
#include "training/kernel_stages.h"

/* Change of all harmonics of a neighbour when it moves by v: Y is the free function Q(z)(x + iy)^m of its direction, whose
 * part along the bond does not count. */
static inline void turn(const xp_training_batch *batch, int lmax, const vec *unit, vec inverse, const vec *v,
                        vec *out) {
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->fit->lmax), *powers = vectors(batch->powers, 0);
  vec along = unit[0] * v[0] + unit[1] * v[1] + unit[2] * v[2];
  vec x = inverse * (v[0] - along * unit[0]), y = inverse * (v[1] - along * unit[1]),
      z = inverse * (v[2] - along * unit[2]);
  for (int l = 0, at = 0; l <= lmax; ++l) {
    *out++ = dq[at++] * z;
    for (int m = 1; m <= l; ++m, ++at) {
      const vec *below = powers + 2 * m - 2;
      vec mq = (real)m * q[at], polar = dq[at] * z;
      *out++ = mq * (below[0] * x - below[1] * y) + polar * powers[2 * m];
      *out++ = mq * (below[0] * y + below[1] * x) + polar * powers[2 * m + 1];
    }
  }
}

/* g'_k times the velocity along the bond. */
static inline void approach(const vec *unit, const vec *v, const vec *slopes, int nbase, vec *out) {
  vec along = unit[0] * v[0] + unit[1] * v[1] + unit[2] * v[2];
  for (int k = 0; k < nbase; ++k) out[k] = along * slopes[k];
}

#endif
