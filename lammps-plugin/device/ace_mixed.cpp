/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_kernel.h"
#include "engines.h"
#include "model.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> ace_mixed(const xp_plan *plan, const EngineOptions &options) {
  return model_engine_new<Ace, float>(plan, options);
}

} // namespace XPOT_NS::device
