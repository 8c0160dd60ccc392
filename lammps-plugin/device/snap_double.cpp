/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engines.h"
#include "model.h"
#include "snap_kernel.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> snap_double(const xp_plan *plan, const EngineOptions &options) {
  return model_engine_new<Snap, double>(plan, options);
}

} // namespace XPOT_NS::device
