/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Up to TILE neighbours of one species, of every lane: angles and switching functions, in double precision always; then powers of
 * the Cayley-Klein parameters a and b and Chebyshev polynomials. */
#ifndef XPOT_DEVICE_SNAP_TILE_H
#define XPOT_DEVICE_SNAP_TILE_H

#include "snap_team.h"

namespace XPOT_NS::device {

constexpr double SNAP_PI = 3.14159265358979323846;
constexpr double SNAP_SMALLEST_SQUARE = 1e-20; // Angstrom^2; nearer neighbours do not count, as in pair_style snap

// Sine and cosine of pi x: the remainder after quarter turns is exact; minimax polynomials of fdlibm on [-pi/4, pi/4]. Without the
// libraries' reduction of large arguments, whose stack every thread would have.
KOKKOS_INLINE_FUNCTION void sine_cosine_pi(double x, double &sine, double &cosine) {
  const double quarter = Kokkos::floor(2.0 * x + 0.5), r = SNAP_PI * (x - 0.5 * quarter), r2 = r * r;
  const double s = r + r * r2 *
                           (-1.66666666666666324348e-01 +
                            r2 * (8.33333333332248946124e-03 +
                                  r2 * (-1.98412698298579493134e-04 +
                                        r2 * (2.75573137070700676789e-06 +
                                              r2 * (-2.50507602534068634195e-08 + r2 * 1.58969099521155010221e-10)))));
  const double c = 1.0 - 0.5 * r2 +
                   r2 * r2 *
                       (4.16666666666666019037e-02 +
                        r2 * (-1.38888888888741095749e-03 +
                              r2 * (2.48015872894767294178e-05 +
                                    r2 * (-2.75573143513906633035e-07 +
                                          r2 * (2.08757232129817482790e-09 - r2 * 1.13596475577881948265e-11)))));
  const int q = (int)(quarter - 4.0 * Kokkos::floor(0.25 * quarter));
  const double odd_s = q % 2 ? c : s, odd_c = q % 2 ? s : c;
  sine = q >= 2 ? -odd_s : odd_s;
  cosine = q == 1 || q == 2 ? -odd_c : odd_c;
}

// Weight times switching functions of a neighbour at r, and the derivative.
template <class Views>
KOKKOS_INLINE_FUNCTION void snap_switch(const Views &v, const xp_snap_image_pair &pair, double r, double &value,
                                        double &slope) {
  double sine, cosine;
  const double t = (r - v.rmin0) * pair.scale;
  value = pair.weight;
  slope = 0.0;
  if (v.switchflag && t > 0.0) {
    sine_cosine_pi(t, sine, cosine);
    value *= 0.5 * cosine + 0.5;
    slope = -0.5 * SNAP_PI * pair.weight * pair.scale * sine;
  }
  if (!v.switchinnerflag) return;
  const double u = (r - pair.inner) / pair.width;
  if (u >= 1.0) return;
  sine_cosine_pi(0.5 * Kokkos::max(u, -1.0), sine, cosine);
  const double inner = u <= -1.0 ? 0.0 : 0.5 * sine + 0.5;
  slope = slope * inner + (u <= -1.0 ? 0.0 : value * 0.25 * SNAP_PI * cosine / pair.width);
  value *= inner;
}

// Neighbours begin ... of a species; those that a lane has not weigh nothing.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_load_tile(const Team &t, int species, int begin) {
  t.each(TILE, [&](int n, int lane) {
    const xp_snap_image_pair &pair = t.pairs[species];
    double d[3] = {0.0, 0.0, 0.0}, inverse = 0.0, sine = 0.0, cosine = 1.0, value = 0.0, slope = 0.0;
    if (begin + n < t.count(species, lane))
      t.bonds.load(t.atom(lane), t.bonds.first(t.atom(lane), species) + begin + n, d);
    const double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    if (square > SNAP_SMALLEST_SQUARE && square < pair.cutoff * pair.cutoff) {
      const double r = Kokkos::sqrt(square);
      inverse = 1.0 / r;
      sine_cosine_pi(t.v.rfac0 * ((r - t.v.rmin0) * pair.scale), sine, cosine);
      snap_switch(t.v, pair, r, value, slope);
    }
    for (int k = 0; k < 3; ++k) t.field(n, SNAP_X + k, lane) = d[k] * inverse;
    t.field(n, SNAP_INVERSE, lane) = inverse;
    t.field(n, SNAP_SINE, lane) = sine;
    t.field(n, SNAP_COSINE, lane) = cosine;
    t.field(n, SNAP_VALUE, lane) = value;
    t.field(n, SNAP_SLOPE, lane) = slope;
  });
  t.barrier();
}

// a and b of a neighbour. r0 of the projection is positive, so that both change sign with the sine.
struct CayleyKlein {
  double ar, ai, br, bi;
};

template <class Team> KOKKOS_INLINE_FUNCTION CayleyKlein snap_parameters(const Team &t, int n, int lane) {
  const double sine = t.field(n, SNAP_SINE, lane), sign = sine < 0.0 ? -1.0 : 1.0, size = sign * sine;
  return {sign * t.field(n, SNAP_COSINE, lane), -size * t.field(n, SNAP_Z, lane), size * t.field(n, SNAP_Y, lane),
          -size * t.field(n, SNAP_X, lane)};
}

// scale z^m for m = 0 ... twojmax.
template <class Team, class Real>
KOKKOS_INLINE_FUNCTION void snap_fill_powers(const Team &t, int place, Real re, Real im, Real scale, int lane) {
  Real r = scale, i = 0;
  for (int m = 0; m <= t.v.twojmax; ++m) {
    t.real(place + 2 * m, lane) = r;
    t.real(place + 2 * m + 1, lane) = i;
    const Real next = r * re - i * im;
    i = r * im + i * re;
    r = next;
  }
}

// T_n and dT_n/dy.
template <class Team, class Real>
KOKKOS_INLINE_FUNCTION void snap_fill_polynomials(const Team &t, int place, Real y, int lane) {
  Real t0 = 1, t1 = y, d0 = 0, d1 = 1;
  for (int n = 0; n <= t.v.twojmax / 2; ++n) {
    t.real(place + t.a.polynomials + n, lane) = t0;
    t.real(place + t.a.slopes + n, lane) = d0;
    const Real t2 = 2 * y * t1 - t0, d2 = 2 * (t1 + y * d1) - d0;
    t0 = t1, t1 = t2, d0 = d1, d1 = d2;
  }
}

// All factors of the tile; powers of a times the weight if wanted.
template <class Team> KOKKOS_INLINE_FUNCTION void snap_fill_factors(const Team &t, int place, bool weighted) {
  using Real = typename Team::Real;
  t.each(3 * TILE, [&](int item, int lane) {
    const int n = item % TILE, to = place + n * t.a.stride;
    const CayleyKlein p = snap_parameters(t, n, lane);
    const Real ar = p.ar, ai = p.ai, br = p.br, bi = p.bi;
    const bool of_a = item < TILE;
    if (item < 2 * TILE)
      snap_fill_powers<Team, Real>(t, of_a ? to : to + t.a.powers_b, of_a ? ar : br, of_a ? ai : bi,
                                   of_a && weighted ? t.field(n, SNAP_VALUE, lane) : 1.0, lane);
    else
      snap_fill_polynomials<Team, Real>(t, to, ar * ar + ai * ai - br * br - bi * bi, lane);
  });
  t.barrier();
}

} // namespace XPOT_NS::device

#endif
