/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_DEVICE_UPLOAD_H
#define XPOT_DEVICE_UPLOAD_H

#include <Kokkos_Core.hpp>

#include <cstring>
#include <string>

namespace XPOT_NS::device {

// A copy of count items in the space.
template <class Space, class T> Kokkos::View<T *, Space> upload(const char *name, const T *items, int count) {
  Kokkos::View<T *, Space> view(Kokkos::view_alloc(Kokkos::WithoutInitializing, std::string("xpotace:") + name), count);
  const auto mirror = Kokkos::create_mirror_view(view);
  if (count > 0) std::memcpy(mirror.data(), items, (size_t)count * sizeof(T));
  Kokkos::deep_copy(view, mirror);
  return view;
}

} // namespace XPOT_NS::device

#endif
