/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients of the neighbours from the adjoints of the base. For a neighbour, dE = sum_nlm adjoint_nlm d(R_nl Y_lm): the adjoints
 * are contracted with the radial basis once an atom, adjoint_klm = sum_n adjoint_nlm c_nlk, so that no R'_nl are needed, and
 * for each neighbour over n and over k before the powers (x + i y)^m are. */
#ifndef XPOT_DEVICE_ACE_GRADIENT_H
#define XPOT_DEVICE_ACE_GRADIENT_H

#include "ace_tile.h"
#include "tally.h"

namespace XPOT_NS::device {

// Place of block b's first component among the contracted adjoints [component][nbase] of a pair.
template <class Team> KOKKOS_INLINE_FUNCTION int contracted_place(const Team &t, const xp_ace_image_pair &pair, int b) {
  int components = 0;
  for (int k = pair.first_block; k < b; ++k) components += 2 * t.v.blocks(k).l + 1;
  return t.a.values + components * pair.nbase;
}

template <class Team> KOKKOS_INLINE_FUNCTION void contract(const Team &t, const xp_ace_image_pair &pair) {
  for (int b = pair.first_block; b < pair.end_block; ++b) {
    const xp_ace_image_block block = t.v.blocks(b);
    const int length = 2 * block.l + 1, place = contracted_place(t, pair, b);
    const auto *matrix = t.v.reals.data() + pair.matrix + block.column * pair.nbase;
    t.each(length * pair.nbase, [&](int item, int lane) {
      const int i = item / pair.nbase, k = item % pair.nbase;
      auto sum = 0 * matrix[0];
      for (int n = 0; n < block.count; ++n)
        sum += matrix[n * pair.nbase + k] * t.real(t.a.adjoints + block.slot + n * length + i, lane);
      t.real(place + item, lane) = sum;
    });
  }
}

// What the slopes of the radial basis and of the core count by themselves: rank-1 functions.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_weights(const Team &t, const xp_ace_image_pair &pair) {
  const double *density = t.v.numbers.data() + pair.density;
  t.each(pair.nbase + 1, [&](int k, int lane) {
    double sum = 0.0;
    for (int p = 0; p < t.centre.ndensity && k < pair.nbase; ++p)
      sum += density[p * pair.nbase + k] * t.number(t.a.embedding + p, lane);
    t.real(t.a.weights + k, lane) = k < pair.nbase ? sum : t.number(t.a.result + CORE_SLOPE, lane);
  });
}

// For every neighbour and component: sums of the adjoints with R' (into harmonics) and with R (into across). Components of an l
// that no function uses are zero.
template <class Team> KOKKOS_INLINE_FUNCTION void project(const Team &t, const xp_ace_image_pair &pair) {
  for (int b = pair.first_block; b < pair.end_block; ++b) {
    const xp_ace_image_block block = t.v.blocks(b);
    const int length = 2 * block.l + 1, place = contracted_place(t, pair, b);
    t.each(TILE * length, [&](int item, int lane) {
      const int n = item / length, i = item % length, to = n * t.a.components + block.l * block.l + i;
      const int slope = t.a.slope + n * t.a.basis_stride, radial = t.a.radial + n * t.a.columns + block.column;
      auto along = 0 * t.real(slope, lane), across = along;
      for (int k = 0; k < pair.nbase; ++k) along += t.real(place + i * pair.nbase + k, lane) * t.real(slope + k, lane);
      for (int k = 0; k < block.count; ++k)
        across += t.real(t.a.adjoints + block.slot + k * length + i, lane) * t.real(radial + k, lane);
      t.real(t.a.harmonics + to, lane) = along;
      t.real(t.a.across + to, lane) = across;
    });
  }
}

template <class Team> KOKKOS_INLINE_FUNCTION void clear_projections(const Team &t) {
  t.each(TILE * t.a.components,
         [&](int item, int lane) { t.real(t.a.harmonics + item, lane) = t.real(t.a.across + item, lane) = 0; });
}

