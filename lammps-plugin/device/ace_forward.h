/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From neighbours to the energy of every lane's atom. */
#ifndef XPOT_DEVICE_ACE_FORWARD_H
#define XPOT_DEVICE_ACE_FORWARD_H

#include "ace_tile.h"
#include "embedding.h"

namespace XPOT_NS::device {

// Y of the tile, a column of one m an item.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_harmonics(const Team &t, const Tile &tile) {
  using Real = typename Team::Real;
  const int columns = t.pairs[tile.species].lmax + 1;
  t.each(tile.count * columns, [&](int item, int lane) {
    const int n = item / columns, m = item % columns, to = t.a.harmonics + n * t.a.components;
    const Real *recursion = t.v.reals.data() + t.v.recursion;
    const Column<Real> c = begin_column(t, tile, n, m, lane);
    Real q = c.diagonal, below = 0;
    for (int l = m, lm = m * (m + 1) / 2 + m; l < columns; ++l, lm += l) {
      if (l > m) {
        const Real next = recursion[2 * lm] * (c.z * q + recursion[2 * lm + 1] * below);
        below = q, q = next;
      }
      t.real(to + l * l + (m ? 2 * m - 1 : 0), lane) = q * c.re;
      if (m) t.real(to + l * l + 2 * m, lane) = q * c.im;
    }
  });
}

// R_nl of the tile from its g_k, some columns an item.
template <class Team> KOKKOS_INLINE_FUNCTION void fill_radial(const Team &t, const Tile &tile) {
  using Real = typename Team::Real;
  constexpr int COLUMNS = 4;
  const xp_ace_image_pair &pair = t.pairs[tile.species];
  const int nbase = pair.nbase, ncolumns = pair.ncolumns, groups = (ncolumns + COLUMNS - 1) / COLUMNS;
  const Real *matrix = t.v.reals.data() + pair.matrix;
  t.each(tile.count * groups, [&](int item, int lane) {
    const int n = item / groups, first = item % groups * COLUMNS, basis = t.a.basis + n * t.a.basis_stride;
    const Real *row[COLUMNS];
    Real sum[COLUMNS] = {};
    XPOT_UNROLL
    for (int c = 0; c < COLUMNS; ++c) row[c] = matrix + Kokkos::min(first + c, ncolumns - 1) * nbase;
    for (int k = 0; k < nbase; ++k) {
      const Real g = t.real(basis + k, lane);
      XPOT_UNROLL
      for (int c = 0; c < COLUMNS; ++c) sum[c] += row[c][k] * g;
    }
    XPOT_UNROLL
    for (int c = 0; c < COLUMNS; ++c)
      if (first + c < ncolumns) t.real(t.a.radial + n * t.a.columns + first + c, lane) = sum[c];
  });
}

// g_k and the core summed over the neighbours of a species.
template <class Team> KOKKOS_INLINE_FUNCTION void sum_basis(const Team &t, const Tile &tile) {
  t.each(t.pairs[tile.species].nbase + 1, [&](int k, int lane) {
    double sum = tile.begin ? t.number(t.a.sums + k, lane) : 0.0;
    for (int n = 0; n < tile.count; ++n) sum += t.real(t.a.basis + n * t.a.basis_stride + k, lane);
    t.number(t.a.sums + k, lane) = sum;
  });
}

// What a species gives to the rank-1 parts of the densities and to the core repulsion.
template <class Team> KOKKOS_INLINE_FUNCTION void add_to_densities(const Team &t, int species) {
  const int nbase = t.pairs[species].nbase;
  const double *density = t.v.numbers.data() + t.pairs[species].density;
  t.each(t.centre.ndensity + 1, [&](int p, int lane) {
    double sum = 0.0;
    if (p == t.centre.ndensity)
      sum = t.number(t.a.sums + nbase, lane);
    else
      for (int k = 0; k < nbase; ++k) sum += density[p * nbase + k] * t.number(t.a.sums + k, lane);
    t.number(t.a.density + p, lane) += sum;
  });
}

// Adds the tile to A_nl, a component an item.
template <class Team> KOKKOS_INLINE_FUNCTION void add_to_base(const Team &t, const Tile &tile) {
  const int *components = t.v.indices.data() + t.pairs[tile.species].components;
  t.each(t.pairs[tile.species].ncomponents, [&](int item, int lane) {
    const int *component = components + 3 * item;
    const int radial = t.a.radial + component[1], harmonic = t.a.harmonics + component[2];
    typename Team::Real sum = t.real(t.a.values + component[0], lane);
    for (int n = 0; n < tile.count; ++n)
      sum += t.real(radial + n * t.a.columns, lane) * t.real(harmonic + n * t.a.components, lane);
    t.real(t.a.values + component[0], lane) = sum;
  });
}

// zbl: the most compressed bond so far.
template <class Team> KOKKOS_INLINE_FUNCTION void find_nearest(const Team &t, const Tile &tile) {
  const xp_ace_image_pair &pair = t.pairs[tile.species];
  t.each(1, [&](int, int lane) {
    for (int n = 0; n < tile.count; ++n) {
      const double r = t.number(distance_place(t, tile, n), lane), depth = r - (pair.rcut_in - pair.dcut_in);
      if (r == 0.0 || depth >= t.number(t.a.result + NEAREST_DISTANCE, lane)) continue;
      t.number(t.a.result + NEAREST_DISTANCE, lane) = depth;
      t.number(t.a.result + NEAREST, lane) = t.bonds.first(t.atom(lane), tile.species) + tile.begin + n;
      t.number(t.a.result + DEPTH, lane) = pair.rcut_in - r;
      t.number(t.a.result + WIDTH, lane) = pair.dcut_in;
    }
  });
}

