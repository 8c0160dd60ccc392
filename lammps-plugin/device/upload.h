/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_DEVICE_UPLOAD_H
#define XPOT_DEVICE_UPLOAD_H

#include <Kokkos_Core.hpp>

#include <cstring>
#include <string>
#include <type_traits>

namespace XPOT_NS::device {

// A copy of count items in the space.
template <class Space, class T> Kokkos::View<T *, Space> upload(const char *name, const T *items, int count) {
  Kokkos::View<T *, Space> view(Kokkos::view_alloc(Kokkos::WithoutInitializing, std::string("xpotace:") + name), count);
  const auto mirror = Kokkos::create_mirror_view(view);
  if (count > 0) std::memcpy(mirror.data(), items, (size_t)count * sizeof(T));
  Kokkos::deep_copy(view, mirror);
  return view;
}

// Numbers in a kernel's precision: the same where that is double.
template <class Real, class Space> Kokkos::View<Real *, Space> rounded(const Kokkos::View<double *, Space> &numbers) {
  if constexpr (std::is_same_v<Real, double>)
    return numbers;
  else {
    Kokkos::View<Real *, Space> reals("xpotace:reals", numbers.extent(0));
    Kokkos::deep_copy(reals, numbers);
    return reals;
  }
}

} // namespace XPOT_NS::device

#endif
