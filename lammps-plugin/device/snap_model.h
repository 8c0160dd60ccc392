/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP as a model of team_engine.h. */
#ifndef XPOT_DEVICE_SNAP_MODEL_H
#define XPOT_DEVICE_SNAP_MODEL_H

#include "snap_kernel.h"
#include "team_engine.h"

namespace XPOT_NS::device {

template <class Space, class Real> struct SnapModel {
  static constexpr const char *NAME = "xpotace:snap";

  SnapViews<Space, Real> views;
  SnapLayout layout;

  size_t atom_bytes() const { return snap_bytes<Real>(layout); }

  template <int LANES, class BondsOf>
  SnapKernel<Space, Real, BondsOf, LANES> kernel(const BondsOf &bonds, const TeamMemory<Space> &work,
                                                 int nblocks) const {
    return {views, layout, bonds, work, nblocks};
  }
};

template <class Real>
std::unique_ptr<Engine<DeviceSpace>> snap_engine_new(const xp_plan *plan, const EngineOptions &options) {
  xp_snap_image *image = nullptr;
  xp_error error = {};
  if (xp_snap_image_new(&image, plan, &error) != XP_OK) throw EngineError(error.message);
  const std::unique_ptr<xp_snap_image, void (*)(xp_snap_image *)> owner(image, xp_snap_image_free);
  const SnapViews<DeviceSpace, Real> views(*image);
  return team_engine_new<DeviceSpace>(plan, options, [&](int workers) {
    return SnapModel<DeviceSpace, Real>{views, snap_layout(*image, workers)};
  });
}

} // namespace XPOT_NS::device

#endif
