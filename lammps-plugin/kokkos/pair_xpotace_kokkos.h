/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair_style xpotace/kk: the plain style on the threads of a Kokkos CPU execution space. */
#ifndef LMP_PAIR_XPOTACE_KOKKOS_H
#define LMP_PAIR_XPOTACE_KOKKOS_H

#include "pair_xpotace.h"

namespace XPOT_NS {

class PairXpotAceKokkos : public PairXpotAce {
public:
  explicit PairXpotAceKokkos(LAMMPS_NS::LAMMPS *lmp);
  void compute(int eflag, int vflag) override;
};

} // namespace XPOT_NS

#endif
