/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the densities of an atom to its energy (ace.md section 5), for device code. */
#ifndef XPOT_DEVICE_EMBEDDING_H
#define XPOT_DEVICE_EMBEDDING_H

#include "ace_layout.h"

#include <Kokkos_Core.hpp>

namespace XPOT_NS::device {

constexpr double LINEAR_EXPONENT = 1e-10; // exponents this close to 1 are 1
constexpr double FS_SMALL = 1e-10;        // below this |rho| FinnisSinclair is linear
constexpr double FS_SLOPE = 1e6;          // W of ace.md section 5
constexpr double FS_EXPONENT_MAX = 30.0;

KOKKOS_INLINE_FUNCTION double shifted_scaled(double rho, double m, double &slope) {
  slope = 1.0;
  if (Kokkos::abs(m - 1.0) < LINEAR_EXPONENT) return rho;
  const double a = Kokkos::abs(rho), n = 1.0 / m, fade = Kokkos::exp(-a);
  const double x = Kokkos::pow(n, n / (1.0 - n)) * fade, y = Kokkos::pow(n, 1.0 / (1.0 - n)) * fade;
  const double power = Kokkos::pow(x + a, m);
  slope = m * (1.0 - x) * power / (x + a) + y;
  return Kokkos::copysign(power - y, rho);
}

KOKKOS_INLINE_FUNCTION double finnis_sinclair(double rho, double m, double &slope) {
  const double a = Kokkos::abs(rho), linear = Kokkos::pow(FS_SLOPE, 1.0 - m);
  slope = linear;
  if (a <= FS_SMALL) return linear * rho;
  const double cube = FS_SLOPE * a * FS_SLOPE * a * FS_SLOPE * a;
  const double g = cube > FS_EXPONENT_MAX ? 0.0 : Kokkos::exp(-cube), dg = -3.0 * cube / a * g;
  const double power = Kokkos::pow(a, m);
  slope = m * power / a * (1.0 - g) + dg * (linear * a - power) + linear * g;
  return Kokkos::copysign((1.0 - g) * power + linear * g * a, rho);
}

// 1 below end - width, 0 above end.
KOKKOS_INLINE_FUNCTION double fade_out(double t, double end, double width, double &slope) {
  slope = 0.0;
  if (t >= end) return 0.0;
  if (t <= end - width) return 1.0;
  const double x = 1.0 - 2.0 * (1.0 + (t - end) / width), square = x * x;
  slope = -15.0 / (8.0 * width) * (1.0 - square) * (1.0 - square);
  return 0.5 + x * (15.0 - 10.0 * square + 3.0 * square * square) / 16.0;
}

// As fade_out, of how far the most compressed bond is inside its inner cutoff; a bond that is not inside counts even for width 0.
KOKKOS_INLINE_FUNCTION double zbl_fade(double depth, double width, double &slope) {
  slope = 0.0;
  return depth <= 0.0 ? 1.0 : fade_out(depth, width, width, slope);
}

// Entries of result and density are `stride` apart; parameters [ndensity][2].
KOKKOS_INLINE_FUNCTION void embed(const xp_ace_image_centre &centre, const double *parameters, const double *density,
                                  double *slopes, double *result, int stride) {
  const bool zbl = centre.inner == XP_ACE_INNER_ZBL;
  const double core = density[centre.ndensity * stride];
  double sum = 0.0, fade_slope = 0.0;
  const double fade = zbl ? zbl_fade(result[DEPTH * stride], result[WIDTH * stride], fade_slope)
                          : fade_out(core, centre.rho_core_cutoff, centre.drho_core_cutoff, fade_slope);
  for (int p = 0; p < centre.ndensity; ++p) {
    const double w = parameters[2 * p], m = parameters[2 * p + 1], rho = density[p * stride];
    double slope;
    sum +=
        w * (centre.npoti == XP_ACE_FINNIS_SINCLAIR ? finnis_sinclair(rho, m, slope) : shifted_scaled(rho, m, slope));
    slopes[p * stride] = fade * w * slope;
  }
  result[CORE_FACTOR * stride] = 1.0 - fade;
  result[ENERGY * stride] = fade * sum + (zbl ? 1.0 - fade : 1.0) * core + centre.e0;
  result[CORE_SLOPE * stride] = zbl ? 1.0 - fade : 1.0 + sum * fade_slope;
  result[NEAREST_SLOPE * stride] = zbl ? -(sum - core) * fade_slope : 0.0; // depth falls as r grows
}

} // namespace XPOT_NS::device

#endif
