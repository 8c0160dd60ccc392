/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From neighbours to the energy of every lane's atom. */
#ifndef XPOT_DEVICE_ACE_FORWARD_H
#define XPOT_DEVICE_ACE_FORWARD_H

#include "ace_tile.h"
#include "embedding.h"

namespace XPOT_NS::device {

// Component i of the harmonics of l, of one neighbour of the tile.
template <class Team> KOKKOS_INLINE_FUNCTION auto harmonic(const Team &t, int n, int l, int i, int lane) {
  const int m = (i + 1) / 2;
  const auto q = t.real(t.a.polynomials + n * t.a.lm + l * (l + 1) / 2 + m, lane);
  return i == 0 ? q : q * t.real(t.a.powers + 2 * (n * (t.v.lmax + 1) + m) + (i + 1) % 2, lane);
}

template <class Team> KOKKOS_INLINE_FUNCTION void fill_harmonics(const Team &t, int species) {
  const int components = (t.pairs[species].lmax + 1) * (t.pairs[species].lmax + 1);
  t.each(TILE * components, [&](int item, int lane) {
    const int n = item / components, at = item % components;
    int l = 0;
    while ((l + 1) * (l + 1) <= at) ++l;
    t.real(t.a.harmonics + n * t.a.components + at, lane) = harmonic(t, n, l, at - l * l, lane);
  });
}

// Adds the tile to A_nl, a component an item.
template <class Team> KOKKOS_INLINE_FUNCTION void add_to_base(const Team &t, int species) {
  const xp_ace_image_pair &pair = t.pairs[species];
  for (int b = pair.first_block; b < pair.end_block; ++b) {
    const xp_ace_image_block block = t.v.blocks(b);
    const int length = 2 * block.l + 1;
    t.each(block.count * length, [&](int item, int lane) {
      const int column = block.column + item / length, y = block.l * block.l + item % length;
      auto sum = t.real(t.a.values + block.slot + item, lane);
      for (int n = 0; n < TILE; ++n)
        sum +=
            t.real(t.a.radial + n * t.a.columns + column, lane) * t.real(t.a.harmonics + n * t.a.components + y, lane);
      t.real(t.a.values + block.slot + item, lane) = sum;
    });
  }
}

// Adds the tile to the rank-1 parts of the densities and to the core repulsion.
template <class Team> KOKKOS_INLINE_FUNCTION void add_to_densities(const Team &t, int species) {
  const xp_ace_image_pair &pair = t.pairs[species];
  const double *density = t.v.numbers.data() + pair.density;
  t.each(t.centre.ndensity + 1, [&](int p, int lane) {
    double sum = 0.0;
    for (int n = 0; n < TILE; ++n) {
      const int g = t.a.basis + n * t.a.basis_stride;
      if (p == t.centre.ndensity)
        sum += t.real(g + pair.nbase, lane);
      else
        for (int k = 0; k < pair.nbase; ++k) sum += density[p * pair.nbase + k] * t.real(g + k, lane);
    }
    t.number(t.a.density + p, lane) += sum;
  });
}

// zbl: the most compressed bond so far.
template <class Team> KOKKOS_INLINE_FUNCTION void find_nearest(const Team &t, int species, int begin) {
  const xp_ace_image_pair &pair = t.pairs[species];
  t.each(1, [&](int, int lane) {
    for (int n = 0; n < TILE; ++n) {
      const double r = t.number(t.a.distance + n, lane), depth = r - (pair.rcut_in - pair.dcut_in);
      if (r == 0.0 || depth >= t.number(t.a.result + NEAREST_DISTANCE, lane)) continue;
      t.number(t.a.result + NEAREST_DISTANCE, lane) = depth;
      t.number(t.a.result + NEAREST, lane) = t.bonds.first(t.atom(lane), species) + begin + n;
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
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void sum_neighbours(const Team &t) {
  for (int species = 0; species < t.v.nelements; ++species)
    for (int begin = 0, most = t.longest(species); begin < most; begin += TILE) {
      load_tile(t, species, begin);
      fill_polynomials(t, species);
      fill_basis(t, species, false);
      fill_radial(t, species);
      fill_harmonics(t, species);
      add_to_densities(t, species);
      if (t.centre.inner == XP_ACE_INNER_ZBL) find_nearest(t, species, begin);
      t.barrier();
      add_to_base(t, species);
      t.barrier();
    }
}

// The outputs of a level; neighbouring items run the same terms.
template <class Team> KOKKOS_INLINE_FUNCTION void couple(const Team &t, const xp_ace_image_level &level) {
  const int *indices = t.v.indices.data();
  t.each(level.noutputs, [&](int item, int lane) {
    const int *output = indices + level.outputs + 2 * item;
    const xp_ace_image_coupling q = t.v.couplings(t.centre.first_coupling + output[0]);
    const xp_ace_image_type &type = t.v.types(q.type);
    const int begin = indices[type.first[0] + output[1]], end = indices[type.first[0] + output[1] + 1];
    const auto *weights = t.v.reals.data() + type.weights[0];
    auto sum = 0 * weights[begin];
    for (int k = begin; k < end; ++k) {
      const int *term = indices + type.terms[0] + 3 * k;
      sum += weights[k] * t.real(t.a.values + q.left + term[0], lane) * t.real(t.a.values + q.right + term[1], lane);
    }
    t.real(t.a.values + q.out + output[1], lane) = sum;
  });
  t.barrier();
}

// The densities of all leaves: every worker sums its rows, then the sums of all workers are added.
template <class Team> KOKKOS_INLINE_FUNCTION void sum_leaves(const Team &t) {
  const int ndensity = t.centre.ndensity, *leaf = t.v.indices.data() + t.centre.leaf;
  const auto *coefficient = t.v.reals.data() + t.centre.coefficient;
  t.each(t.centre.end_row - t.centre.first_row, [&](int item, int lane) {
    const xp_ace_image_row row = t.v.rows(t.centre.first_row + item);
    const int partial = t.a.partial + t.member.team_rank() * t.a.densities;
    for (int k = row.first; k < row.end; ++k) {
      auto dot = 0 * coefficient[0];
      for (int i = 1; i < row.n; ++i)
        dot += t.real(t.a.values + row.slot + i, lane) * t.real(t.a.values + leaf[k] + i, lane);
      dot = row.sign * dot + t.real(t.a.values + row.slot, lane) * t.real(t.a.values + leaf[k], lane);
      for (int p = 0; p < ndensity; ++p) t.number(partial + p, lane) += coefficient[k * ndensity + p] * dot;
    }
  });
  t.barrier();
  t.each(ndensity, [&](int p, int lane) {
    double sum = t.number(t.a.density + p, lane);
    for (int worker = 0; worker < t.member.team_size(); ++worker)
      sum += t.number(t.a.partial + worker * t.a.densities + p, lane);
    t.number(t.a.density + p, lane) = sum;
  });
  t.barrier();
}

template <class Team> KOKKOS_INLINE_FUNCTION void find_energies(const Team &t) {
  clear(t);
  sum_neighbours(t);
  for (int level = t.centre.first_level; level < t.centre.end_level; ++level) couple(t, t.v.levels(level));
  sum_leaves(t);
  t.each(1, [&](int, int lane) {
    embed(t.centre, t.v.numbers.data() + t.centre.parameters, &t.number(t.a.density, lane),
          &t.number(t.a.embedding, lane), &t.number(t.a.result, lane), Team::LANES);
  });
  t.barrier();
}

} // namespace XPOT_NS::device

#endif
