/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a step for atoms on a device: looked at and kept there. */
#ifndef XPOT_DEVICE_GUARD_H
#define XPOT_DEVICE_GUARD_H

#include "step_guard.h"

#include "device/engine.h"

#include "kokkos_type.h"

namespace XPOT_NS {

// Atoms of the last good step; longer than that.
template <class Space> struct KeptAtoms {
  using Rows = Kokkos::View<double *[3], Kokkos::LayoutRight, Space>;

  Rows x, v;
  Kokkos::View<LAMMPS_NS::tagint *, Space> tag;
  Kokkos::View<LAMMPS_NS::imageint *, Space> image;
  Kokkos::View<int *, Space> type;
};

class DeviceGuard : public StepGuard {
public:
  explicit DeviceGuard(LAMMPS_NS::LAMMPS *lmp) : StepGuard(lmp) {}
  double memory_usage() const override;

protected:
  int find_culprit(Team &team, const MoveRule &rule) override;
  void keep(Team &team) override;
  void fetch() override;
  void sync_host() override;

private:
  using Space = device::DeviceSpace;

  void update_factor(const MoveRule &rule);

  KeptAtoms<Space> kept_;
  int natoms_ = 0;
  std::vector<double> factor_; // as on the device
  Kokkos::View<double *, Space> factor_there_;
};

} // namespace XPOT_NS

#endif
