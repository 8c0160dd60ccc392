/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_CORE_REPULSION_H
#define XPOT_CORE_REPULSION_H

#include "xpot/repulsion.h"

#include <string>

namespace XPOT_NS {

// Lines that say what keeps atoms of each pair of elements apart.
std::string describe_repulsion(const xp_plan *plan);

} // namespace XPOT_NS

#endif
