/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to TILE neighbours of one species, of every lane: distances, directions, radial functions. */
#ifndef XPOT_DEVICE_ACE_TILE_H
#define XPOT_DEVICE_ACE_TILE_H

#include "ace_team.h"
#include "radial.h"

namespace XPOT_NS::device {

// Neighbours begin ... begin + count - 1 of a species, of the lane that has most; count 0: there are no more. Those that another
// lane has not are at distance 0 and weigh nothing.
struct Tile {
  int species, begin, count, most;
  int parity; // which of two places its distances and directions have

  KOKKOS_INLINE_FUNCTION bool ends_species() const { return begin + TILE >= most; }
};

template <class Team> KOKKOS_INLINE_FUNCTION Tile first_tile(const Team &t, int species, int parity) {
  Tile tile = {species, 0, 0, 0, parity};
  while (tile.species < t.v.nelements && (tile.most = t.longest(tile.species)) == 0) ++tile.species;
  tile.count = Kokkos::min((int)TILE, tile.most);
  return tile;
}

template <class Team> KOKKOS_INLINE_FUNCTION Tile next_tile(const Team &t, const Tile &tile) {
  if (tile.ends_species()) return first_tile(t, tile.species + 1, 1 - tile.parity);
  const int begin = tile.begin + TILE;
  return {tile.species, begin, Kokkos::min((int)TILE, tile.most - begin), tile.most, 1 - tile.parity};
}

template <class Team> KOKKOS_INLINE_FUNCTION int distance_place(const Team &t, const Tile &tile, int n) {
  return t.a.distance + TILE * tile.parity + n;
}
template <class Team> KOKKOS_INLINE_FUNCTION int unit_place(const Team &t, const Tile &tile, int n) {
  return t.a.unit + 3 * (TILE * tile.parity + n);
}

template <class Team> KOKKOS_INLINE_FUNCTION void load_tile(const Team &t, const Tile &tile) {
  t.each(tile.count, [&](int n, int lane) {
    double d[3] = {0.0, 0.0, 0.0}, r = 0.0;
    if (tile.begin + n < t.count(tile.species, lane)) {
      const int i = t.atom(lane);
      t.bonds.load(i, t.bonds.first(i, tile.species) + tile.begin + n, d);
      r = Kokkos::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      if (r < t.pairs[tile.species].minimum) t.bonds.blame(i);
      if (!(r < t.pairs[tile.species].cutoff)) r = 0.0;
    }
    t.number(distance_place(t, tile, n), lane) = r;
    for (int k = 0; k < 3; ++k) t.real(unit_place(t, tile, n) + k, lane) = r > 0.0 ? d[k] / r : k == 2 ? 1.0 : 0.0;
  });
}

// g_k, and g'_k if wanted, the core among them.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_basis(const Team &t, const Tile &tile, bool slopes) {
  const xp_ace_image_pair &pair = t.pairs[tile.species];
  const int functions = pair.nbase + 1, row = pair.row;
  t.each(tile.count * functions, [&](int item, int lane) {
    const int n = item / functions, k = item % functions, at = n * t.a.basis_stride + k;
    const double r = t.number(distance_place(t, tile, n), lane);
    double value = 0.0, slope = 0.0;
    if (r > 0.0) {
      const Bin bin = find_bin(t.v, pair, r);
      value = interpolate(bin, row, k, value_weights(bin));
      if (slopes) slope = interpolate(bin, row, k, derivative_weights(bin));
    }
    t.real(t.a.basis + at, lane) = value;
    if (slopes) t.real(t.a.slope + at, lane) = slope;
  });
}

// What the column m of the harmonics Q_lm(z) (x + i y)^m, l = m ..., begins with.
template <class Real> struct Column {
  Real z, diagonal, re, im, below_re, below_im; // Q_mm and the powers m and m - 1
};

template <class Team>
KOKKOS_INLINE_FUNCTION Column<typename Team::Real> begin_column(const Team &t, const Tile &tile, int n, int m,
                                                                int lane) {
  using Real = typename Team::Real;
  const Real *recursion = t.v.reals.data() + t.v.recursion;
  const int unit = unit_place(t, tile, n);
  const Real x = t.real(unit, lane), y = t.real(unit + 1, lane);
  Column<Real> c = {t.real(unit + 2, lane), recursion[0], 1, 0, 0, 0};
  for (int k = 1; k <= m; ++k) {
    c.diagonal *= recursion[k * (k + 3)]; // k = l: place k (k + 1) / 2 + k of pairs
    c.below_re = c.re, c.below_im = c.im;
    c.re = c.below_re * x - c.below_im * y;
    c.im = c.below_re * y + c.below_im * x;
  }
  return c;
}

} // namespace XPOT_NS::device

#endif
