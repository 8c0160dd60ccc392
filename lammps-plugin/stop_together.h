/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_STOP_TOGETHER_H
#define XPOT_STOP_TOGETHER_H

#include "lammps.h"

#include <string>

namespace XPOT_NS {

// All ranks stop with the sentence of the first rank that has one, or go on when none has: a failure may be of one rank alone
// (memory). All ranks must call this.
void stop_together(LAMMPS_NS::LAMMPS *lmp, const std::string &sentence);

} // namespace XPOT_NS

#endif
