/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjoints dE/dvalue of all slots, gathered: every component is written by one item. */
#ifndef XPOT_DEVICE_ACE_ADJOINT_H
#define XPOT_DEVICE_ACE_ADJOINT_H

#include "ace_team.h"

namespace XPOT_NS::device {

// dE/d(leaf): the slopes of the densities, the first few of which are given, with the coefficients of a leaf.
template <class Team, class Real>
KOKKOS_INLINE_FUNCTION Real leaf_slope(const Team &t, int leaf, const Real slopes[FEW_DENSITIES], int lane) {
  const int ndensity = t.centre.ndensity;
  const Real *c = t.v.reals.data() + t.centre.coefficient + (size_t)leaf * ndensity;
  Real sum = 0;
  XPOT_UNROLL
  for (int p = 0; p < FEW_DENSITIES; ++p)
    if (p < ndensity) sum += c[p] * slopes[p];
  for (int p = FEW_DENSITIES; p < ndensity; ++p) sum += c[p] * static_cast<Real>(t.number(t.a.embedding + p, lane));
  return sum;
}

// What leaves give to the N components of a node, which stay in registers.
template <int N, class Team>
KOKKOS_INLINE_FUNCTION void add_leaves(const Team &t, const xp_ace_image_node &node, int lane) {
  using Real = typename Team::Real;
  Real slopes[FEW_DENSITIES], adjoint[N] = {};
  XPOT_UNROLL
  for (int p = 0; p < FEW_DENSITIES; ++p) slopes[p] = p < t.centre.ndensity ? t.number(t.a.embedding + p, lane) : 0.0;
  const int *entry = t.v.indices.data() + node.leaves;
  for (int k = 0; k < node.nleaves; ++k, entry += 3) {
    const Real theta = leaf_slope(t, entry[1], slopes, lane), rest = theta * entry[2];
    const int other = t.a.values + entry[0] + node.first;
    if (node.first == 0) adjoint[0] += theta * t.real(other, lane);
    if (entry[2] == 0) continue;
    if (node.first != 0) adjoint[0] += rest * t.real(other, lane);
    XPOT_UNROLL
    for (int i = 1; i < N; ++i) adjoint[i] += rest * t.real(other + i, lane);
  }
  XPOT_UNROLL
  for (int i = 0; i < N; ++i) t.real(t.a.adjoints + node.slot + i, lane) = adjoint[i];
}

static_assert(XP_ACE_IMAGE_NODE == 7, "as the cases of add_all_leaves");

// Numbers of components get loops of known length.
template <class Team> KOKKOS_INLINE_FUNCTION void add_all_leaves(const Team &t) {
  const int first = t.centre.first_node;
  t.each(t.centre.end_node - first, [&](int item, int lane) {
    const xp_ace_image_node &node = t.v.nodes(first + item);
    switch (node.n) {
    case 1:
      return add_leaves<1>(t, node, lane);
    case 2:
      return add_leaves<2>(t, node, lane);
    case 3:
      return add_leaves<3>(t, node, lane);
    case 4:
      return add_leaves<4>(t, node, lane);
    case 5:
      return add_leaves<5>(t, node, lane);
    case 6:
      return add_leaves<6>(t, node, lane);
    default:
      return add_leaves<7>(t, node, lane);
    }
  });
}

// What couplings give to the vectors of a level.
template <class Team> KOKKOS_INLINE_FUNCTION void gather(const Team &t, const xp_ace_image_level &level) {
  using Real = typename Team::Real;
  t.each(level.end_gather - level.first_gather, [&](int item, int lane) {
    const xp_ace_image_gather &g = t.v.gathers(level.first_gather + item);
    const int *term = t.v.indices.data() + g.terms, count = g.nterms;
    const Real *weight = t.v.reals.data() + g.weights;
    Real &to = t.real(t.a.adjoints + g.slot, lane), sum = g.add ? to : 0;
    for (int k = 0; k < count; ++k)
      sum += weight[k] * t.real(t.a.adjoints + term[2 * k], lane) * t.real(t.a.values + term[2 * k + 1], lane);
    to = sum;
  });
}

template <class Team> KOKKOS_INLINE_FUNCTION void add_parts(const Team &t, const xp_ace_image_level &level) {
  t.each(level.end_sum - level.first_sum, [&](int item, int lane) {
    const xp_ace_image_sum &s = t.v.sums(level.first_sum + item);
    const int *part = t.v.indices.data() + s.parts;
    typename Team::Real &to = t.real(t.a.adjoints + s.slot, lane), sum = to;
    for (int k = 0; k < s.nparts; ++k) sum += t.real(t.a.adjoints + part[k], lane);
    to = sum;
  });
}

// The last of them must be seen after a barrier only.
template <class Team> KOKKOS_INLINE_FUNCTION void find_adjoints(const Team &t) {
  add_all_leaves(t);
  for (int k = t.centre.end_level - 1; k >= t.centre.first_level; --k) {
    const xp_ace_image_level &level = t.v.levels(k);
    if (level.end_gather > level.first_gather) {
      t.barrier();
      gather(t, level);
    }
    if (level.end_sum > level.first_sum) {
      t.barrier();
      add_parts(t, level);
    }
  }
}

} // namespace XPOT_NS::device

#endif
