/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host_list.h"

#include <algorithm>

namespace XPOT_NS {

namespace {

template <class View> auto to_host(const View &view) {
  return Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view);
}

} // namespace

void HostList::copy(const LAMMPS_NS::NeighListKokkos<LMPDeviceType> &list) {
  const auto centres = to_host(list.d_ilist);
  const auto counts = to_host(list.d_numneigh);
  const auto table = to_host(list.d_neighbors);
  centres_.assign(centres.data(), centres.data() + list.inum);
  int nrows = 0;
  size_t total = 0;
  for (const int i : centres_) {
    nrows = std::max(nrows, i + 1);
    total += (size_t)counts(i);
  }
  counts_.assign(nrows, 0);
  rows_.assign(nrows, nullptr);
  neighbours_.resize(total);
  int *next = neighbours_.data();
  for (const int i : centres_) {
    rows_[i] = next;
    counts_[i] = counts(i);
    for (int jj = 0; jj < counts(i); ++jj) *next++ = table(i, jj);
  }
}

} // namespace XPOT_NS
