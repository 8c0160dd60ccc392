/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_DEVICE_FREE_MEMORY_H
#define XPOT_DEVICE_FREE_MEMORY_H

#include <Kokkos_Core.hpp>

#include <cstddef>

namespace XPOT_NS::device {

// Bytes of the device's memory that nobody uses; 0: nobody knows.
inline size_t free_memory() {
  size_t free = 0;
#if defined(KOKKOS_ENABLE_CUDA)
  size_t total = 0;
  if (cudaMemGetInfo(&free, &total) != cudaSuccess) free = 0;
#elif defined(KOKKOS_ENABLE_HIP)
  size_t total = 0;
  if (hipMemGetInfo(&free, &total) != hipSuccess) free = 0;
#endif
  return free;
}

// Bytes for work in flight when nobody says how many: a part of what is free, small enough that several ranks of a device find
// room beside LAMMPS's own arrays.
template <class Space> size_t default_budget() {
  constexpr size_t SHARE = 16, UNKNOWN = (size_t)1 << 28, HOST = (size_t)1 << 26;
  if (Kokkos::SpaceAccessibility<Space, Kokkos::HostSpace>::accessible) return HOST;
  const size_t free = free_memory();
  return free > 0 ? free / SHARE : UNKNOWN;
}

} // namespace XPOT_NS::device

#endif
