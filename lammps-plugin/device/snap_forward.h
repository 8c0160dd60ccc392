/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From neighbours to U and to the sums of products of two U. */
#ifndef XPOT_DEVICE_SNAP_FORWARD_H
#define XPOT_DEVICE_SNAP_FORWARD_H

#include "snap_tile.h"

namespace XPOT_NS::device {

// Adds the tile to the moments of a label: an item has those of one part of a^k and one of b^l.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_add_moments(const Team &t, int label) {
  using Real = typename Team::Real;
  t.each(4 * t.v.npowers, [&](int item, int lane) {
    const xp_snap_image_power *power = t.v.powers.data() + item / 4;
    const int part = item % 4, first = power->moments[part], count = power->count;
    if (first < 0) return;
    const int x = t.a.factors + 2 * power->k + part / 2, f = t.a.factors + t.a.powers_b + 2 * power->l + part % 2;
    Real weights[TILE];
    XPOT_UNROLL
    for (int n = 0; n < TILE; ++n) weights[n] = t.real(x + n * t.a.stride, lane) * t.real(f + n * t.a.stride, lane);
    const int moments = t.a.moments + label * t.v.nmoments + first, polynomials = t.a.factors + t.a.polynomials;
    for (int k = 0; k < count; ++k) {
      Real sum = t.real(moments + 2 * k, lane);
      XPOT_UNROLL
      for (int n = 0; n < TILE; ++n) sum += weights[n] * t.real(polynomials + n * t.a.stride + k, lane);
      t.real(moments + 2 * k, lane) = sum;
    }
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void snap_sum_neighbours(const Team &t) {
  t.each(t.v.nlabels * t.v.nmoments, [&](int m, int lane) { t.real(t.a.moments + m, lane) = 0; });
  for (int species = 0; species < t.v.nelements; ++species)
    for (int begin = 0, most = t.longest(species); begin < most; begin += TILE) {
      snap_load_tile(t, species, begin);
      snap_fill_factors(t, t.a.factors, true);
      snap_add_moments(t, t.label(species));
    }
  t.barrier();
}

// A row of a sparse matrix times the real numbers from `place` on.
template <class Team>
KOKKOS_INLINE_FUNCTION auto snap_sum_row(const Team &t, const xp_snap_image_row *row, int place, int lane) {
  const int *terms = t.v.indices.data() + row->terms;
  const auto *weights = t.v.reals.data() + row->weights;
  const auto x = t.array(place, lane);
  typename Team::Real sum = 0;
  for (int k = 0, end = XP_SNAP_IMAGE_STRIDE * row->count; k < end; k += XP_SNAP_IMAGE_STRIDE)
    sum += weights[k] * x[terms[k]];
  return sum;
}

// U from the moments: an item is the real or imaginary part of an entry and of its mirror image.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_expand(const Team &t) {
  const int rows = 2 * t.v.nentries;
  t.each(t.v.nlabels * rows, [&](int item, int lane) {
    const int label = item / rows;
    const xp_snap_image_row *row = t.v.expansion.data() + (item - label * rows);
    const xp_snap_image_entry *entry = t.v.entries.data() + row->row / 2;
    const bool imaginary = row->row % 2;
    auto value = snap_sum_row(t, row, t.a.moments + label * t.v.nmoments, lane);
    if (!imaginary && entry->diagonal && (t.v.wselfallflag || label == t.centre->label)) value += 1;
    const int to = t.a.u + label * t.v.nu + (imaginary ? t.a.imaginary : 0);
    t.real(to + entry->u, lane) = value;
    if (entry->mirror >= 0) t.real(to + entry->mirror, lane) = (imaginary ? -entry->sign : entry->sign) * value;
  });
  t.barrier();
}

// One segment of products with N outputs, which stay in registers.
template <int N, class Real, class Team>
KOKKOS_INLINE_FUNCTION void snap_multiply_segment(const Team &t, const xp_snap_image_segment *s, int lane) {
  Real re[N] = {}, im[N] = {};
  const int *outputs = t.v.indices.data() + s->outputs;
  const auto *factors = reinterpret_cast<const unsigned *>(t.v.indices.data() + s->factors);
  const Real *coefficients = t.v.reals.data() + s->coefficients;
  const auto left_re = t.array(t.a.u + s->left, lane), left_im = t.array(t.a.u + t.a.imaginary + s->left, lane);
  const auto right_re = t.array(t.a.u + s->right, lane), right_im = t.array(t.a.u + t.a.imaginary + s->right, lane);
  for (int n = s->nproducts; n > 0; --n, factors += XP_SNAP_IMAGE_STRIDE, coefficients += N * XP_SNAP_IMAGE_STRIDE) {
    const int l = *factors % XP_SNAP_IMAGE_RIGHT, r = *factors / XP_SNAP_IMAGE_RIGHT;
    const Real lr = left_re[l], li = left_im[l], rr = right_re[r], ri = right_im[r];
    const Real x = lr * rr - li * ri, y = lr * ri + li * rr;
    XPOT_UNROLL
    for (int o = 0; o < N; ++o) {
      re[o] += coefficients[o * XP_SNAP_IMAGE_STRIDE] * x;
      im[o] += coefficients[o * XP_SNAP_IMAGE_STRIDE] * y;
    }
  }
  XPOT_UNROLL
  for (int o = 0; o < N; ++o) {
    t.real(t.a.sums + 2 * outputs[o], lane) = re[o];
    t.real(t.a.sums + 2 * outputs[o] + 1, lane) = im[o];
  }
}

// An item is a segment; neighbouring items have about the same number of products and outputs.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_multiply(const Team &t) {
  using Real = typename Team::Real;
  const int first = t.centre->first_segment;
  t.each(t.centre->end_segment - first, [&](int item, int lane) {
    const xp_snap_image_segment *s = t.v.segments.data() + first + item;
    switch (s->noutputs) {
    case 1:
      return snap_multiply_segment<1, Real>(t, s, lane);
    case 2:
      return snap_multiply_segment<2, Real>(t, s, lane);
    case 3:
      return snap_multiply_segment<3, Real>(t, s, lane);
    case 4:
      return snap_multiply_segment<4, Real>(t, s, lane);
    case 5:
      return snap_multiply_segment<5, Real>(t, s, lane);
    case 6:
      return snap_multiply_segment<6, Real>(t, s, lane);
    }
  });
  t.barrier();
}

} // namespace XPOT_NS::device

#endif
