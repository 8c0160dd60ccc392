/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE as a kind of kernel.h. */
#ifndef XPOT_DEVICE_ACE_KERNEL_H
#define XPOT_DEVICE_ACE_KERNEL_H

#include "ace_adjoint.h"
#include "ace_forward.h"
#include "ace_gradient.h"

namespace XPOT_NS::device {

struct Ace {
  static constexpr const char *NAME = "xpotace:ace";
  using Image = xp_ace_image;
  using Layout = AceLayout;
  template <class Space, class Real> using Views = AceViews<Space, Real>;
  template <class Member, class Views, class Bonds, int LANES> using Team = AceTeam<Member, Views, Bonds, LANES>;

  static xp_status image_new(Image **image, const xp_plan *plan, xp_error *error) {
    return xp_ace_image_new(image, plan, error);
  }
  static void image_free(Image *image) { xp_ace_image_free(image); }
  static Layout layout(const Image &image, int workers) { return ace_layout(image, workers); }

  template <class Team> KOKKOS_INLINE_FUNCTION static void evaluate(const Team &t) {
    find_energies(t);
    t.each(1, [&](int, int lane) {
      if (t.atom(lane) < 0) return;
      t.bonds.finish(t.atom(lane), t.number(t.a.result + ENERGY, lane), t.number(t.a.result + CORE_FACTOR, lane));
    });
    find_adjoints(t);
    find_gradients(t);
  }
};

} // namespace XPOT_NS::device

#endif
