/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A team at work on a block of LANES atoms of one species: its memory, and loops over work items and lanes. */
#ifndef XPOT_DEVICE_TEAM_H
#define XPOT_DEVICE_TEAM_H

#include <Kokkos_Core.hpp>

#include <cstddef>

// Before a loop of constant length over an array that must stay in registers.
#if defined(__clang__) || defined(__CUDACC__)
#define XPOT_UNROLL _Pragma("unroll")
#else
#define XPOT_UNROLL _Pragma("GCC unroll 16")
#endif

namespace XPOT_NS::device {

// Neighbours of a lane that are worked on at a time.
constexpr int TILE = 4;

// f(item, lane) for count items, in any order. Tests overload it for teams of their own.
template <int LANES, class Member, class F>
KOKKOS_INLINE_FUNCTION void team_each(const Member &member, int count, const F &f) {
  Kokkos::parallel_for(Kokkos::TeamThreadRange(member, count), [&](int item) {
    Kokkos::parallel_for(Kokkos::ThreadVectorRange(member, LANES), [&](int lane) { f(item, lane); });
  });
}

// Member: of a team policy whose vectors are LANES long. Bonds: as Bonds of bonds.h. Places count numbers of one lane; entry e of
// an array at place p is at (p + e) * LANES + lane, so that the lanes of a vector read neighbouring numbers.
template <class Member_, class Real_, class Bonds_, int LANES_> struct BlockTeam {
  using Real = Real_;
  static constexpr int LANES = LANES_;

  const Member_ &member;
  const Bonds_ &bonds;
  int block;
  double *doubles_;
  Real *reals_;

  // memory: `doubles` doubles of each lane, then the reals.
  KOKKOS_INLINE_FUNCTION BlockTeam(const Member_ &m, const Bonds_ &b, int which, double *memory, int doubles)
      : member(m), bonds(b), block(which), doubles_(memory),
        reals_(reinterpret_cast<Real *>(memory + (size_t)doubles * LANES)) {}

  KOKKOS_INLINE_FUNCTION Real &real(int place, int lane) const { return reals_[place * LANES + lane]; }
  KOKKOS_INLINE_FUNCTION double &number(int place, int lane) const { return doubles_[place * LANES + lane]; }

  // What items write must be seen after a barrier only.
  template <class F> KOKKOS_INLINE_FUNCTION void each(int count, const F &f) const {
    team_each<LANES>(member, count, f);
  }
  KOKKOS_INLINE_FUNCTION void barrier() const { member.team_barrier(); }

  // -1: the lane is idle.
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

// Where the memory of a team is: in scratch memory of the team, or, for models that do not fit, in a buffer of all teams.
template <class Space> struct TeamMemory {
  Kokkos::View<double **, Kokkos::LayoutRight, Space> buffer; // [teams][doubles]; not allocated: scratch
  size_t doubles;

  template <class Member> KOKKOS_INLINE_FUNCTION double *of(const Member &member) const {
    if (buffer.data()) return &buffer(member.league_rank(), 0);
    return (double *)member.team_shmem().get_shmem(doubles * sizeof(double));
  }
};

// Bytes of an atom in flight.
template <class Real, class Layout> size_t layout_bytes(const Layout &layout) {
  return (size_t)layout.doubles * sizeof(double) + (size_t)layout.reals * sizeof(Real);
}

// Doubles that a team needs, for an atom's bytes.
inline size_t team_doubles(size_t atom_bytes, int lanes) {
  return (atom_bytes * (size_t)lanes + sizeof(double) - 1) / sizeof(double);
}

} // namespace XPOT_NS::device

#endif
