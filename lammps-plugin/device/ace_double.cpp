/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_model.h"
#include "engines.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> ace_double(const xp_plan *plan, const EngineOptions &options) {
  return ace_engine_new<double>(plan, options);
}

} // namespace XPOT_NS::device
