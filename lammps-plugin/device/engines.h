/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engines there are, each compiled in a file of its own: device compilers take a minute for one. */
#ifndef XPOT_DEVICE_ENGINES_H
#define XPOT_DEVICE_ENGINES_H

#include "engine.h"

namespace XPOT_NS::device {

using EngineMaker = std::unique_ptr<Engine<DeviceSpace>>(const xp_plan *plan, const EngineOptions &options);

EngineMaker ace_double, ace_mixed, snap_double, snap_mixed;

} // namespace XPOT_NS::device

#endif
