/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE on any Kokkos execution space: a team takes one block of atoms after the other, LANES atoms of one species at once. */
#ifndef XPOT_DEVICE_ACE_KERNEL_H
#define XPOT_DEVICE_ACE_KERNEL_H

#include "ace_adjoint.h"
#include "ace_forward.h"
#include "ace_gradient.h"

namespace XPOT_NS::device {

template <class Space, class Real, class Bonds, int LANES> struct AceKernel {
  using Views = AceViews<Space, Real>;

  Views views;
  AceLayout layout;
  Bonds bonds;
  TeamMemory<Space> memory;
  int nblocks;

  KOKKOS_INLINE_FUNCTION void operator()(const typename Kokkos::TeamPolicy<Space>::member_type &member) const {
    evaluate(member, memory.of(member));
  }

  // The team's share of the blocks, in its memory.
  template <class Member> KOKKOS_INLINE_FUNCTION void evaluate(const Member &member, double *own) const {
    for (int block = member.league_rank(); block < nblocks; block += member.league_size()) {
      const AceTeam<Member, Views, Bonds, LANES> t(member, views, layout, bonds, block, own);
      find_energies(t);
      t.each(1, [&](int, int lane) {
        if (t.atom(lane) < 0) return;
        bonds.finish(t.atom(lane), t.number(layout.result + ENERGY, lane), t.number(layout.result + CORE_FACTOR, lane));
      });
      find_adjoints(t);
      find_gradients(t);
    }
  }
};

} // namespace XPOT_NS::device

#endif
