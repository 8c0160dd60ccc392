/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients of the neighbours from the adjoints of the base. For a neighbour, dE = sum_nlm adjoint_nlm d(R_nl Y_lm): the adjoints
 * are contracted with the radial basis once an atom, adjoint_klm = sum_n adjoint_nlm c_nlk, so that neither R_nl nor R'_nl are
 * needed, and for each neighbour over k before the powers (x + i y)^m are. */
#ifndef XPOT_DEVICE_ACE_GRADIENT_H
#define XPOT_DEVICE_ACE_GRADIENT_H

#include "ace_tile.h"
#include "tally.h"

namespace XPOT_NS::device {

// The contracted adjoints [component][nbase] of a pair take the place of the values.
template <class Team> KOKKOS_INLINE_FUNCTION void contract(const Team &t, int species) {
  using Real = typename Team::Real;
  const xp_ace_image_pair &pair = t.pairs[species];
  const int nbase = pair.nbase, *harmonics = t.v.indices.data() + pair.harmonics;
  const Real *matrix = t.v.reals.data() + pair.matrix;
  t.each((pair.lmax + 1) * (pair.lmax + 1) * nbase, [&](int item, int lane) {
    const int *harmonic = harmonics + 4 * (item / nbase), count = harmonic[3];
    const Real *c = matrix + harmonic[2] * nbase + item % nbase;
    int slot = t.a.adjoints + harmonic[0];
    Real sum = 0;
    for (int n = 0; n < count; ++n, slot += harmonic[1]) sum += c[n * nbase] * t.real(slot, lane);
    t.real(t.a.values + item, lane) = sum;
  });
}

// What the slopes of the radial basis and of the core count by themselves: rank-1 functions.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_weights(const Team &t, int species) {
  const int nbase = t.pairs[species].nbase;
  const double *density = t.v.numbers.data() + t.pairs[species].density;
  t.each(nbase + 1, [&](int k, int lane) {
    double sum = 0.0;
    for (int p = 0; p < t.centre.ndensity && k < nbase; ++p)
      sum += density[p * nbase + k] * t.number(t.a.embedding + p, lane);
    t.real(t.a.weights + k, lane) = k < nbase ? sum : t.number(t.a.result + CORE_SLOPE, lane);
  });
}

// For every neighbour and some components: sums of the adjoints with g' (into harmonics) and with g (into across).
template <class Team> KOKKOS_INLINE_FUNCTION void project(const Team &t, const Tile &tile) {
  using Real = typename Team::Real;
  constexpr int COMPONENTS = 4;
  const xp_ace_image_pair &pair = t.pairs[tile.species];
  const int nbase = pair.nbase, components = (pair.lmax + 1) * (pair.lmax + 1),
            groups = (components + COMPONENTS - 1) / COMPONENTS;
  t.each(tile.count * groups, [&](int item, int lane) {
    const int n = item / groups, first = item % groups * COMPONENTS;
    const int basis = t.a.basis + n * t.a.basis_stride, slope = t.a.slope + n * t.a.basis_stride;
    int contracted[COMPONENTS];
    Real along[COMPONENTS] = {}, across[COMPONENTS] = {};
    XPOT_UNROLL
    for (int c = 0; c < COMPONENTS; ++c) contracted[c] = t.a.values + Kokkos::min(first + c, components - 1) * nbase;
    for (int k = 0; k < nbase; ++k) {
      const Real g = t.real(basis + k, lane), dg = t.real(slope + k, lane);
      XPOT_UNROLL
      for (int c = 0; c < COMPONENTS; ++c) {
        const Real adjoint = t.real(contracted[c] + k, lane);
        along[c] += adjoint * dg;
        across[c] += adjoint * g;
      }
    }
    XPOT_UNROLL
    for (int c = 0; c < COMPONENTS; ++c)
      if (first + c < components) {
        t.real(t.a.harmonics + n * t.a.components + first + c, lane) = along[c];
        t.real(t.a.across + n * t.a.components + first + c, lane) = across[c];
      }
  });
}

// Sums over l of one m and of the real or imaginary part of the powers: of what is projected, with Q and with dQ/dz.
template <class Real> struct ColumnSums {
  Real radial = 0, angular = 0, polar = 0;

  KOKKOS_INLINE_FUNCTION void add(Real along, Real across, Real q, Real dq) {
    radial += along * q;
    angular += across * q;
    polar += across * dq;
  }
};

