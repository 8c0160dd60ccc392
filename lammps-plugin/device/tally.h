/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the gradients of a tile of neighbours give to the lanes' own atoms. */
#ifndef XPOT_DEVICE_TALLY_H
#define XPOT_DEVICE_TALLY_H

#include "team.h"

namespace XPOT_NS::device {

// Sums of an atom over its neighbours: the gradient, then the virial xx yy zz xy xz yz yx zx zy, -displacement (x) gradient.
constexpr int OWN_GRADIENT = 3, OWN_SUMS = 12;

// Row and column of a component of the virial, in LAMMPS's order.
KOKKOS_INLINE_FUNCTION int virial_row(int k) {
  return k < 3 ? k : k == 3 || k == 4 ? 0 : k == 5 || k == 6 ? 1 : 2;
}
KOKKOS_INLINE_FUNCTION int virial_column(int k) {
  return k < 3 ? k : k == 3 || k == 8 ? 1 : k == 4 || k == 5 ? 2 : 0;
}

// Component k of a vector, without an address that would take it out of registers.
KOKKOS_INLINE_FUNCTION double component(const double d[3], int k) {
  return k == 0 ? d[0] : k == 1 ? d[1] : d[2];
}

// Places of doubles: own [OWN_SUMS], gradient [TILE][3] of the tile.
template <class Team> KOKKOS_INLINE_FUNCTION void clear_own(const Team &t, int own) {
  t.each(OWN_SUMS, [&](int k, int lane) { t.number(own + k, lane) = 0.0; });
}

// Adds the tile's neighbours begin ... of a species. Gradients must be seen; a barrier before they are written again is due.
template <class Team>
KOKKOS_INLINE_FUNCTION void sum_own(const Team &t, int species, int begin, int own, int gradient) {
  t.each(t.bonds.with_virial() ? OWN_SUMS : OWN_GRADIENT, [&](int k, int lane) {
    const int i = t.atom(lane), count = Kokkos::min((int)TILE, t.count(species, lane) - begin);
    double sum = 0.0;
    for (int n = 0; n < count; ++n) {
      if (k < OWN_GRADIENT) {
        sum += t.number(gradient + 3 * n + k, lane);
        continue;
      }
      double d[3];
      t.bonds.load(i, t.bonds.first(i, species) + begin + n, d);
      sum -= component(d, virial_row(k - OWN_GRADIENT)) *
             t.number(gradient + 3 * n + virial_column(k - OWN_GRADIENT), lane);
    }
    t.number(own + k, lane) += sum;
  });
}

// The sums of every lane go out.
template <class Team> KOKKOS_INLINE_FUNCTION void finish_own(const Team &t, int own) {
  t.barrier();
  t.each(t.bonds.with_virial() ? OWN_SUMS : OWN_GRADIENT, [&](int k, int lane) {
    if (t.atom(lane) >= 0) t.bonds.finish_own(t.atom(lane), k, t.number(own + k, lane));
  });
}

} // namespace XPOT_NS::device

#endif
