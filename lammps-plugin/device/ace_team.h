/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A team at work on a block of atoms: its memory, and loops over work items and lanes. */
#ifndef XPOT_DEVICE_ACE_TEAM_H
#define XPOT_DEVICE_ACE_TEAM_H

#include "ace_layout.h"
#include "ace_views.h"

// Before a loop of constant length over an array that must stay in registers.
#if defined(__clang__) || defined(__CUDACC__)
#define XPOT_UNROLL _Pragma("unroll")
#else
#define XPOT_UNROLL _Pragma("GCC unroll 16")
#endif

namespace XPOT_NS::device {

// Member: of a team policy whose vectors are LANES long. Bonds: the atoms and their neighbours (see test or pair style):
//   int atom(block, lane)               an atom, or -1
//   int species(block)                  of all atoms of the block
//   int first(atom, species)            first neighbour of a species; that of the next species ends it
//   bool load(atom, neighbour, d)       its displacement, Angstrom
template <class Member, class Views, class Real, class Bonds, int LANES> struct AceTeam {
  const Member &member;
  const Views &v;
  const AceLayout &a;
  const Bonds &bonds;
  int block;
  xp_ace_image_centre centre;
  const xp_ace_image_pair *pairs; // of the centre
  Real *reals_;
  double *doubles_;

  KOKKOS_INLINE_FUNCTION AceTeam(const Member &m, const Views &views, const AceLayout &layout, const Bonds &b,
                                 int which, double *memory)
      : member(m), v(views), a(layout), bonds(b), block(which), centre(views.centres(b.species(which))),
        pairs(views.pairs.data() + b.species(which) * views.nelements),
        reals_(reinterpret_cast<Real *>(memory + (size_t)layout.doubles * LANES)), doubles_(memory) {}

  KOKKOS_INLINE_FUNCTION Real &real(int place, int lane) const { return reals_[place * LANES + lane]; }
  KOKKOS_INLINE_FUNCTION double &number(int place, int lane) const { return doubles_[place * LANES + lane]; }

  // f(item, lane) for count items, in any order; what they write must be seen after a barrier only.
  template <class F> KOKKOS_INLINE_FUNCTION void each(int count, const F &f) const {
    Kokkos::parallel_for(Kokkos::TeamThreadRange(member, count), [&](int item) {
      Kokkos::parallel_for(Kokkos::ThreadVectorRange(member, LANES), [&](int lane) { f(item, lane); });
    });
  }
  KOKKOS_INLINE_FUNCTION void barrier() const { member.team_barrier(); }

  KOKKOS_INLINE_FUNCTION int atom(int lane) const { return bonds.atom(block, lane); }
  KOKKOS_INLINE_FUNCTION int count(int species, int lane) const {
    const int i = atom(lane);
    return i < 0 ? 0 : bonds.first(i, species + 1) - bonds.first(i, species);
  }
  // Longest list of a species among the lanes.
  KOKKOS_INLINE_FUNCTION int longest(int species) const {
    int most = 0;
    for (int lane = 0; lane < LANES; ++lane) most = Kokkos::max(most, count(species, lane));
    return most;
  }
};

} // namespace XPOT_NS::device

#endif
