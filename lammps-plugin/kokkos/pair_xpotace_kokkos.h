/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair_style xpotace/kk: the same kernels on all threads of a Kokkos CPU execution space. */
#ifndef LMP_PAIR_XPOTACE_KOKKOS_H
#define LMP_PAIR_XPOTACE_KOKKOS_H

#include "pair_xpotace.h"

#include "kokkos_type.h"

#include <vector>

namespace XPOT_NS {

struct Worker;

template <class DeviceType> class PairXpotAceKokkos : public PairXpotAce {
public:
  typedef DeviceType device_type;

  explicit PairXpotAceKokkos(LAMMPS_NS::LAMMPS *lmp);
  ~PairXpotAceKokkos() override;
  void compute(int eflag, int vflag) override;
  void coeff(int narg, char **arg) override;
  void read_restart(FILE *fp) override;
  void init_style() override;
  double memory_usage() override;

private:
  void prepare(int nall);
  void evaluate();
  void reduce(int nall);
  void stop_on_error();

  std::vector<std::unique_ptr<Worker>> workers; // one a thread
};

} // namespace XPOT_NS

#endif
