/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors as wide as a register of the level a kernel is compiled for. Only for kernel sources. */
#ifndef XPOT_SNAP_LANES_H
#define XPOT_SNAP_LANES_H

#if XP_KERNEL_LEVEL >= 4
enum { WIDTH = 8 };
#elif XP_KERNEL_LEVEL >= 3
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif

typedef double vec __attribute__((vector_size(WIDTH * 8)));
typedef long mask __attribute__((vector_size(WIDTH * 8)));
/* vec as it lies in an array of doubles. */
typedef double lanes __attribute__((vector_size(WIDTH * 8), may_alias));

static inline vec splat(double x) {
  return x - (vec){0};
}

static inline vec select(mask which, vec yes, vec no) {
  return (vec)((which & (mask)yes) | (~which & (mask)no));
}

static inline vec square_root(vec x) {
  vec root;
  for (int lane = 0; lane < WIDTH; ++lane) root[lane] = __builtin_sqrt(x[lane]);
  return root;
}

/* Sine and cosine to a unit in the last place or two for |x| below a million: Cody and Waite's reduction with pi/2 in two
 * parts, and the minimax polynomials of fdlibm on [-pi/4, pi/4]. */
static inline void sine_cosine(vec x, vec *sine, vec *cosine) {
  static const double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
  static const double HALF_PI_HIGH = 1.57079632673412561417e+00, HALF_PI_LOW = 6.07710050650619224932e-11;
  static const double TO_INTEGER = 0x1.8p52; /* added and taken off again it rounds to an integer */
  vec shifted = x * TWO_OVER_PI + TO_INTEGER;
  vec quarter = shifted - TO_INTEGER;
  mask q = (mask)shifted;
  vec r = (x - quarter * HALF_PI_HIGH) - quarter * HALF_PI_LOW;
  vec r2 = r * r;
  vec s = r + r * r2 *
                  (-1.66666666666666324348e-01 +
                   r2 * (8.33333333332248946124e-03 +
                         r2 * (-1.98412698298579493134e-04 +
                               r2 * (2.75573137070700676789e-06 +
                                     r2 * (-2.50507602534068634195e-08 + r2 * 1.58969099521155010221e-10)))));
  vec c = 1.0 - 0.5 * r2 +
          r2 * r2 *
              (4.16666666666666019037e-02 +
               r2 * (-1.38888888888741095749e-03 +
                     r2 * (2.48015872894767294178e-05 +
                           r2 * (-2.75573143513906633035e-07 +
                                 r2 * (2.08757232129817482790e-09 - r2 * 1.13596475577881948265e-11)))));
  mask odd = -(q & 1);
  mask sign_sine = (q & 2) << 62, sign_cosine = ((q + 1) & 2) << 62;
  *sine = (vec)((mask)select(odd, c, s) ^ sign_sine);
  *cosine = (vec)((mask)select(odd, s, c) ^ sign_cosine);
}

#endif
