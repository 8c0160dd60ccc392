/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP on any Kokkos execution space: a team takes one block of atoms after the other, LANES atoms of one species at once. */
#ifndef XPOT_DEVICE_SNAP_KERNEL_H
#define XPOT_DEVICE_SNAP_KERNEL_H

#include "snap_energy.h"
#include "snap_forward.h"
#include "snap_gradient.h"

namespace XPOT_NS::device {

template <class Space, class Real, class Bonds, int LANES> struct SnapKernel {
  using Views = SnapViews<Space, Real>;

  Views views;
  SnapLayout layout;
  Bonds bonds;
  TeamMemory<Space> memory;
  int nblocks;

  KOKKOS_INLINE_FUNCTION void operator()(const typename Kokkos::TeamPolicy<Space>::member_type &member) const {
    evaluate(member, memory.of(member));
  }

  // The team's share of the blocks, in its memory.
  template <class Member> KOKKOS_INLINE_FUNCTION void evaluate(const Member &member, double *own) const {
    for (int block = member.league_rank(); block < nblocks; block += member.league_size()) {
      const SnapTeam<Member, Views, Bonds, LANES> t(member, views, layout, bonds, block, own);
      snap_sum_neighbours(t);
      snap_expand(t);
      snap_multiply(t);
      snap_find_y(t);
      t.each(1, [&](int, int lane) {
        if (t.atom(lane) >= 0) bonds.finish(t.atom(lane), snap_energy(t, lane), 0.0);
      });
      snap_find_gradients(t);
      t.barrier();
    }
  }
};

} // namespace XPOT_NS::device

#endif
