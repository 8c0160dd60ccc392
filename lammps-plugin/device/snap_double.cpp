/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engines.h"
#include "snap_model.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> snap_double(const xp_plan *plan, const EngineOptions &options) {
  return snap_engine_new<double>(plan, options);
}

} // namespace XPOT_NS::device
