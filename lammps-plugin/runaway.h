/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atoms that a step of dynamics would throw far, and forces that are no numbers. */
#ifndef XPOT_RUNAWAY_H
#define XPOT_RUNAWAY_H

#include "sentences.h"
#include "team.h"

#include <string>
#include <vector>

namespace XPOT_NS {

// The move of an atom in a step, v dt + f dt^2/m, and how long it may be. Outside dynamics it is the force alone, of any
// finite length. Images of atoms have no velocity here: they are moved by what this rank adds to their force.
struct MoveRule {
  double dt = 0.0;
  double most_squared = 0.0;
  std::vector<double> factor; // [ntypes+1] dt^2/m of a type
  double own_factor = 0.0;    // dt^2 where atoms have masses of their own, else 0; their images then are not moved

  // As LAMMPS stands in this step; max_move: Angstrom, 0: any.
  void set(LAMMPS_NS::LAMMPS *lmp, double max_move);
};

// The first atom, images included, whose move is too long or no number, or -1. found: scratch.
int find_runaway(LAMMPS_NS::LAMMPS *lmp, Team &team, const MoveRule &rule, std::vector<int> &found);

// What is wrong with this atom.
std::string describe_runaway(const Names &names, const MoveRule &rule, int i);

} // namespace XPOT_NS

#endif
