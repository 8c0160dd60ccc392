/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients of the neighbours from Y. A neighbour's share of the energy is its weight times a sum over the powers of a part of
 * a^k, a part of b^l and q = sum over n of (adjoint of the moment) T_n: linear in each factor. Its derivatives by a, b and y are
 * sums over the powers too; those by the displacement follow once. */
#ifndef XPOT_DEVICE_SNAP_GRADIENT_H
#define XPOT_DEVICE_SNAP_GRADIENT_H

#include "snap_forward.h"

namespace XPOT_NS::device {

// The adjoints of the moments; U, whose place they take, has had its use.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_gather(const Team &t) {
  t.each(t.v.nlabels * t.v.nmoments, [&](int item, int lane) {
    const int label = item / t.v.nmoments;
    const xp_snap_image_row *row = t.v.gathering.data() + (item - label * t.v.nmoments);
    t.real(t.a.adjoints + label * t.v.nmoments + row->row, lane) =
        snap_sum_row(t, row, t.a.y + 2 * label * t.v.nentries, lane);
  });
  t.barrier();
}

// Adds d/dz for derivatives by the parts of z^m; below: place of z^(m-1).
template <class Team, class Real>
KOKKOS_INLINE_FUNCTION void snap_add_power(const Team &t, int m, int below, Real slope_r, Real slope_i, int lane,
                                           Real &re, Real &im) {
  if (m == 0) return;
  const Real r = t.real(below, lane), i = t.real(below + 1, lane);
  re += m * (r * slope_r + i * slope_i);
  im += m * (r * slope_i - i * slope_r);
}

// Adds what one pair of powers gives. factors: place of the neighbour's, adjoints: of its label's.
template <class Team, class Real>
KOKKOS_INLINE_FUNCTION void snap_add_shares(const Team &t, const xp_snap_image_power *power, int factors, int adjoints,
                                            int lane, Real sums[SNAP_SHARES]) {
  const int count = power->count, k = power->k, l = power->l, polynomials = factors + t.a.polynomials,
            slopes = factors + t.a.slopes, pa = factors + 2 * k, pb = factors + t.a.powers_b + 2 * l;
  Real q[4] = {}, dq[4] = {};
  XPOT_UNROLL
  for (int part = 0; part < 4; ++part) {
    const int first = power->moments[part];
    if (first < 0) continue;
    for (int n = 0; n < count; ++n) {
      const Real c = t.real(adjoints + first + 2 * n, lane);
      q[part] += c * t.real(polynomials + n, lane);
      dq[part] += c * t.real(slopes + n, lane);
    }
  }
  const Real ar = t.real(pa, lane), ai = t.real(pa + 1, lane), br = t.real(pb, lane), bi = t.real(pb + 1, lane);
  const Real slope_ar = br * q[0] + bi * q[1], slope_ai = br * q[2] + bi * q[3];
  sums[SHARE_VALUE] += ar * slope_ar + ai * slope_ai;
  sums[SHARE_Y] += ar * (br * dq[0] + bi * dq[1]) + ai * (br * dq[2] + bi * dq[3]);
  snap_add_power(t, k, pa - 2, slope_ar, slope_ai, lane, sums[SHARE_AR], sums[SHARE_AI]);
  snap_add_power<Team, Real>(t, l, pb - 2, ar * q[0] + ai * q[2], ar * q[1] + ai * q[3], lane, sums[SHARE_BR],
                             sums[SHARE_BI]);
}

// An item is a neighbour of the tile and a group of powers.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_find_shares(const Team &t, int label) {
  using Real = typename Team::Real;
  const int adjoints = t.a.adjoints + label * t.v.nmoments;
  t.each(TILE * t.a.groups, [&](int item, int lane) {
    const int n = item / t.a.groups, group = item % t.a.groups;
    Real sums[SNAP_SHARES] = {};
    for (int p = group; p < t.v.npowers; p += t.a.groups)
      snap_add_shares<Team, Real>(t, t.v.powers.data() + p, t.a.turning + n * t.a.stride, adjoints, lane, sums);
    XPOT_UNROLL
    for (int s = 0; s < SNAP_SHARES; ++s) t.real(t.a.shares + item * SNAP_SHARES + s, lane) = sums[s];
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION double snap_share(const Team &t, int n, int which, int lane) {
  double sum = 0.0;
  for (int group = 0; group < t.a.groups; ++group)
    sum += t.real(t.a.shares + (n * t.a.groups + group) * SNAP_SHARES + which, lane);
  return sum;
}

// d/d(displacement). With n the direction, sign a = cosine - i sine n_z and sign b = sine (n_y - i n_x).
template <class Team>
KOKKOS_INLINE_FUNCTION void snap_turn(const Team &t, const xp_snap_image_pair &pair, int n, int lane,
                                      double gradient[3]) {
  const CayleyKlein p = snap_parameters(t, n, lane);
  const double y = 2.0 * snap_share(t, n, SHARE_Y, lane); // y = |a|^2 - |b|^2
  const double ar = snap_share(t, n, SHARE_AR, lane) + p.ar * y, ai = snap_share(t, n, SHARE_AI, lane) + p.ai * y;
  const double br = snap_share(t, n, SHARE_BR, lane) - p.br * y, bi = snap_share(t, n, SHARE_BI, lane) - p.bi * y;
  const double sine = t.field(n, SNAP_SINE, lane), value = t.field(n, SNAP_VALUE, lane);
  const double sign = sine < 0.0 ? -value : value;
  const double nx = t.field(n, SNAP_X, lane), ny = t.field(n, SNAP_Y, lane), nz = t.field(n, SNAP_Z, lane);
  const double gx = -sign * bi, gy = sign * br, gz = -sign * ai, along = gx * nx + gy * ny + gz * nz;
  const double across = sine * t.field(n, SNAP_INVERSE, lane), turn = t.v.rfac0 * SNAP_PI * pair.scale;
  const double parallel = turn * (t.field(n, SNAP_COSINE, lane) * along - sine * sign * ar) - across * along +
                          t.field(n, SNAP_SLOPE, lane) * snap_share(t, n, SHARE_VALUE, lane);
  gradient[0] = parallel * nx + across * gx;
  gradient[1] = parallel * ny + across * gy;
  gradient[2] = parallel * nz + across * gz;
}

// The gradient of each neighbour of the tile.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_finish_tile(const Team &t, int species, int begin) {
  t.each(TILE, [&](int n, int lane) {
    if (begin + n >= t.count(species, lane)) return;
    double gradient[3] = {0.0, 0.0, 0.0};
    if (t.field(n, SNAP_INVERSE, lane) > 0.0) snap_turn(t, t.pairs[species], n, lane, gradient);
    t.bonds.add(t.atom(lane), t.bonds.first(t.atom(lane), species) + begin + n, gradient);
    for (int k = 0; k < 3; ++k) t.number(t.a.gradient + 3 * n + k, lane) = gradient[k];
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void snap_find_gradients(const Team &t) {
  clear_own(t, t.a.own);
  snap_gather(t);
  for (int species = 0; species < t.v.nelements; ++species)
    for (int begin = 0, most = t.longest(species); begin < most; begin += TILE) {
      snap_load_tile(t, species, begin);
      snap_fill_factors(t, t.a.turning, false);
      snap_find_shares(t, t.label(species));
      snap_finish_tile(t, species, begin);
      sum_own(t, species, begin, t.a.own, t.a.gradient);
    }
  finish_own(t, t.a.own);
}

} // namespace XPOT_NS::device

#endif
