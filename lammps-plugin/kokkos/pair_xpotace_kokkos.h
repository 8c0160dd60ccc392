/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair_style xpotace/kk: on a device, or the plain style's kernel on the threads of a Kokkos CPU execution space. */
#ifndef LMP_PAIR_XPOTACE_KOKKOS_H
#define LMP_PAIR_XPOTACE_KOKKOS_H

#include "pair_xpotace.h"

#include "device_run.h"
#include "host_list.h"

#include "kokkos_base.h"

namespace XPOT_NS {

class PairXpotAceKokkos : public PairXpotAce, public LAMMPS_NS::KokkosBase {
public:
  // on_host: /kk/host.
  PairXpotAceKokkos(LAMMPS_NS::LAMMPS *lmp, bool on_host);
  void compute(int eflag, int vflag) override;
  void settings(int narg, char **arg) override;
  void init_style() override;
  double memory_usage() override;

  int pack_reverse_comm(int n, int first, double *buffer) override;
  void unpack_reverse_comm(int n, int *list, double *buffer) override;
  int pack_reverse_comm_kokkos(int n, int first, DAT::tdual_double_1d &buffer) override;
  void unpack_reverse_comm_kokkos(int n, DAT::tdual_int_1d list, DAT::tdual_double_1d &buffer) override;

protected:
  bool set(const std::string &keyword, Words &words) override;
  std::string keywords() const override {
    return "'precision', 'gamma', 'runaway', 'zbl', 'kernel', 'memory' or 'team'";
  }
  bool in_restart(const std::string &keyword) const override;
  void forget() override;
  ListView host_list() override;

private:
  enum class Kernel { AUTO, HOST, DEVICE };

  bool on_device() const;
  void compute_on_device(int eflag, int vflag);
  void make_run();

  const bool on_host; // LAMMPS's data must be
  Kernel kernel;
  device::EngineOptions options;
  std::unique_ptr<DeviceRun> run; // null until needed
  HostList copied_list;
};

} // namespace XPOT_NS

#endif
