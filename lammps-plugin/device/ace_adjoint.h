/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjoints dE/dvalue of all slots, gathered: every component is written by one item. */
#ifndef XPOT_DEVICE_ACE_ADJOINT_H
#define XPOT_DEVICE_ACE_ADJOINT_H

#include "ace_team.h"

namespace XPOT_NS::device {

// dE/d(leaf): the slopes of the densities with the coefficients of a leaf.
template <class Team> KOKKOS_INLINE_FUNCTION auto leaf_slope(const Team &t, int leaf, int lane) {
  const auto *c = t.v.reals.data() + t.centre.coefficient + (size_t)leaf * t.centre.ndensity;
  auto sum = 0 * c[0];
  for (int p = 0; p < t.centre.ndensity; ++p)
    sum += c[p] * static_cast<decltype(sum)>(t.number(t.a.embedding + p, lane));
  return sum;
}

// What leaves give to the N components of a node, which stay in registers.
template <int N, class Team, class Real>
KOKKOS_INLINE_FUNCTION void add_leaves(const Team &t, const xp_ace_image_node &node, int lane, Real adjoint[N]) {
  const int *entry = t.v.indices.data() + node.leaves;
  for (int k = 0; k < node.nleaves; ++k, entry += 3) {
    const Real theta = leaf_slope(t, entry[1], lane), rest = theta * entry[2];
    adjoint[0] += theta * t.real(t.a.values + entry[0], lane);
    if (entry[2] == 0) continue;
    XPOT_UNROLL
    for (int i = 1; i < N; ++i) adjoint[i] += rest * t.real(t.a.values + entry[0] + i, lane);
  }
}

// What the couplings that a node is in give to its component i.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION Real sum_uses(const Team &t, const xp_ace_image_node &node, int i, int lane) {
  const int *indices = t.v.indices.data(), *use = indices + node.uses;
  Real sum = 0;
  for (int k = 0; k < node.nuses; ++k, use += 2) {
    const xp_ace_image_coupling q = t.v.couplings(t.centre.first_coupling + use[0]);
    const int order = 1 + use[1], other = use[1] ? 0 : 1, place = t.a.values + (use[1] ? q.left : q.right);
    const xp_ace_image_type &type = t.v.types(q.type);
    const Real *weights = t.v.reals.data() + type.weights[order];
    for (int e = indices[type.first[order] + i]; e < indices[type.first[order] + i + 1]; ++e) {
      const int *term = indices + type.terms[order] + 3 * e;
      sum += weights[e] * t.real(t.a.adjoints + q.out + term[2], lane) * t.real(place + term[other], lane);
    }
  }
  return sum;
}

template <int N, class Real, class Team>
KOKKOS_INLINE_FUNCTION void find_adjoint(const Team &t, const xp_ace_image_node &node, bool add, int lane) {
  Real adjoint[N] = {};
  add_leaves<N>(t, node, lane, adjoint);
  XPOT_UNROLL
  for (int i = 0; i < N; ++i) {
    Real &to = t.real(t.a.adjoints + node.slot + i, lane);
    to = adjoint[i] + sum_uses<Real>(t, node, i, lane) + (add ? to : 0);
  }
}

// One component of a longer node.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void find_component(const Team &t, const xp_ace_image_node &node, int i, int lane) {
  const int *entry = t.v.indices.data() + node.leaves;
  Real sum = sum_uses<Real>(t, node, i, lane);
  for (int k = 0; k < node.nleaves; ++k, entry += 3)
    sum += leaf_slope(t, entry[1], lane) * t.real(t.a.values + entry[0] + i, lane);
  t.real(t.a.adjoints + node.slot + i, lane) = sum;
}

// Nodes of one level; the numbers of components that occur get loops of known length.
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void find_adjoints_of(const Team &t, int first, int end, bool add) {
  t.each(end - first, [&](int item, int lane) {
    const xp_ace_image_node node = t.v.nodes(first + item);
    switch (node.n) {
    case 1:
      return find_adjoint<1, Real>(t, node, add, lane);
    case 2:
      return find_adjoint<2, Real>(t, node, add, lane);
    case 3:
      return find_adjoint<3, Real>(t, node, add, lane);
    case 5:
      return find_adjoint<5, Real>(t, node, add, lane);
    case 7:
      return find_adjoint<7, Real>(t, node, add, lane);
    case 9:
      return find_adjoint<9, Real>(t, node, add, lane);
    case 11:
      return find_adjoint<11, Real>(t, node, add, lane);
    case 13:
      return find_adjoint<13, Real>(t, node, add, lane);
    default:
      for (int i = 0; i < node.n; ++i) find_component<Real>(t, node, i, lane);
    }
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void find_adjoints(const Team &t) {
  using Real = typename Team::Real;
  for (int k = t.centre.end_level - 1; k >= t.centre.first_level; --k)
    find_adjoints_of<Real>(t, t.v.levels(k).first_node, t.v.levels(k).end_node, false);
  find_adjoints_of<Real>(t, t.centre.first_node, t.centre.end_node, false);
  find_adjoints_of<Real>(t, t.centre.first_half, t.centre.end_half, true);
}

} // namespace XPOT_NS::device

#endif
