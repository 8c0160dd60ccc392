/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to TILE neighbours of one species, of every lane: distances, directions, radial functions, harmonics. */
#ifndef XPOT_DEVICE_ACE_TILE_H
#define XPOT_DEVICE_ACE_TILE_H

#include "ace_team.h"
#include "radial.h"

namespace XPOT_NS::device {

// Neighbours begin ... of a species; those that a lane has not are at distance 0 and weigh nothing.
template <class Team> KOKKOS_INLINE_FUNCTION void load_tile(const Team &t, int species, int begin) {
  t.each(TILE, [&](int n, int lane) {
    double d[3] = {0.0, 0.0, 0.0}, r = 0.0;
    if (begin + n < t.count(species, lane)) {
      const int i = t.atom(lane);
      t.bonds.load(i, t.bonds.first(i, species) + begin + n, d);
      r = Kokkos::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      if (r < t.pairs[species].minimum) t.bonds.blame(i);
      if (!(r < t.pairs[species].cutoff)) r = 0.0;
    }
    t.number(t.a.distance + n, lane) = r;
    for (int k = 0; k < 3; ++k) t.real(t.a.unit + 3 * n + k, lane) = r > 0.0 ? d[k] / r : k == 2 ? 1.0 : 0.0;
  });
  t.barrier();
}

// Q_lm, dQ_lm/dz and powers of x + i y: one neighbour's recursion is one item.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_polynomials(const Team &t, int species) {
  const int lmax = t.pairs[species].lmax;
  if (lmax < 0) return;
  const auto *recursion = t.v.reals.data() + t.v.recursion;
  using Real = std::decay_t<decltype(*recursion)>;
  t.each(TILE, [&](int n, int lane) {
    const Real x = t.real(t.a.unit + 3 * n, lane), y = t.real(t.a.unit + 3 * n + 1, lane),
               z = t.real(t.a.unit + 3 * n + 2, lane);
    Real re = 1, im = 0, diagonal = 1;
    for (int m = 0; m <= lmax; ++m) {
      int at = m * (m + 1) / 2 + m;
      diagonal *= recursion[2 * at];
      Real q1 = diagonal, d1 = 0, q2 = 0, d2 = 0;
      t.real(t.a.polynomials + n * t.a.lm + at, lane) = q1;
      t.real(t.a.derivatives + n * t.a.lm + at, lane) = d1;
      for (int l = m + 1; l <= lmax; ++l) {
        at += l;
        const Real a = recursion[2 * at], b = recursion[2 * at + 1];
        const Real q0 = a * (z * q1 + b * q2), d0 = a * (q1 + z * d1 + b * d2);
        t.real(t.a.polynomials + n * t.a.lm + at, lane) = q0;
        t.real(t.a.derivatives + n * t.a.lm + at, lane) = d0;
        q2 = q1, q1 = q0, d2 = d1, d1 = d0;
      }
      t.real(t.a.powers + 2 * (n * (t.v.lmax + 1) + m), lane) = re;
      t.real(t.a.powers + 2 * (n * (t.v.lmax + 1) + m) + 1, lane) = im;
      const Real next = re * x - im * y;
      im = re * y + im * x;
      re = next;
    }
  });
}

// g_k, and g'_k if wanted, of the tile, the core among them.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_basis(const Team &t, int species, bool slopes) {
  const xp_ace_image_pair &pair = t.pairs[species];
  t.each(TILE * (pair.nbase + 1), [&](int item, int lane) {
    const int n = item / (pair.nbase + 1), k = item % (pair.nbase + 1), at = n * t.a.basis_stride + k;
    const double r = t.number(t.a.distance + n, lane);
    double value = 0.0, slope = 0.0, w[6];
    if (r > 0.0) {
      const Bin bin = find_bin(t.v, pair, r);
      value_weights(bin.quintic, bin.place, w);
      value = interpolate(bin, pair.row, k, w);
      if (slopes) {
        derivative_weights(bin.quintic, bin.place, bin.inverse, w);
        slope = interpolate(bin, pair.row, k, w);
      }
    }
    t.real(t.a.basis + at, lane) = value;
    if (slopes) t.real(t.a.slope + at, lane) = slope;
  });
  t.barrier();
}

// R_nl of the tile from its g_k.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_radial(const Team &t, int species) {
  const xp_ace_image_pair &pair = t.pairs[species];
  t.each(TILE * pair.ncolumns, [&](int item, int lane) {
    const int n = item / pair.ncolumns, column = item % pair.ncolumns;
    const auto *matrix = t.v.reals.data() + pair.matrix + column * pair.nbase;
    auto sum = t.real(t.a.basis + n * t.a.basis_stride, lane) * matrix[0];
    for (int k = 1; k < pair.nbase; ++k) sum += matrix[k] * t.real(t.a.basis + n * t.a.basis_stride + k, lane);
    t.real(t.a.radial + n * t.a.columns + column, lane) = sum;
  });
}

} // namespace XPOT_NS::device

#endif
