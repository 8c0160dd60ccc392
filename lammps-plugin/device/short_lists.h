/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From candidates, such as LAMMPS's neighbour list, to blocks of atoms and the neighbours within the cutoffs. */
#ifndef XPOT_DEVICE_SHORT_LISTS_H
#define XPOT_DEVICE_SHORT_LISTS_H

#include "bonds.h"

namespace XPOT_NS::device {

// Who may be a neighbour of whom.
template <class Space> struct Candidates {
  int ncentres = 0;
  Kokkos::View<const int *, Space> centres;                           // [ncentres] own atoms
  Kokkos::View<const int *, Space> counts;                            // [own atoms]
  Kokkos::View<const int **, Kokkos::LayoutStride, Space> neighbours; // [own atoms][at least counts] sites
  int mask = ~0;                                                      // bits of a neighbour that number its site
  bool fresh = true;                                                  // not what they were in the call before
};

// Centres of one species follow each other in slots; scanned over candidates.
template <class Space> struct CollectSpecies {
  Candidates<Space> candidates;
  Kokkos::View<int *, Space> species, atoms;
  int wanted, first;

  KOKKOS_INLINE_FUNCTION void operator()(int c, int &count, bool final) const {
    const int i = candidates.centres(c);
    if (species(i) != wanted) return;
    if (final) atoms(first + count) = i;
    ++count;
  }
};

template <class Space> struct FindLongest {
  Candidates<Space> candidates;

  KOKKOS_INLINE_FUNCTION void operator()(int c, int &longest) const {
    longest = Kokkos::max(longest, candidates.counts(candidates.centres(c)));
  }
};

// The neighbours of a slot, species by species.
template <class Space> struct FillLists {
  Sites<Space> sites;
  Candidates<Space> candidates;
  Kokkos::View<const int *, Space> atoms;             // [slots]
  Kokkos::View<const double *, Space> cutoff_squared; // [nelements][nelements] centre slowest
  int nelements, width;                               // of a slot's list
  Kokkos::View<int *, Space> firsts, neighbours;      // [slots][nelements + 1], [slots][width]
  Kokkos::View<int, Space> culprit;                   // as of Bonds

  // f(neighbour, species) for all within the cutoff.
  template <class F> KOKKOS_INLINE_FUNCTION void each(int i, const F &f) const {
    const int row = sites.species(i) * nelements;
    for (int k = 0; k < candidates.counts(i); ++k) {
      const int j = candidates.neighbours(i, k) & candidates.mask, species = sites.species(j);
      if (species < 0) continue;
      double squared = 0.0;
      for (int c = 0; c < 3; ++c) {
        const double d = sites.x(j, c) - sites.x(i, c);
        squared += d * d;
      }
      if (squared < cutoff_squared(row + species)) f(j, species);
    }
  }

  KOKKOS_INLINE_FUNCTION void operator()(int slot) const {
    int *first = &firsts(slot * (nelements + 1));
    for (int s = 0; s <= nelements; ++s) first[s] = 0;
    const int i = atoms(slot);
    if (i < 0) return;
    // It would have no neighbours, and nobody would notice.
    if (!Kokkos::isfinite(sites.x(i, 0) + sites.x(i, 1) + sites.x(i, 2))) Kokkos::atomic_min(&culprit(), i);
    // Counts, then places; filling moves each place to that of the next species.
    each(i, [&](int, int species) { ++first[species]; });
    int place = slot * width;
    for (int s = 0; s <= nelements; ++s) {
      const int count = first[s];
      first[s] = place;
      place += count;
    }
    each(i, [&](int j, int species) { neighbours(first[species]++) = j; });
    for (int s = nelements; s > 0; --s) first[s] = first[s - 1];
    first[0] = slot * width;
  }
};

// The results of slots: what their own atoms get, and the sums over slots: energy, then the virial.
template <class Space, int LANES> struct CollectSlots {
  using value_type = double[];
  static constexpr unsigned SUMS = 7;

  Bonds<Space, LANES> bonds;
  unsigned value_count = SUMS;

  KOKKOS_INLINE_FUNCTION void operator()(int slot, double sums[]) const {
    const int i = bonds.atoms(slot);
    if (i < 0) return;
    for (int k = 0; k < OWN_GRADIENT; ++k) bonds.results.force(i, k) += bonds.own(slot, k);
    sums[0] += bonds.energy(slot);
    for (int k = 0; k < 6 && bonds.with_virial(); ++k) {
      const double virial = bonds.own(slot, OWN_GRADIENT + k);
      sums[1 + k] += virial;
      if (bonds.results.virial.data()) bonds.results.virial(i, k) += 0.5 * virial;
    }
  }
};

} // namespace XPOT_NS::device

#endif
