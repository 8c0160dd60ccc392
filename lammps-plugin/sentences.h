/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about atoms that went wrong: which, where, and what is next to them. */
#ifndef XPOT_SENTENCES_H
#define XPOT_SENTENCES_H

#include "lammps.h"

#include "xpot/potential.h"

#include <string>

namespace XPOT_NS {

// What to do about a position, an energy or a force that cannot be.
constexpr char EXPLODED[] = "the simulation has exploded: give it a shorter timestep or a better starting structure";

// The atoms of a run as its user knows them.
struct Names {
  LAMMPS_NS::LAMMPS *lmp;
  const xp_plan *plan;
  const int *map; // [ntypes+1] species of a type, negative: not ours
};

// "pair_style xpotace, step 12, rank 3: "
std::string where(LAMMPS_NS::LAMMPS *lmp);

// "ID 17 (type 1, Ge) at (1, 2, 3)"
std::string name_atom(const Names &names, int i);

// "; its nearest neighbour, ID 91 (type 2, Te), is 0.31 Angstrom away, where 2.58 is usual", or nothing. Slow.
std::string nearest_to(const Names &names, int i);

// Two atoms that are closer than the potential can evaluate, one of them i; empty when there are none. Slow.
std::string too_close(const Names &names, int i);

} // namespace XPOT_NS

#endif
