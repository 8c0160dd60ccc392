/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the arrays of an atom are in the memory of its team, as places of team.h. */
#ifndef XPOT_DEVICE_ACE_LAYOUT_H
#define XPOT_DEVICE_ACE_LAYOUT_H

#include "tally.h"

#include "xpot/ace_image.h"

namespace XPOT_NS::device {

struct AceLayout {
  // Numbers of the kernel's precision.
  int values;   // [slots]; the contracted adjoints take their place at the end
  int unit;     // [2][TILE][3] of two tiles in turn
  int adjoints; // [slots]
  // Of a tile; in the place of all adjoints but the base's, which are needed between the two loops over neighbours only.
  int basis;     // [TILE][basis_stride] g_k and the core
  int slope;     // [TILE][basis_stride] g'_k
  int radial;    // [TILE][columns] R_nl
  int harmonics; // [TILE][components] Y, later the sums along the direction
  int across;    // [TILE][components] sums across the direction
  int pieces;    // [TILE][pieces_stride] of the gradient: four of each m, and the slope of the radial basis by itself
  int weights;   // [basis_stride] of the slopes of the radial basis by themselves
  int reals;     // numbers in all
  // Doubles.
  int distance;  // [2][TILE] Angstrom, 0: no neighbour
  int sums;      // [basis_stride] of g_k over the neighbours of a species
  int partial;   // [workers][densities] sums of one worker
  int density;   // [densities], then the core repulsion
  int embedding; // [densities] dE/drho
  int own;       // [OWN_SUMS]
  int gradient;  // [TILE][3]
  int result;  // energy, core factor, core slope, nearest slope, depth and width of the nearest bond, nearest neighbour
  int doubles; // in all

  int basis_stride, columns, components, pieces_stride, densities;
};

enum AceResult { ENERGY, CORE_FACTOR, CORE_SLOPE, NEAREST_SLOPE, DEPTH, WIDTH, NEAREST_DISTANCE, NEAREST, RESULTS };

// Largest sizes of an image's centres and pairs.
struct AceSizes {
  int slots = 0, adjoints = 0, base = 0, densities = 0, basis = 0, columns = 0;

  explicit AceSizes(const xp_ace_image &image) {
    for (int i = 0; i < image.nelements; ++i) {
      const xp_ace_image_centre &centre = image.centres[i];
      raise_to(slots, centre.nslots);
      raise_to(adjoints, centre.nadjoints);
      raise_to(base, centre.nbase_slots);
      raise_to(densities, centre.ndensity);
    }
    for (int p = 0; p < image.nelements * image.nelements; ++p) {
      raise_to(basis, image.pairs[p].nbase + 1);
      raise_to(columns, image.pairs[p].ncolumns);
      raise_to(slots, (image.pairs[p].lmax + 1) * (image.pairs[p].lmax + 1) * image.pairs[p].nbase); // contracted
    }
  }

private:
  static void raise_to(int &most, int value) { most = value > most ? value : most; }
};

inline AceLayout ace_layout(const xp_ace_image &image, int workers) {
  const AceSizes most(image);
  const auto take = [](int &total, int count) {
    const int place = total;
    total += count;
    return place;
  };
  AceLayout a = {};
  a.basis_stride = most.basis;
  a.columns = most.columns;
  a.components = (image.lmax + 1) * (image.lmax + 1);
  a.pieces_stride = 4 * (image.lmax + 1) + 1;
  a.densities = most.densities;
  a.values = take(a.reals, most.slots);
  a.unit = take(a.reals, 2 * TILE * 3);
  a.adjoints = take(a.reals, most.base);
  int end = a.reals;
  a.basis = take(end, TILE * a.basis_stride);
  a.slope = take(end, TILE * a.basis_stride);
  a.radial = take(end, TILE * a.columns);
  a.harmonics = take(end, TILE * a.components);
  a.across = take(end, TILE * a.components);
  a.pieces = take(end, TILE * a.pieces_stride);
  a.weights = take(end, a.basis_stride);
  take(a.reals, most.adjoints - most.base);
  if (end > a.reals) a.reals = end;
  a.distance = take(a.doubles, 2 * TILE);
  a.sums = take(a.doubles, a.basis_stride);
  a.partial = take(a.doubles, workers * a.densities);
  a.density = take(a.doubles, a.densities + 1);
  a.embedding = take(a.doubles, a.densities);
  a.own = take(a.doubles, OWN_SUMS);
  a.gradient = take(a.doubles, TILE * 3);
  a.result = take(a.doubles, RESULTS);
  return a;
}

} // namespace XPOT_NS::device

#endif
