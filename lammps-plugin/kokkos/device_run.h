/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A potential on LAMMPS's Kokkos device: LAMMPS's arrays to those of an engine (device/engine.h) and back. */
#ifndef XPOT_DEVICE_RUN_H
#define XPOT_DEVICE_RUN_H

#include "evaluator.h"

#include "device/engine.h"

#include "kokkos_type.h"
#include "pair.h"

namespace XPOT_NS {

class DeviceRun : protected LAMMPS_NS::Pointers {
public:
  // Throws device::EngineError.
  DeviceRun(LAMMPS_NS::LAMMPS *lmp, const xp_plan *plan, const int *map, const device::EngineOptions &options);

  // One step of a pair style with a Kokkos list; results are as of Evaluator::compute, their force unused: it is added to
  // LAMMPS's on the device. Returns device::NOBODY, or an atom that cannot be evaluated, and then nothing was added.
  int compute(LAMMPS_NS::Pair *pair, const double *const *scale, Results &results);

  // What compute asks of the pair style when 'newton off' leaves forces with images: COLUMNS at most of each.
  static constexpr int GHOST_COLUMNS = 3 + 6 + 9;
  int pack_ghosts(int n, int first, double *buffer);
  void unpack_ghosts(int n, const int *list, const double *buffer);
  int pack_ghosts(int n, int first, DAT::tdual_double_1d &buffer) const;
  void unpack_ghosts(int n, DAT::tdual_int_1d list, DAT::tdual_double_1d &buffer) const;

  // A sentence about the memory of a rank.
  std::string describe() const;
  double memory_usage() const;

private:
  using Space = device::DeviceSpace;
  using Arrays = device::ResultArrays<Space>;
  using HostArrays = device::ResultArrays<Kokkos::HostSpace>;

  bool gather(const double *const *scale);
  void update_scale(const double *const *scale);
  Arrays clear_arrays(const Results &results);
  void return_ghosts(LAMMPS_NS::Pair *pair);
  HostArrays &host_ghosts();
  void add_forces();
  void add_peratom(const Results &results) const;

  std::unique_ptr<device::Engine<Space>> engine_;
  int nall_ = 0;
  std::vector<double> type_scale_; // as on the device
  Kokkos::View<double *, Space> scale_;
  Kokkos::View<int *, Space> map_;
  device::Sites<Space> sites_;
  Arrays all_, arrays_;    // allocated; of this step
  HostArrays host_ghosts_; // while ghosts travel by the host
};

} // namespace XPOT_NS

#endif
