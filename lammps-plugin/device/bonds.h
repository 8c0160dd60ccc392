/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernels read of atoms and neighbours, and where they put their results. */
#ifndef XPOT_DEVICE_BONDS_H
#define XPOT_DEVICE_BONDS_H

#include "tally.h"

#include <Kokkos_Core.hpp>

namespace XPOT_NS::device {

// No atom: of the centre that a kernel could not evaluate.
constexpr int NOBODY = 0x7fffffff;

// All atoms, own ones and images.
template <class Space> struct Sites {
  Kokkos::View<double *[3], Kokkos::LayoutRight, Space> x; // Angstrom
  Kokkos::View<int *, Space> species;                      // negative: not this potential's
  Kokkos::View<double *, Space> scale;                     // of the energy of an atom and of its gradient
};

// Arrays over all atoms to which is added, and sums of centres. Those that are not allocated are not computed.
template <class Space> struct ResultArrays {
  template <int COLUMNS> using Table = Kokkos::View<double *[COLUMNS], Kokkos::LayoutRight, Space>;

  Table<3> force;
  Kokkos::View<double *, Space> energy;      // own atoms
  Kokkos::View<double *, Space> core_factor; // own atoms
  Table<6> virial;                           // xx yy zz xy xz yz, half to the centre and half to the neighbour
  Table<9> centroid;                         // xx yy zz xy xz yz yx zx zy, all to the neighbour
};

// The short lists of some blocks. Slots are places of atoms in blocks, counted from the first of these blocks on.
template <class Space, int LANES> struct Bonds {
  Sites<Space> sites;
  ResultArrays<Space> results;
  int nelements;
  bool with_virial_;
  Kokkos::View<const int *, Space> atoms;         // [slots] atom or -1
  Kokkos::View<const int *, Space> block_species; // [blocks]
  Kokkos::View<const int *, Space> firsts;        // [slots][nelements + 1]
  Kokkos::View<const int *, Space> neighbours;    // [bonds] atoms
  // Of slots: energy, and all sums of tally.h, unless idle.
  Kokkos::View<double *, Space> energy;
  Kokkos::View<double *[OWN_SUMS], Kokkos::LayoutRight, Space> own;
  Kokkos::View<int, Space> culprit; // lowest atom that could not be evaluated, or NOBODY

  KOKKOS_INLINE_FUNCTION int atom(int block, int lane) const {
    const int slot = block * LANES + lane;
    return atoms(slot) < 0 ? -1 : slot;
  }
  KOKKOS_INLINE_FUNCTION int species(int block) const { return block_species(block); }
  KOKKOS_INLINE_FUNCTION int first(int slot, int species) const { return firsts(slot * (nelements + 1) + species); }
  KOKKOS_INLINE_FUNCTION bool with_virial() const { return with_virial_; }

  KOKKOS_INLINE_FUNCTION void load(int slot, int k, double d[3]) const {
    const int i = atoms(slot), j = neighbours(k);
    for (int c = 0; c < 3; ++c) d[c] = sites.x(j, c) - sites.x(i, c);
  }

  // The gradient of a neighbour: it feels minus this. Returns the gradient times the scale of the centre in place.
  KOKKOS_INLINE_FUNCTION void add(int slot, int k, double gradient[3]) const {
    const int i = atoms(slot), j = neighbours(k);
    const double scale = sites.scale(i);
    for (int c = 0; c < 3; ++c) {
      gradient[c] *= scale;
      Kokkos::atomic_add(&results.force(j, c), -gradient[c]);
    }
    if (!with_virial_) return;
    double d[3];
    load(slot, k, d);
    if (results.virial.data())
      for (int c = 0; c < 6; ++c)
        Kokkos::atomic_add(&results.virial(j, c),
                           -0.5 * component(d, virial_row(c)) * component(gradient, virial_column(c)));
    if (results.centroid.data())
      for (int c = 0; c < 9; ++c)
        Kokkos::atomic_add(&results.centroid(j, c),
                           -component(d, virial_row(c)) * component(gradient, virial_column(c)));
  }

  // The energy of a slot's atom, not scaled, and 1 - fc of ACE's inner cutoff.
  KOKKOS_INLINE_FUNCTION void finish(int slot, double energy_of, double core_factor) const {
    const int i = atoms(slot);
    energy(slot) = sites.scale(i) * energy_of;
    if (results.energy.data()) results.energy(i) += energy(slot);
    if (results.core_factor.data()) results.core_factor(i) = core_factor;
    if (!Kokkos::isfinite(energy_of)) blame(slot);
  }

  // Component k of a slot's sums.
  KOKKOS_INLINE_FUNCTION void finish_own(int slot, int k, double sum) const { own(slot, k) = sum; }

  // The slot's atom cannot be evaluated: the run must end.
  KOKKOS_INLINE_FUNCTION void blame(int slot) const { Kokkos::atomic_min(&culprit(), atoms(slot)); }
};

} // namespace XPOT_NS::device

#endif
