/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_model.h"
#include "engines.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> ace_mixed(const xp_plan *plan, const EngineOptions &options) {
  return ace_engine_new<float>(plan, options);
}

} // namespace XPOT_NS::device