// Gradient of one m: the slope along the direction, then the free gradient, whose part along the direction is not taken off yet.
template <class Team>
KOKKOS_INLINE_FUNCTION void add_column(const Team &t, const Tile &tile, int n, int m, int to, int lane) {
  using Real = typename Team::Real;
  const Real *recursion = t.v.reals.data() + t.v.recursion;
  const int lmax = t.pairs[tile.species].lmax, from = n * t.a.components;
  const Column<Real> c = begin_column(t, tile, n, m, lane);
  Real q = c.diagonal, dq = 0, q_below = 0, dq_below = 0;
  ColumnSums<Real> re, im;
  for (int l = m, lm = m * (m + 1) / 2 + m; l <= lmax; ++l, lm += l) {
    if (l > m) {
      const Real a = recursion[2 * lm], b = recursion[2 * lm + 1];
      const Real next = a * (c.z * q + b * q_below), dnext = a * (q + c.z * dq + b * dq_below);
      q_below = q, q = next, dq_below = dq, dq = dnext;
    }
    const int at = from + l * l + (m ? 2 * m - 1 : 0);
    re.add(t.real(t.a.harmonics + at, lane), t.real(t.a.across + at, lane), q, dq);
    if (m) im.add(t.real(t.a.harmonics + at + 1, lane), t.real(t.a.across + at + 1, lane), q, dq);
  }
  t.real(to, lane) = re.radial * c.re + im.radial * c.im;
  t.real(to + 1, lane) = m * (re.angular * c.below_re + im.angular * c.below_im);
  t.real(to + 2, lane) = m * (im.angular * c.below_re - re.angular * c.below_im);
  t.real(to + 3, lane) = re.polar * c.re + im.polar * c.im;
}

// The gradients of the tile in pieces: of each m, and the slope of the radial basis by itself.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_pieces(const Team &t, const Tile &tile) {
  const xp_ace_image_pair &pair = t.pairs[tile.species];
  const int columns = pair.lmax + 1, nbase = pair.nbase;
  t.each(tile.count * (columns + 1), [&](int item, int lane) {
    const int n = item / (columns + 1), m = item % (columns + 1), to = t.a.pieces + n * t.a.pieces_stride + 4 * m;
    if (m < columns) return add_column(t, tile, n, m, to, lane);
    typename Team::Real sum = 0;
    for (int k = 0; k <= nbase; ++k)
      sum += t.real(t.a.weights + k, lane) * t.real(t.a.slope + n * t.a.basis_stride + k, lane);
    t.real(to, lane) = sum;
  });
}

// The gradient of each neighbour of the tile.
template <class Team> KOKKOS_INLINE_FUNCTION void finish_tile(const Team &t, const Tile &tile) {
  using Real = typename Team::Real;
  const int columns = t.pairs[tile.species].lmax + 1;
  t.each(tile.count, [&](int n, int lane) {
    if (tile.begin + n >= t.count(tile.species, lane)) return;
    const double r = t.number(distance_place(t, tile, n), lane);
    const int i = t.atom(lane), neighbour = t.bonds.first(i, tile.species) + tile.begin + n;
    double gradient[3] = {0.0, 0.0, 0.0};
    if (r > 0.0) {
      int piece = t.a.pieces + n * t.a.pieces_stride;
      Real slope = 0, x = 0, y = 0, z = 0;
      for (int m = 0; m < columns; ++m, piece += 4) {
        slope += t.real(piece, lane);
        x += t.real(piece + 1, lane);
        y += t.real(piece + 2, lane);
        z += t.real(piece + 3, lane);
      }
      slope += t.real(piece, lane);
      if (neighbour == (int)t.number(t.a.result + NEAREST, lane)) slope += t.number(t.a.result + NEAREST_SLOPE, lane);
      const int unit = unit_place(t, tile, n);
      const Real ux = t.real(unit, lane), uy = t.real(unit + 1, lane), uz = t.real(unit + 2, lane);
      const Real inverse = Real(1) / Real(r), along = slope - inverse * (x * ux + y * uy + z * uz);
      gradient[0] = along * ux + inverse * x;
      gradient[1] = along * uy + inverse * y;
      gradient[2] = along * uz + inverse * z;
    }
    t.bonds.add(i, neighbour, gradient);
    for (int k = 0; k < 3; ++k) t.number(t.a.gradient + 3 * n + k, lane) = gradient[k];
  });
}

// Each tile is finished while the next one is looked up, so that few workers are idle.
template <class Team> KOKKOS_INLINE_FUNCTION void find_gradients(const Team &t) {
  Tile tile = first_tile(t, 0, 0), before = {};
  clear_own(t, t.a.own);
  load_tile(t, tile);
  t.barrier();
  while (tile.count > 0) {
    if (tile.begin == 0) {
      contract(t, tile.species);
      fill_weights(t, tile.species);
    }
    finish_tile(t, before);
    fill_basis(t, tile, true);
    t.barrier();
    if (before.count > 0) sum_own(t, before.species, before.begin, t.a.own, t.a.gradient);
    project(t, tile);
    t.barrier();
    fill_pieces(t, tile);
    before = tile;
    tile = next_tile(t, tile);
    load_tile(t, tile);
    t.barrier();
  }
  finish_tile(t, before);
  t.barrier();
  if (before.count > 0) sum_own(t, before.species, before.begin, t.a.own, t.a.gradient);
  finish_own(t, t.a.own);
}

} // namespace XPOT_NS::device

#endif
