/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP as a kind of kernel.h. */
#ifndef XPOT_DEVICE_SNAP_KERNEL_H
#define XPOT_DEVICE_SNAP_KERNEL_H

#include "snap_energy.h"
#include "snap_forward.h"
#include "snap_gradient.h"

namespace XPOT_NS::device {

struct Snap {
  static constexpr const char *NAME = "xpotace:snap";
  using Image = xp_snap_image;
  using Layout = SnapLayout;
  template <class Space, class Real> using Views = SnapViews<Space, Real>;
  template <class Member, class Views, class Bonds, int LANES> using Team = SnapTeam<Member, Views, Bonds, LANES>;

  static xp_status image_new(Image **image, const xp_plan *plan, xp_error *error) {
    return xp_snap_image_new(image, plan, error);
  }
  static void image_free(Image *image) { xp_snap_image_free(image); }
  static Layout layout(const Image &image, int workers) { return snap_layout(image, workers); }

  template <class Team> KOKKOS_INLINE_FUNCTION static void evaluate(const Team &t) {
    snap_sum_neighbours(t);
    snap_expand(t);
    snap_multiply(t);
    snap_find_y(t);
    t.each(1, [&](int, int lane) {
      if (t.atom(lane) >= 0) t.bonds.finish(t.atom(lane), snap_energy(t, lane), 0.0);
    });
    snap_find_gradients(t);
    t.barrier();
  }
};

} // namespace XPOT_NS::device

#endif