template <class Team> KOKKOS_INLINE_FUNCTION void clear(const Team &t) {
  t.each(t.centre.nbase_slots, [&](int slot, int lane) { t.real(t.a.values + slot, lane) = 0; });
  t.each(t.a.densities + 1, [&](int p, int lane) { t.number(t.a.density + p, lane) = 0.0; });
  t.each(t.member.team_size() * t.a.densities, [&](int p, int lane) { t.number(t.a.partial + p, lane) = 0.0; });
  t.each(1, [&](int, int lane) {
    t.number(t.a.result + DEPTH, lane) = t.number(t.a.result + WIDTH, lane) = 0.0;
    t.number(t.a.result + NEAREST, lane) = -1.0;
    t.number(t.a.result + NEAREST_DISTANCE, lane) = t.v.nearest_limit;
  });
}

// Each tile is loaded while the one before is added, which needs its distances and directions no more.
template <class Team> KOKKOS_INLINE_FUNCTION void sum_neighbours(const Team &t) {
  clear(t);
  Tile tile = first_tile(t, 0, 0);
  load_tile(t, tile);
  t.barrier();
  while (tile.count > 0) {
    fill_basis(t, tile, false);
    fill_harmonics(t, tile);
    t.barrier();
    fill_radial(t, tile);
    sum_basis(t, tile);
    if (t.centre.inner == XP_ACE_INNER_ZBL) find_nearest(t, tile);
    t.barrier();
    add_to_base(t, tile);
    if (tile.ends_species()) add_to_densities(t, tile.species);
    tile = next_tile(t, tile);
    load_tile(t, tile);
    t.barrier();
  }
}

// The outputs of a level; neighbouring items run the same terms.
template <class Team> KOKKOS_INLINE_FUNCTION void couple(const Team &t, const xp_ace_image_level &level) {
  using Real = typename Team::Real;
  const int *indices = t.v.indices.data();
  t.each(level.noutputs, [&](int item, int lane) {
    const int *output = indices + level.outputs + 2 * item;
    const xp_ace_image_coupling &q = t.v.couplings(t.centre.first_coupling + output[0]);
    const xp_ace_image_type &type = t.v.types(q.type);
    const int left = t.a.values + q.left, right = t.a.values + q.right, *terms = indices + type.terms;
    const int begin = indices[type.first + output[1]], end = indices[type.first + output[1] + 1];
    const Real *weights = t.v.reals.data() + type.weights;
    Real sum = 0;
    for (int k = begin; k < end; ++k)
      sum += weights[k] * t.real(left + terms[k] % XP_ACE_IMAGE_TERM, lane) *
             t.real(right + terms[k] / XP_ACE_IMAGE_TERM, lane);
    t.real(t.a.values + q.out + output[1], lane) = sum;
  });
  t.barrier();
}

// Adds a row's leaves to the worker's sums of densities p ... p + FEW_DENSITIES - 1.
template <class Team> KOKKOS_INLINE_FUNCTION void add_row(const Team &t, const xp_ace_image_row &row, int p, int lane) {
  using Real = typename Team::Real;
  const int ndensity = t.centre.ndensity, own = t.a.values + row.slot, *leaf = t.v.indices.data() + t.centre.leaf;
  const Real *coefficient = t.v.reals.data() + t.centre.coefficient + p;
  double sum[FEW_DENSITIES] = {};
  for (int k = row.first; k < row.end; ++k) {
    const int other = t.a.values + leaf[k];
    Real dot = 0;
    for (int i = 1; i < row.n; ++i) dot += t.real(own + i, lane) * t.real(other + i, lane);
    dot = row.sign * dot + t.real(own, lane) * t.real(other, lane);
    XPOT_UNROLL
    for (int q = 0; q < FEW_DENSITIES; ++q)
      if (p + q < ndensity) sum[q] += coefficient[k * ndensity + q] * dot;
  }
  const int to = t.a.partial + t.member.team_rank() * t.a.densities + p;
  XPOT_UNROLL
  for (int q = 0; q < FEW_DENSITIES; ++q)
    if (p + q < ndensity) t.number(to + q, lane) += sum[q];
}

// The densities of all leaves: every worker sums its rows, then the sums of all workers are added.
template <class Team> KOKKOS_INLINE_FUNCTION void sum_leaves(const Team &t) {
  const int first = t.centre.first_row;
  t.each(t.centre.end_row - first, [&](int item, int lane) {
    for (int p = 0; p < t.centre.ndensity; p += FEW_DENSITIES) add_row(t, t.v.rows(first + item), p, lane);
  });
  t.barrier();
  t.each(t.centre.ndensity, [&](int p, int lane) {
    double sum = t.number(t.a.density + p, lane);
    for (int worker = 0; worker < t.member.team_size(); ++worker)
      sum += t.number(t.a.partial + worker * t.a.densities + p, lane);
    t.number(t.a.density + p, lane) = sum;
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void find_energies(const Team &t) {
  sum_neighbours(t);
  for (int level = t.centre.first_level + 1; level < t.centre.end_level; ++level) couple(t, t.v.levels(level));
  sum_leaves(t);
  t.each(1, [&](int, int lane) { embed(t, lane); });
  t.barrier();
}

} // namespace XPOT_NS::device

#endif
