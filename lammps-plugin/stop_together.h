/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_STOP_TOGETHER_H
#define XPOT_STOP_TOGETHER_H

#include "lammps.h"

#include <functional>
#include <string>

namespace XPOT_NS {

// All ranks stop with the sentence of the first rank that has one, or go on when none has: a failure may be of one rank alone
// (memory). All ranks must call this. last_act: what all ranks do together before they stop, and what rank 0 says of it.
void stop_together(LAMMPS_NS::LAMMPS *lmp, const std::string &sentence,
                   const std::function<std::string()> &last_act = nullptr);

} // namespace XPOT_NS

#endif
