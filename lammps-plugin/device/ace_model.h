/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE as a model of team_engine.h. */
#ifndef XPOT_DEVICE_ACE_MODEL_H
#define XPOT_DEVICE_ACE_MODEL_H

#include "ace_kernel.h"
#include "team_engine.h"

namespace XPOT_NS::device {

template <class Space, class Real> struct AceModel {
  static constexpr const char *NAME = "xpotace:ace";

  AceViews<Space, Real> views;
  AceLayout layout;

  size_t atom_bytes() const { return ace_bytes<Real>(layout); }

  template <int LANES, class BondsOf>
  AceKernel<Space, Real, BondsOf, LANES> kernel(const BondsOf &bonds, const TeamMemory<Space> &work,
                                                int nblocks) const {
    return {views, layout, bonds, work, nblocks};
  }
};

template <class Real>
std::unique_ptr<Engine<DeviceSpace>> ace_engine_new(const xp_plan *plan, const EngineOptions &options) {
  xp_ace_image *image = nullptr;
  xp_error error = {};
  if (xp_ace_image_new(&image, plan, &error) != XP_OK) throw EngineError(error.message);
  const std::unique_ptr<xp_ace_image, void (*)(xp_ace_image *)> owner(image, xp_ace_image_free);
  const AceViews<DeviceSpace, Real> views(*image);
  return team_engine_new<DeviceSpace>(plan, options, [&](int workers) {
    return AceModel<DeviceSpace, Real>{views, ace_layout(*image, workers)};
  });
}

} // namespace XPOT_NS::device

#endif
