/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A team at work on a block of atoms with a SNAP image. */
#ifndef XPOT_DEVICE_SNAP_TEAM_H
#define XPOT_DEVICE_SNAP_TEAM_H

#include "snap_layout.h"
#include "snap_views.h"

namespace XPOT_NS::device {

// The numbers of one lane from a place on, for inner loops: an address from the number of an entry is one instruction.
template <class Number, int LANES> struct LaneArray {
  Number *first;
  KOKKOS_INLINE_FUNCTION Number &operator[](int entry) const { return first[entry * LANES]; }
};

template <class Member, class Views, class Bonds, int LANES>
struct SnapTeam : BlockTeam<Member, typename Views::Real, Bonds, LANES> {
  const Views &v;
  const SnapLayout &a;
  const xp_snap_image_centre *centre;
  const xp_snap_image_pair *pairs; // of the centre

  KOKKOS_INLINE_FUNCTION SnapTeam(const Member &m, const Views &views, const SnapLayout &layout, const Bonds &b,
                                  int which, double *memory)
      : BlockTeam<Member, typename Views::Real, Bonds, LANES>(m, b, which, memory, layout.doubles), v(views), a(layout),
        centre(views.centres.data() + b.species(which)),
        pairs(views.pairs.data() + b.species(which) * views.nelements) {}

  KOKKOS_INLINE_FUNCTION int label(int species) const { return v.chem ? species : 0; }
  KOKKOS_INLINE_FUNCTION LaneArray<typename Views::Real, LANES> array(int place, int lane) const {
    return {&this->real(place, lane)};
  }
  KOKKOS_INLINE_FUNCTION double &field(int n, int which, int lane) const {
    return this->number(a.tile + n * SNAP_FIELDS + which, lane);
  }
};

} // namespace XPOT_NS::device

#endif
