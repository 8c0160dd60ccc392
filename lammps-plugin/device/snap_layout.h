/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the arrays of an atom are in the memory of its team, as places of team.h. Arrays that are not needed at the same time
 * share their places: moments with Y, U with the adjoints of the moments and, while there is no U yet, with the factors of a
 * tile of neighbours. */
#ifndef XPOT_DEVICE_SNAP_LAYOUT_H
#define XPOT_DEVICE_SNAP_LAYOUT_H

#include "tally.h"

#include "xpot/snap_image.h"

#include <algorithm>

namespace XPOT_NS::device {

// Doubles of a neighbour of the tile.
enum SnapField {
  SNAP_X, // direction
  SNAP_Y,
  SNAP_Z,
  SNAP_INVERSE, // 1 / r; 0: no neighbour
  SNAP_SINE,    // of theta0
  SNAP_COSINE,
  SNAP_VALUE, // weight times switching functions
  SNAP_SLOPE, // its derivative by r
  SNAP_FIELDS
};

// Share of a neighbour in the energy and its derivatives by the parts of a and b and by y = |a|^2 - |b|^2.
enum SnapShare { SHARE_VALUE, SHARE_AR, SHARE_AI, SHARE_BR, SHARE_BI, SHARE_Y, SNAP_SHARES };

// Partial sums of a linear energy.
constexpr int SNAP_ENERGY_PARTS = 32;

struct SnapLayout {
  // Numbers of the kernel's precision; complex ones are two, real and imaginary, but for U.
  int u;         // [nlabels][nu] real parts
  int imaginary; // how much further the imaginary parts of U are: workers read U anywhere, and the banks of memory should be
                 // hit evenly
  int adjoints;  // [nlabels][nmoments]
  int moments;   // [nlabels][nmoments]
  int y;         // [nlabels][nentries] complex
  int sums;      // the image's list of sums, complex; begins with Y in linear models
  int effective; // [ncomponents] dE/dB
  int links;     // [nlinks] factors
  int factors;   // [TILE][stride] of the neighbours, while moments are summed
  int turning;   // [TILE][stride] the same for gradients
  int shares;    // [TILE][groups][SNAP_SHARES]
  int reals;     // numbers in all
  // Doubles.
  int tile;       // [TILE][SNAP_FIELDS]
  int parts;      // [nparts] of the energy
  int bispectrum; // [ncomponents]
  int own;        // [OWN_SUMS]
  int gradient;   // [TILE][3]
  int doubles;    // in all

  // The factors of a neighbour: powers of a, powers of b, T_n, dT_n/dy.
  int powers_b, polynomials, slopes, stride;
  int groups; // of powers that one item has
  int nparts;
};

inline void place_factors(SnapLayout &a, int twojmax) {
  a.powers_b = 2 * (twojmax + 1);
  a.polynomials = 2 * a.powers_b;
  a.slopes = a.polynomials + twojmax / 2 + 1;
  a.stride = a.slopes + twojmax / 2 + 1;
}

inline SnapLayout snap_layout(const xp_snap_image &image, int workers) {
  SnapLayout a = {};
  place_factors(a, image.twojmax);
  a.groups = std::max(1, std::min(workers / TILE, image.npowers));
  const int moments = image.nlabels * image.nmoments, factors = TILE * a.stride;
  const int y = 2 * image.nlabels * image.nentries, sums = 2 * image.nsums;
  a.imaginary = image.nlabels * image.nu;
  a.moments = a.y = std::max({2 * a.imaginary, moments, factors});
  a.sums = image.quadratic ? a.y + std::max(moments, y) : a.y;
  a.effective = std::max(a.sums + sums, a.moments + moments);
  a.links = a.effective + image.ncomponents;
  a.turning = a.adjoints + moments;
  a.shares = a.turning + factors;
  a.reals = std::max(a.links + image.nlinks, a.shares + TILE * a.groups * SNAP_SHARES);
  a.nparts = image.quadratic ? image.ncomponents : SNAP_ENERGY_PARTS;
  a.parts = TILE * SNAP_FIELDS;
  a.bispectrum = a.parts + a.nparts;
  a.own = a.bispectrum + image.ncomponents;
  a.gradient = a.own + OWN_SUMS;
  a.doubles = a.gradient + 3 * TILE;
  return a;
}

} // namespace XPOT_NS::device

#endif
