/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-up of radial functions and spherical harmonics, for device code. */
#ifndef XPOT_DEVICE_RADIAL_H
#define XPOT_DEVICE_RADIAL_H

#include "ace_views.h"

namespace XPOT_NS::device {

// Weights of the six rows of a bin: values or derivatives, at the place t in 0..1 (xpot/ace_image.h).
KOKKOS_INLINE_FUNCTION void value_weights(bool quintic, double t, double w[6]) {
  const double s = 1.0 - t, t2 = t * t, s2 = s * s;
  if (quintic) {
    w[0] = s2 * s * (1.0 + 3.0 * t + 6.0 * t2);
    w[1] = t * s2 * s * (1.0 + 3.0 * t);
    w[2] = 0.5 * t2 * s2 * s;
    w[3] = t2 * t * (1.0 + 3.0 * s + 6.0 * s2);
    w[4] = -s * t2 * t * (1.0 + 3.0 * s);
    w[5] = 0.5 * s2 * t2 * t;
  } else {
    w[0] = s2 * (1.0 + 2.0 * t);
    w[1] = t * s2;
    w[3] = t2 * (1.0 + 2.0 * s);
    w[4] = -s * t2;
    w[2] = w[5] = 0.0;
  }
}

KOKKOS_INLINE_FUNCTION void derivative_weights(bool quintic, double t, double inverse, double w[6]) {
  const double s = 1.0 - t, t2 = t * t, s2 = s * s;
  if (quintic) {
    w[0] = -30.0 * t2 * s2 * inverse;
    w[1] = s2 * (1.0 + 2.0 * t - 15.0 * t2) * inverse;
    w[2] = 0.5 * t * s2 * (2.0 - 5.0 * t) * inverse;
    w[4] = t2 * (1.0 + 2.0 * s - 15.0 * s2) * inverse;
    w[5] = -0.5 * s * t2 * (2.0 - 5.0 * s) * inverse;
  } else {
    w[0] = -6.0 * t * s * inverse;
    w[1] = s * (1.0 - 3.0 * t) * inverse;
    w[4] = t * (1.0 - 3.0 * s) * inverse;
    w[2] = w[5] = 0.0;
  }
  w[3] = -w[0];
}

// The bin of a distance: its rows and the place in it.
struct Bin {
  const double *rows;
  double place, inverse;
  bool quintic;
};

template <class Views> KOKKOS_INLINE_FUNCTION Bin find_bin(const Views &v, const xp_ace_image_pair &pair, double r) {
  int k = pair.end_segment - 1;
  while (k > pair.first_segment && r < v.segments(k).begin) --k;
  const xp_ace_image_segment &s = v.segments(k);
  const double place = (r - s.begin) * s.inverse;
  const int bin = (int)place < s.nbins ? (int)place : s.nbins - 1;
  return {v.numbers.data() + s.nodes + (size_t)bin * 3 * pair.row, place - bin, s.inverse, s.quintic != 0};
}

// A function of the bin with weights of its rows; the cubic has no use of the third ones, which may hold anything.
KOKKOS_INLINE_FUNCTION double interpolate(const Bin &bin, int row, int function, const double w[6]) {
  const double *x = bin.rows + function;
  double sum = w[0] * x[0] + w[1] * x[row] + w[3] * x[3 * row] + w[4] * x[4 * row];
  if (bin.quintic) sum += w[2] * x[2 * row] + w[5] * x[5 * row];
  return sum;
}

} // namespace XPOT_NS::device

#endif
