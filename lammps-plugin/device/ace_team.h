/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A team at work on a block of atoms with an ACE image. */
#ifndef XPOT_DEVICE_ACE_TEAM_H
#define XPOT_DEVICE_ACE_TEAM_H

#include "ace_layout.h"
#include "ace_views.h"

namespace XPOT_NS::device {

template <class Member, class Views, class Bonds, int LANES>
struct AceTeam : BlockTeam<Member, typename Views::Real, Bonds, LANES> {
  const Views &v;
  const AceLayout &a;
  const xp_ace_image_centre &centre;
  const xp_ace_image_pair *pairs; // of the centre

  KOKKOS_INLINE_FUNCTION AceTeam(const Member &m, const Views &views, const AceLayout &layout, const Bonds &b,
                                 int which, double *memory)
      : BlockTeam<Member, typename Views::Real, Bonds, LANES>(m, b, which, memory, layout.doubles), v(views), a(layout),
        centre(views.centres(b.species(which))), pairs(views.pairs.data() + b.species(which) * views.nelements) {}
};

// Densities whose sums stay in registers; more take more rounds.
constexpr int FEW_DENSITIES = 4;

} // namespace XPOT_NS::device

#endif
