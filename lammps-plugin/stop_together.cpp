/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stop_together.h"

#include "comm.h"
#include "error.h"

namespace XPOT_NS {

void stop_together(LAMMPS_NS::LAMMPS *lmp, const std::string &sentence) {
  const int nprocs = lmp->comm->nprocs, mine = sentence.empty() ? nprocs : lmp->comm->me;
  int first = 0;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, lmp->world);
  if (first == nprocs) return;
  std::string text = sentence;
  int size = (int)text.size();
  MPI_Bcast(&size, 1, MPI_INT, first, lmp->world);
  text.resize(size);
  MPI_Bcast(text.data(), size, MPI_CHAR, first, lmp->world);
  lmp->error->all(FLERR, "{}", text);
}

} // namespace XPOT_NS
