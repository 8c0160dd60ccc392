/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_extreme.h"

#include "atom.h"
#include "comm.h"

#include <mpi.h>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

Extreme find_own(const Atom *atom, const double *gamma, const std::vector<int> &atoms) {
  Extreme own;
  for (const int i : atoms) {
    const bool more = own.atom < 0 || gamma[i] > own.gamma;
    if (more || (gamma[i] == own.gamma && atom->tag[i] < own.tag)) own = {gamma[i], atom->tag[i], atom->type[i], 0, i};
  }
  return own;
}

} // namespace

Extreme find_extreme(LAMMPS *lmp, const double *gamma, const std::vector<int> &atoms) {
  const MPI_Comm world = lmp->world;
  Extreme extreme = find_own(lmp->atom, gamma, atoms), own = extreme;
  double mine = own.atom < 0 ? -1.0 : own.gamma;
  MPI_Allreduce(&mine, &extreme.gamma, 1, MPI_DOUBLE, MPI_MAX, world);
  const bool candidate = own.atom >= 0 && own.gamma == extreme.gamma;
  if (!candidate) own.tag = MAXTAGINT;
  MPI_Allreduce(&own.tag, &extreme.tag, 1, MPI_LMP_TAGINT, MPI_MIN, world);
  int rank = candidate && own.tag == extreme.tag ? lmp->comm->me : -1;
  MPI_Allreduce(&rank, &extreme.rank, 1, MPI_INT, MPI_MAX, world);
  if (extreme.rank < 0) return {};
  int about[2] = {own.atom, own.type};
  MPI_Bcast(about, 2, MPI_INT, extreme.rank, world);
  extreme.atom = about[0];
  extreme.type = about[1];
  return extreme;
}

} // namespace XPOT_NS
