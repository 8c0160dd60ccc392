/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stop_together.h"

#include "comm.h"
#include "error.h"

namespace XPOT_NS {

namespace {

void broadcast(LAMMPS_NS::LAMMPS *lmp, std::string &text, int root) {
  int size = (int)text.size();
  MPI_Bcast(&size, 1, MPI_INT, root, lmp->world);
  text.resize(size);
  MPI_Bcast(text.data(), size, MPI_CHAR, root, lmp->world);
}

} // namespace

void stop_together(LAMMPS_NS::LAMMPS *lmp, const std::string &sentence, const std::function<std::string()> &last_act) {
  const int nprocs = lmp->comm->nprocs, mine = sentence.empty() ? nprocs : lmp->comm->me;
  int first = mine;
  if (nprocs > 1) MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, lmp->world);
  if (first == nprocs) return;
  std::string text = sentence;
  broadcast(lmp, text, first);
  std::string act = last_act ? last_act() : "";
  broadcast(lmp, act, 0);
  lmp->error->all(FLERR, "{}", act.empty() ? text : text + "; " + act);
}

} // namespace XPOT_NS
