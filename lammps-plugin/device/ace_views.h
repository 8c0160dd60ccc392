/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An ACE image (xpot/ace_image.h) in the memory of an execution space. */
#ifndef XPOT_DEVICE_ACE_VIEWS_H
#define XPOT_DEVICE_ACE_VIEWS_H

#include "upload.h"

#include "xpot/ace_image.h"

namespace XPOT_NS::device {

// Real: what the kernel calculates with. Tables are double always; all other numbers exist in both forms.
template <class Space, class Real_> struct AceViews {
  using Real = Real_;
  template <class T> using Items = Kokkos::View<T *, Space>;

  int nelements, lmax, recursion;
  double nearest_limit;
  Items<xp_ace_image_centre> centres;
  Items<xp_ace_image_pair> pairs;
  Items<xp_ace_image_segment> segments;
  Items<xp_ace_image_type> types;
  Items<xp_ace_image_coupling> couplings;
  Items<xp_ace_image_level> levels;
  Items<xp_ace_image_node> nodes;
  Items<xp_ace_image_gather> gathers;
  Items<xp_ace_image_sum> sums;
  Items<xp_ace_image_row> rows;
  Items<int> indices;
  Items<double> numbers;
  Items<Real> reals;

  AceViews() = default;
  explicit AceViews(const xp_ace_image &image)
      : nelements(image.nelements), lmax(image.lmax), recursion(image.recursion), nearest_limit(image.nearest_limit),
        centres(upload<Space>("centres", image.centres, image.nelements)),
        pairs(upload<Space>("pairs", image.pairs, image.nelements * image.nelements)),
        segments(upload<Space>("segments", image.segments, image.nsegments)),
        types(upload<Space>("types", image.types, image.ntypes)),
        couplings(upload<Space>("couplings", image.couplings, image.ncouplings)),
        levels(upload<Space>("levels", image.levels, image.nlevels)),
        nodes(upload<Space>("nodes", image.nodes, image.nnodes)),
        gathers(upload<Space>("gathers", image.gathers, image.ngathers)),
        sums(upload<Space>("sums", image.sums, image.nsums)), rows(upload<Space>("rows", image.rows, image.nrows)),
        indices(upload<Space>("indices", image.indices, image.nindices)),
        numbers(upload<Space>("numbers", image.numbers, image.nnumbers)), reals(rounded<Real>(numbers)) {}
};

} // namespace XPOT_NS::device

#endif
