/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel of a kind of potential on any Kokkos execution space: a team takes one block of atoms after the other, LANES atoms of
 * one species at once. */
#ifndef XPOT_DEVICE_KERNEL_H
#define XPOT_DEVICE_KERNEL_H

#include "team.h"

namespace XPOT_NS::device {

// Kind: Ace (ace_kernel.h) or Snap (snap_kernel.h): an Image with image_new and image_free, its Views on a device, the Layout of a
// team's memory, a Team, and evaluate, which a team calls for its block.
template <class Kind, class Space, class Real, class Bonds, int LANES> struct TeamKernel {
  using Views = typename Kind::template Views<Space, Real>;

  Views views;
  typename Kind::Layout layout;
  Bonds bonds;
  TeamMemory<Space> memory;
  int nblocks;

  KOKKOS_INLINE_FUNCTION void operator()(const typename Kokkos::TeamPolicy<Space>::member_type &member) const {
    evaluate(member, memory.of(member));
  }

  // The team's share of the blocks, in its memory.
  template <class Member> KOKKOS_INLINE_FUNCTION void evaluate(const Member &member, double *own) const {
    using Team = typename Kind::template Team<Member, Views, Bonds, LANES>;
    for (int block = member.league_rank(); block < nblocks; block += member.league_size())
      Kind::evaluate(Team(member, views, layout, bonds, block, own));
  }
};

} // namespace XPOT_NS::device

#endif
