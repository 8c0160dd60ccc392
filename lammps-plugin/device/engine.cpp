/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engines.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> engine_new(const xp_plan *plan, const EngineOptions &options) {
  EngineMaker *const makers[][2] = {{ace_double, ace_mixed}, {snap_double, snap_mixed}}; // as xp_kind and xp_precision
  return makers[xp_plan_kind(plan)][xp_plan_precision(plan)](plan, options);
}

} // namespace XPOT_NS::device
