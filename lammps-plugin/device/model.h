/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A potential of a kind, as team_engine.h runs it. */
#ifndef XPOT_DEVICE_MODEL_H
#define XPOT_DEVICE_MODEL_H

#include "kernel.h"
#include "team_engine.h"

namespace XPOT_NS::device {

template <class Kind, class Space, class Real> struct Model {
  static constexpr const char *NAME = Kind::NAME;

  typename Kind::template Views<Space, Real> views;
  typename Kind::Layout layout;

  size_t atom_bytes() const { return layout_bytes<Real>(layout); }

  template <int LANES, class BondsOf>
  TeamKernel<Kind, Space, Real, BondsOf, LANES> kernel(const BondsOf &bonds, const TeamMemory<Space> &work,
                                                       int nblocks) const {
    return {views, layout, bonds, work, nblocks};
  }
};

template <class Kind, class Real>
std::unique_ptr<Engine<DeviceSpace>> model_engine_new(const xp_plan *plan, const EngineOptions &options) {
  using Image = typename Kind::Image;
  Image *image = nullptr;
  xp_error error = {};
  if (Kind::image_new(&image, plan, &error) != XP_OK) throw EngineError(error.message);
  const std::unique_ptr<Image, void (*)(Image *)> owner(image, Kind::image_free);
  const typename Kind::template Views<DeviceSpace, Real> views(*image);
  return team_engine_new<DeviceSpace>(plan, options, [&](int workers) {
    return Model<Kind, DeviceSpace, Real>{views, Kind::layout(*image, workers)};
  });
}

} // namespace XPOT_NS::device

#endif
