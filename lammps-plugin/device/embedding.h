/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the densities of a lane's atom to its energy. */
#ifndef XPOT_DEVICE_EMBEDDING_H
#define XPOT_DEVICE_EMBEDDING_H

#include "ace_team.h"

#define XP_ACE_FUNCTION KOKKOS_INLINE_FUNCTION
#include "xpot/ace_atom.h"

namespace XPOT_NS::device {

template <class Team> KOKKOS_INLINE_FUNCTION void embed(const Team &t, int lane) {
  const xp_ace_image_centre &c = t.centre;
  const xp_ace_atom_rule rule = {
      c.ndensity, c.npoti, t.v.numbers.data() + c.parameters, c.rho_core_cutoff, c.drho_core_cutoff, c.e0, c.inner};
  const xp_ace_core_state core = {t.number(t.a.density + c.ndensity, lane), t.number(t.a.result + DEPTH, lane),
                                  t.number(t.a.result + WIDTH, lane)};
  const xp_ace_atom_energy energy =
      xp_ace_atom_formula(&rule, &t.number(t.a.density, lane), Team::LANES, &core, &t.number(t.a.embedding, lane));
  t.number(t.a.result + ENERGY, lane) = energy.energy;
  t.number(t.a.result + CORE_FACTOR, lane) = energy.core_factor;
  t.number(t.a.result + CORE_SLOPE, lane) = energy.core_slope;
  t.number(t.a.result + NEAREST_SLOPE, lane) = energy.nearest_slope;
}

} // namespace XPOT_NS::device

#endif
