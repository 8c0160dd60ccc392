/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_xpotace_kokkos.h"

#include "team.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "error.h"
#include "kokkos.h"
#include "kokkos_type.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

class KokkosTeam : public Team {
public:
  int size() const override { return std::max(1, (int)LMPHostType::execution_space().concurrency()); }

  void run(int n, const Work &work) override {
    Kokkos::parallel_for("xpotace", Kokkos::RangePolicy<LMPHostType, Kokkos::Schedule<Kokkos::Static>>(0, n),
                         [=](const int share) { work(share); });
    LMPHostType().fence();
  }
};

} // namespace

PairXpotAceKokkos::PairXpotAceKokkos(LAMMPS *lmp) : PairXpotAce(lmp) {
  if (!lmp->kokkos)
    error->all(FLERR, "pair_style xpotace/kk: expected Kokkos to be on, found it off; run LAMMPS with '-k on'");
  respa_enable = 0;
  kokkosable = 1;
  atomKK = (AtomKokkos *)atom;
  execution_space = Host;
  datamask_read = EMPTY_MASK;
  datamask_modify = EMPTY_MASK;
}

void PairXpotAceKokkos::compute(int eflag, int vflag) {
  atomKK->sync(Host, X_MASK | F_MASK | TYPE_MASK | TAG_MASK | MASK_MASK | MOLECULE_MASK);
  KokkosTeam team;
  compute_with(team, eflag, vflag);
  atomKK->modified(Host, F_MASK);
}

} // namespace XPOT_NS
