/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE on any Kokkos execution space: a team takes one block of atoms after the other, LANES atoms of one species at once. */
#ifndef XPOT_DEVICE_ACE_KERNEL_H
#define XPOT_DEVICE_ACE_KERNEL_H

#include "ace_adjoint.h"
#include "ace_forward.h"
#include "ace_gradient.h"

namespace XPOT_NS::device {

// Where the memory of a team is: in scratch memory of the team, or, for models that do not fit, in a buffer of all teams.
template <class Space> struct TeamMemory {
  Kokkos::View<double **, Kokkos::LayoutRight, Space> buffer; // [teams][doubles]; not allocated: scratch
  size_t doubles;

  template <class Member> KOKKOS_INLINE_FUNCTION double *of(const Member &member) const {
    if (buffer.data()) return &buffer(member.league_rank(), 0);
    return (double *)member.team_shmem().get_shmem(doubles * sizeof(double));
  }
};

template <class Space, class Real, class Bonds, int LANES> struct AceKernel {
  using Views = AceViews<Space, Real>;
  using Member = typename Kokkos::TeamPolicy<Space>::member_type;

  Views views;
  AceLayout layout;
  Bonds bonds;
  TeamMemory<Space> memory;
  int nblocks;
  bool gradients;

  KOKKOS_INLINE_FUNCTION void operator()(const Member &member) const {
    double *own = memory.of(member);
    for (int block = member.league_rank(); block < nblocks; block += member.league_size()) {
      const AceTeam<Member, Views, Real, Bonds, LANES> t(member, views, layout, bonds, block, own);
      find_energies(t, LANES);
      t.each(1, [&](int, int lane) {
        if (t.atom(lane) < 0) return;
        bonds.finish(t.atom(lane), t.number(layout.result + ENERGY, lane), t.number(layout.result + CORE_FACTOR, lane));
      });
      if (gradients) {
        find_adjoints<Real>(t);
        find_gradients<Real>(t);
      }
      t.barrier();
    }
  }
};

// Doubles that a team needs.
template <class Real> size_t team_doubles(const AceLayout &layout, int lanes) {
  return (ace_bytes<Real>(layout) * (size_t)lanes + sizeof(double) - 1) / sizeof(double);
}

} // namespace XPOT_NS::device

#endif
