/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What pair_style says about extrapolation grades: gamma every N [threshold G warn|stop|dump FILE] ... */
#ifndef XPOT_GRADE_SETTINGS_H
#define XPOT_GRADE_SETTINGS_H

#include "lammps.h"
#include "lmptype.h"

#include <string>
#include <vector>

namespace XPOT_NS {

class Words;

struct GradeThreshold {
  enum Action { WARN, STOP, DUMP };
  double gamma;
  Action action;
  std::string file; // of DUMP
};

struct GradeSettings {
  LAMMPS_NS::bigint every = 0; // steps; 0: in no step of its own accord
  std::vector<GradeThreshold> thresholds;
};

// The words behind the keyword gamma; mistakes are errors of LAMMPS.
GradeSettings read_grade_settings(LAMMPS_NS::LAMMPS *lmp, Words &words);

} // namespace XPOT_NS

#endif
