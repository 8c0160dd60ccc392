/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A neighbour list of LAMMPS on a device, copied to the host. */
#ifndef XPOT_HOST_LIST_H
#define XPOT_HOST_LIST_H

#include "neighbour_sources.h"

#include "neigh_list_kokkos.h"

#include <vector>

namespace XPOT_NS {

class HostList {
public:
  void copy(const LAMMPS_NS::NeighListKokkos<LMPDeviceType> &list);

  // Until the next copy.
  ListView view() const { return {(int)centres_.size(), centres_.data(), counts_.data(), rows_.data()}; }

private:
  std::vector<int> centres_;
  std::vector<int> counts_; // [nall]
  std::vector<const int *> rows_;
  std::vector<int> neighbours_;
};

} // namespace XPOT_NS

#endif
