/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What images of atoms have collected and their owners must get. */
#ifndef XPOT_GHOST_SUMS_H
#define XPOT_GHOST_SUMS_H

#include "device/bonds.h"

namespace XPOT_NS {

template <class Space> struct GhostSums {
  device::ResultArrays<Space> arrays;

  KOKKOS_INLINE_FUNCTION int columns() const {
    return 3 + (arrays.virial.data() ? 6 : 0) + (arrays.centroid.data() ? 9 : 0);
  }
  KOKKOS_INLINE_FUNCTION double &at(int i, int k) const {
    if (k < 3) return arrays.force(i, k);
    k -= 3;
    if (!arrays.virial.data()) return arrays.centroid(i, k);
    return k < 6 ? arrays.virial(i, k) : arrays.centroid(i, k - 6);
  }
};

// What a ghost can have, on the host.
template <class Space>
device::ResultArrays<Kokkos::HostSpace> mirror_arrays(const device::ResultArrays<Space> &arrays) {
  device::ResultArrays<Kokkos::HostSpace> host;
  host.force = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), arrays.force);
  if (arrays.virial.data()) host.virial = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), arrays.virial);
  if (arrays.centroid.data()) host.centroid = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), arrays.centroid);
  return host;
}

template <class To, class From> void copy_arrays(const To &to, const From &from) {
  Kokkos::deep_copy(to.force, from.force);
  if (from.virial.data()) Kokkos::deep_copy(to.virial, from.virial);
  if (from.centroid.data()) Kokkos::deep_copy(to.centroid, from.centroid);
}

} // namespace XPOT_NS

#endif
