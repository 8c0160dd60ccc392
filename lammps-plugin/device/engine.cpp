/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engines.h"

namespace XPOT_NS::device {

std::unique_ptr<Engine<DeviceSpace>> engine_new(const xp_plan *plan, const EngineOptions &options) {
  EngineMaker *const makers[][2] = {{ace_double, ace_mixed}};
  if (xp_plan_kind(plan) != XP_KIND_ACE) throw EngineError("expected an ACE potential for 'kernel device', found SNAP");
  return makers[xp_plan_kind(plan)][xp_plan_precision(plan) == XP_PRECISION_MIXED](plan, options);
}

} // namespace XPOT_NS::device
