/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the arrays of an atom are in the memory of its team, as places of team.h. */
#ifndef XPOT_DEVICE_ACE_LAYOUT_H
#define XPOT_DEVICE_ACE_LAYOUT_H

#include "tally.h"

#include "xpot/ace_image.h"

namespace XPOT_NS::device {

struct AceLayout {
  // Numbers of the kernel's precision.
  int values;                   // [slots]; the contracted adjoints take their place at the end
  int adjoints;                 // [slots]
  int basis;                    // [TILE][basis_stride] g_k and the core
  int slope;                    // [TILE][basis_stride] g'_k
  int radial;                   // [TILE][columns] R_nl
  int harmonics;                // [TILE][components] Y, later the sums along the direction
  int across;                   // [TILE][components] sums of adjoints with R_nl
  int polynomials, derivatives; // [TILE][lm] Q_lm, dQ_lm/dz
  int powers;                   // [TILE][lmax + 1][2] (x + i y)^m
  int unit;                     // [TILE][3]
  int weights;                  // [basis_stride] of the slopes of the radial basis by themselves
  int reals;                    // numbers in all
  // Doubles.
  int distance;  // [TILE] Angstrom, 0: no neighbour
  int partial;   // [workers][densities] sums of one worker
  int density;   // [densities], then the core repulsion
  int embedding; // [densities] dE/drho
  int own;       // [OWN_SUMS]
  int gradient;  // [TILE][3]
  int result;  // energy, core factor, core slope, nearest slope, depth and width of the nearest bond, nearest neighbour
  int doubles; // in all

  int basis_stride, columns, components, lm, densities;
};

enum AceResult { ENERGY, CORE_FACTOR, CORE_SLOPE, NEAREST_SLOPE, DEPTH, WIDTH, NEAREST_DISTANCE, NEAREST, RESULTS };

inline void raise_to(int &most, int value) {
  if (value > most) most = value;
}

inline AceLayout ace_layout(const xp_ace_image &image, int workers) {
  AceLayout a = {};
  int slots = 0, contracted = 0, l = image.lmax + 1;
  for (int i = 0; i < image.nelements; ++i) {
    raise_to(slots, image.centres[i].nslots);
    raise_to(a.densities, image.centres[i].ndensity);
  }
  for (int p = 0; p < image.nelements * image.nelements; ++p) {
    const xp_ace_image_pair &pair = image.pairs[p];
    int components = 0;
    for (int b = pair.first_block; b < pair.end_block; ++b) components += 2 * image.blocks[b].l + 1;
    raise_to(contracted, components * pair.nbase);
    raise_to(a.basis_stride, pair.nbase + 1);
    raise_to(a.columns, pair.ncolumns);
  }
  a.components = l * l;
  a.lm = l * (l + 1) / 2;
  const auto take = [](int &total, int count) {
    const int place = total;
    total += count;
    return place;
  };
  a.values = take(a.reals, slots > contracted ? slots : contracted);
  a.adjoints = take(a.reals, slots);
  a.basis = take(a.reals, TILE * a.basis_stride);
  a.slope = take(a.reals, TILE * a.basis_stride);
  a.radial = take(a.reals, TILE * a.columns);
  a.harmonics = take(a.reals, TILE * a.components);
  a.across = take(a.reals, TILE * a.components);
  a.polynomials = take(a.reals, TILE * a.lm);
  a.derivatives = take(a.reals, TILE * a.lm);
  a.powers = take(a.reals, TILE * 2 * (l > 0 ? l : 1));
  a.unit = take(a.reals, TILE * 3);
  a.weights = take(a.reals, a.basis_stride);
  a.distance = take(a.doubles, TILE);
  a.partial = take(a.doubles, workers * a.densities);
  a.density = take(a.doubles, a.densities + 1);
  a.embedding = take(a.doubles, a.densities);
  a.own = take(a.doubles, OWN_SUMS);
  a.gradient = take(a.doubles, TILE * 3);
  a.result = take(a.doubles, RESULTS);
  return a;
}

// Bytes of an atom in flight.
template <class Real> size_t ace_bytes(const AceLayout &a) {
  return (size_t)a.doubles * sizeof(double) + (size_t)a.reals * sizeof(Real);
}

} // namespace XPOT_NS::device

#endif
