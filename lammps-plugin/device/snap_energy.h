/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From sums of products to the energy and to Y = dE/dconj(U). Components B, the quadratic form and energies are double
 * precision always. */
#ifndef XPOT_DEVICE_SNAP_ENERGY_H
#define XPOT_DEVICE_SNAP_ENERGY_H

#include "snap_team.h"

namespace XPOT_NS::device {

// Real part of conj(U) Z, for an entry of U and the place of Z.
template <class Team> KOKKOS_INLINE_FUNCTION double snap_dot(const Team &t, int entry, int z, int lane) {
  const int u = t.a.u + entry;
  return (double)t.real(u, lane) * t.real(z, lane) + (double)t.real(u + t.a.imaginary, lane) * t.real(z + 1, lane);
}

// Linear models: adds the further parts of Y, then finds parts of its product with U, three times the energy.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_finish_linear(const Team &t) {
  using Real = typename Team::Real;
  const int first = t.centre->first_rest, entries = t.v.nlabels * t.v.nentries;
  t.each(2 * (t.centre->end_rest - first), [&](int item, int lane) {
    const xp_snap_image_rest *rest = t.v.rests.data() + first + item / 2;
    const int part = t.a.sums + item % 2, parts = part + 2 * rest->first;
    Real sum = t.real(part + 2 * rest->output, lane);
    for (int k = 0; k < rest->count; ++k) sum += t.real(parts + 2 * k, lane);
    t.real(part + 2 * rest->output, lane) = sum;
  });
  t.barrier();
  t.each(SNAP_ENERGY_PARTS, [&](int part, int lane) {
    double sum = 0.0;
    for (int o = part; o < entries; o += SNAP_ENERGY_PARTS) {
      const int label = o / t.v.nentries, e = o - label * t.v.nentries;
      sum += snap_dot(t, label * t.v.nu + t.v.entries.data()[e].u, t.a.y + 2 * o, lane);
    }
    t.number(t.a.parts + part, lane) = sum / 3.0;
  });
  t.barrier();
}

// Quadratic models: B, dE/dB and the energy of each component.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_find_components(const Team &t) {
  using Real = typename Team::Real;
  const int count = t.v.ncomponents;
  const double *beta = t.v.numbers.data() + t.centre->beta, *alpha = t.v.numbers.data() + t.centre->alpha,
               *zero = t.v.numbers.data() + t.centre->zero;
  t.each(count, [&](int k, int lane) {
    const xp_snap_image_component *c = t.v.components.data() + k;
    const int u = c->u, z = t.a.sums + 2 * c->z;
    double sum = -zero[k];
    for (int i = 0, n = c->n; i < n; ++i) sum += snap_dot(t, u + i, z + 2 * i, lane);
    t.number(t.a.bispectrum + k, lane) = sum;
  });
  t.barrier();
  // alpha is symmetric: neighbouring items read neighbouring numbers.
  t.each(count, [&](int k, int lane) {
    double sum = beta[k];
    for (int l = 0; l < count; ++l) sum += alpha[l * count + k] * t.number(t.a.bispectrum + l, lane);
    t.real(t.a.effective + k, lane) = (Real)sum;
    t.number(t.a.parts + k, lane) = 0.5 * t.number(t.a.bispectrum + k, lane) * (beta[k] + sum);
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void snap_fill_links(const Team &t) {
  using Real = typename Team::Real;
  const int *components = t.v.indices.data() + t.v.link_components;
  const Real *factors = t.v.reals.data() + t.v.link_factors;
  t.each(t.v.nlinks, [&](int k, int lane) {
    const xp_snap_image_link *link = t.v.links.data() + k;
    Real sum = 0;
    for (int term = link->first, end = link->end; term < end; ++term)
      sum += factors[term] * t.real(t.a.effective + components[term], lane);
    t.real(t.a.links + k, lane) = sum;
  });
  t.barrier();
}

// Quadratic models: the real or imaginary part of an entry of Y is an item.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_link(const Team &t) {
  using Real = typename Team::Real;
  t.each(2 * t.v.nlabels * t.v.nentries, [&](int item, int lane) {
    const int label = item / (2 * t.v.nentries), row = item % (2 * t.v.nentries);
    const xp_snap_image_entry *entry = t.v.entries.data() + row / 2;
    const xp_snap_image_level *level = t.v.levels.data() + label * (t.v.twojmax + 1) + entry->j;
    const int from = t.a.sums + 2 * entry->index + row % 2;
    Real sum = 0;
    for (int k = level->first, end = level->end; k < end; ++k)
      sum += t.real(t.a.links + k, lane) * t.real(from + 2 * t.v.links.data()[k].z, lane);
    t.real(t.a.y + item, lane) = sum;
  });
  t.barrier();
}

// Y, and the parts of the energy.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_find_y(const Team &t) {
  if (!t.v.quadratic) return snap_finish_linear(t);
  snap_find_components(t);
  snap_fill_links(t);
  snap_link(t);
}

template <class Team> KOKKOS_INLINE_FUNCTION double snap_energy(const Team &t, int lane) {
  double sum = t.centre->constant;
  for (int part = 0; part < t.a.nparts; ++part) sum += t.number(t.a.parts + part, lane);
  return sum;
}

} // namespace XPOT_NS::device

#endif