// Sums over l of one m, multiplied with the powers of the direction: adds to the slope along it and to the free gradient, whose
// part along the direction is not taken off yet.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void add_m(const Team &t, int lmax, int n, int m, int lane, Real &slope, Real free[3]) {
  Real radial_c = 0, radial_s = 0, angular_c = 0, angular_s = 0, polar_c = 0, polar_s = 0;
  for (int l = m; l <= lmax; ++l) {
    const int at = n * t.a.components + l * l + (m ? 2 * m - 1 : 0), lm = n * t.a.lm + l * (l + 1) / 2 + m;
    const Real q = t.real(t.a.polynomials + lm, lane), dq = t.real(t.a.derivatives + lm, lane);
    const Real along = t.real(t.a.harmonics + at, lane), across = t.real(t.a.across + at, lane);
    radial_c += along * q;
    angular_c += across * q;
    polar_c += across * dq;
    if (m == 0) continue;
    const Real along_s = t.real(t.a.harmonics + at + 1, lane), across_s = t.real(t.a.across + at + 1, lane);
    radial_s += along_s * q;
    angular_s += across_s * q;
    polar_s += across_s * dq;
  }
  const int power = t.a.powers + 2 * (n * (t.v.lmax + 1) + m);
  const Real re = t.real(power, lane), im = t.real(power + 1, lane);
  slope += radial_c * re + radial_s * im;
  free[2] += polar_c * re + polar_s * im;
  if (m == 0) return;
  const Real below_re = t.real(power - 2, lane), below_im = t.real(power - 1, lane);
  free[0] += m * (angular_c * below_re + angular_s * below_im);
  free[1] += m * (angular_s * below_re - angular_c * below_im);
}

// The gradient of each neighbour of the tile.
template <class Team> KOKKOS_INLINE_FUNCTION void finish_tile(const Team &t, int species, int begin) {
  using Real = typename Team::Real;
  const xp_ace_image_pair &pair = t.pairs[species];
  t.each(TILE, [&](int n, int lane) {
    const double r = t.number(t.a.distance + n, lane);
    if (begin + n >= t.count(species, lane)) return;
    const int i = t.atom(lane), neighbour = t.bonds.first(i, species) + begin + n;
    double gradient[3] = {0.0, 0.0, 0.0};
    if (r > 0.0) {
      Real slope = 0, free[3] = {0, 0, 0}, unit[3], along = 0;
      for (int k = 0; k <= pair.nbase; ++k)
        slope += t.real(t.a.weights + k, lane) * t.real(t.a.slope + n * t.a.basis_stride + k, lane);
      for (int m = 0; m <= pair.lmax; ++m) add_m<Real>(t, pair.lmax, n, m, lane, slope, free);
      for (int k = 0; k < 3; ++k) along += free[k] * (unit[k] = t.real(t.a.unit + 3 * n + k, lane));
      const Real inverse = Real(1) / Real(r);
      const bool nearest = neighbour == (int)t.number(t.a.result + NEAREST, lane);
      const Real total =
          slope - inverse * along + (nearest ? Real(t.number(t.a.result + NEAREST_SLOPE, lane)) : Real(0));
      for (int k = 0; k < 3; ++k) gradient[k] = total * unit[k] + inverse * free[k];
    }
    t.bonds.add(i, neighbour, gradient);
    for (int k = 0; k < 3; ++k) t.number(t.a.gradient + 3 * n + k, lane) = gradient[k];
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void find_gradients(const Team &t) {
  clear_own(t, t.a.own);
  for (int species = 0; species < t.v.nelements; ++species) {
    const int most = t.longest(species);
    if (most == 0) continue;
    const xp_ace_image_pair &pair = t.pairs[species];
    contract(t, pair);
    fill_weights(t, pair);
    clear_projections(t);
    for (int begin = 0; begin < most; begin += TILE) {
      load_tile(t, species, begin);
      fill_polynomials(t, species);
      fill_basis(t, species, true);
      fill_radial(t, species);
      t.barrier();
      project(t, pair);
      t.barrier();
      finish_tile(t, species, begin);
      sum_own(t, species, begin, t.a.own, t.a.gradient);
    }
  }
  finish_own(t, t.a.own);
}

} // namespace XPOT_NS::device

#endif
