/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-up of radial functions, for device code. */
#ifndef XPOT_DEVICE_RADIAL_H
#define XPOT_DEVICE_RADIAL_H

#include "ace_views.h"

namespace XPOT_NS::device {

// The bin of a distance: its rows and the place in it, 0..1.
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

// Of the rows F, h F' and h^2 F'' of a bin's two nodes (xpot/ace_image.h).
struct RowWeights {
  double f0, d0, c0, f1, d1, c1;
};

KOKKOS_INLINE_FUNCTION RowWeights value_weights(const Bin &bin) {
  const double t = bin.place, s = 1.0 - t, t2 = t * t, s2 = s * s;
  if (!bin.quintic) return {s2 * (1.0 + 2.0 * t), t * s2, 0.0, t2 * (1.0 + 2.0 * s), -s * t2, 0.0};
  return {s2 * s * (1.0 + 3.0 * t + 6.0 * t2), t * s2 * s * (1.0 + 3.0 * t),  0.5 * t2 * s2 * s,
          t2 * t * (1.0 + 3.0 * s + 6.0 * s2), -s * t2 * t * (1.0 + 3.0 * s), 0.5 * s2 * t2 * t};
}

KOKKOS_INLINE_FUNCTION RowWeights derivative_weights(const Bin &bin) {
  const double t = bin.place, s = 1.0 - t, t2 = t * t, s2 = s * s, h = bin.inverse;
  if (!bin.quintic)
    return {-6.0 * t * s * h, s * (1.0 - 3.0 * t) * h, 0.0, 6.0 * t * s * h, t * (1.0 - 3.0 * s) * h, 0.0};
  return {-30.0 * t2 * s2 * h, s2 * (1.0 + 2.0 * t - 15.0 * t2) * h, 0.5 * t * s2 * (2.0 - 5.0 * t) * h,
          30.0 * t2 * s2 * h,  t2 * (1.0 + 2.0 * s - 15.0 * s2) * h, -0.5 * s * t2 * (2.0 - 5.0 * s) * h};
}

// A function of the bin; the cubic has no use of the third rows, which may hold anything.
KOKKOS_INLINE_FUNCTION double interpolate(const Bin &bin, int row, int function, const RowWeights &w) {
  const double *x = bin.rows + function;
  double sum = w.f0 * x[0] + w.d0 * x[row] + w.f1 * x[3 * row] + w.d1 * x[4 * row];
  if (bin.quintic) sum += w.c0 * x[2 * row] + w.c1 * x[5 * row];
  return sum;
}

} // namespace XPOT_NS::device

#endif
