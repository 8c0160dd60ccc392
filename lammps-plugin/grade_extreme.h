/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_GRADE_EXTREME_H
#define XPOT_GRADE_EXTREME_H

#include "lammps.h"
#include "lmptype.h"

#include <vector>

namespace XPOT_NS {

// The atom with the largest extrapolation grade of all ranks; where several have it, the one with the smallest ID.
struct Extreme {
  double gamma = 0.0;
  LAMMPS_NS::tagint tag = 0;
  int type = 0;
  int rank = -1; // -1: there is none
  int atom = -1; // on its rank
};

// Of these own atoms of each rank. All ranks must call this.
Extreme find_extreme(LAMMPS_NS::LAMMPS *lmp, const double *gamma, const std::vector<int> &atoms);

} // namespace XPOT_NS

#endif
