/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The surroundings of atoms with a large extrapolation grade as extended XYZ, ready for labelling. */
#ifndef XPOT_GRADE_DUMP_H
#define XPOT_GRADE_DUMP_H

#include "grade_extreme.h"
#include "grade_pass.h"

#include "pointers.h"

#include <string>

namespace XPOT_NS {

class GradeDump : protected LAMMPS_NS::Pointers {
public:
  // Frames of a step: an atom within the cutoff of one that a frame of this step has as its centre gets none of its own.
  static constexpr int MOST_FRAMES = 10;
  // Angstrom between a cluster and its image.
  static constexpr double VACUUM = 10.0;

  GradeDump(LAMMPS_NS::LAMMPS *lmp, const std::string &file) : Pointers(lmp), file_(file) {}

  // Before a run: ends it unless the file can be written. All ranks must call this, as all that follows.
  void check() const;

  // Appends frames of atoms whose gamma [nlocal] is above a threshold, largest first.
  void write(const Scene &scene, const xp_plan *plan, const double *gamma, double above) const;

private:
  // All atoms within the cutoff of one, which is the first.
  struct Cluster {
    std::vector<LAMMPS_NS::tagint> tags;
    std::vector<int> species;
    std::vector<double> positions; // [n][3] from the first atom
    std::vector<double> gamma;
  };

  Cluster cut(const Scene &scene, int atom) const;
  void share(Cluster &cluster, int rank) const;
  void collect_grades(Cluster &cluster, int nlocal, const double *gamma) const;
  std::string frame(const Cluster &cluster, const Extreme &centre, const xp_plan *plan) const;
  std::string append(const std::string &text) const;

  std::string file_;
};

} // namespace XPOT_NS

#endif
