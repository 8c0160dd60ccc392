/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SNAP image (xpot/snap_image.h) in the memory of an execution space. */
#ifndef XPOT_DEVICE_SNAP_VIEWS_H
#define XPOT_DEVICE_SNAP_VIEWS_H

#include "upload.h"

#include "xpot/snap_image.h"

namespace XPOT_NS::device {

// Real: what the kernel calculates with. All numbers exist in both forms.
template <class Space, class Real_> struct SnapViews {
  using Real = Real_;
  template <class T> using Items = Kokkos::View<T *, Space>;

  // As in the image.
  int nelements, nlabels, twojmax;
  bool quadratic, chem, switchflag, switchinnerflag, wselfallflag;
  double rfac0, rmin0;
  int nu, nmoments, npowers, nentries, ncomponents, nlinks;
  int link_components, link_factors;
  Items<xp_snap_image_pair> pairs;
  Items<xp_snap_image_centre> centres;
  Items<xp_snap_image_power> powers;
  Items<xp_snap_image_entry> entries;
  Items<xp_snap_image_row> expansion, gathering;
  Items<xp_snap_image_segment> segments;
  Items<xp_snap_image_rest> rests;
  Items<xp_snap_image_component> components;
  Items<xp_snap_image_link> links;
  Items<xp_snap_image_level> levels;
  Items<int> indices;
  Items<double> numbers;
  Items<Real> reals;

  SnapViews() = default;
  explicit SnapViews(const xp_snap_image &image)
      : nelements(image.nelements), nlabels(image.nlabels), twojmax(image.twojmax), quadratic(image.quadratic),
        chem(image.chem), switchflag(image.switchflag), switchinnerflag(image.switchinnerflag),
        wselfallflag(image.wselfallflag), rfac0(image.rfac0), rmin0(image.rmin0), nu(image.nu),
        nmoments(image.nmoments), npowers(image.npowers), nentries(image.nentries), ncomponents(image.ncomponents),
        nlinks(image.nlinks), link_components(image.link_components), link_factors(image.link_factors),
        pairs(upload<Space>("pairs", image.pairs, image.nelements * image.nelements)),
        centres(upload<Space>("centres", image.centres, image.nelements)),
        powers(upload<Space>("powers", image.powers, image.npowers)),
        entries(upload<Space>("entries", image.entries, image.nentries)),
        expansion(upload<Space>("expansion", image.expansion, 2 * image.nentries)),
        gathering(upload<Space>("gathering", image.gathering, image.nmoments)),
        segments(upload<Space>("segments", image.segments, image.nsegments)),
        rests(upload<Space>("rests", image.rests, image.nrests)),
        components(upload<Space>("components", image.components, image.ncomponents)),
        links(upload<Space>("links", image.links, image.nlinks)),
        levels(upload<Space>("levels", image.levels, image.quadratic ? image.nlabels * (image.twojmax + 1) : 0)),
        indices(upload<Space>("indices", image.indices, image.nindices)),
        numbers(upload<Space>("numbers", image.numbers, image.nnumbers)), reals(rounded<Real>(numbers)) {}
};

} // namespace XPOT_NS::device

#endif
