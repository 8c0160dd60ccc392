/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors as wide as a register of the level a kernel is compiled for: a vec has WIDTH numbers of the kernel's precision,
 * a part PART doubles, and PARTS parts are as many lanes as a vec. Only for kernel sources. */
#ifndef XPOT_SNAP_LANES_H
#define XPOT_SNAP_LANES_H

#if XP_KERNEL_LEVEL >= 4
enum { PART = 8 };
#elif XP_KERNEL_LEVEL >= 3
enum { PART = 4 };
#else
enum { PART = 2 };
#endif

#if XP_KERNEL_MIXED
typedef float real;
enum { PARTS = 2 };
#else
typedef double real;
enum { PARTS = 1 };
#endif
enum { WIDTH = PARTS * PART };

typedef real vec __attribute__((vector_size(WIDTH * sizeof(real))));
typedef double part __attribute__((vector_size(PART * 8)));
typedef long mask __attribute__((vector_size(PART * 8)));
/* vec and part as they lie in arrays of lanes. */
typedef real lanes __attribute__((vector_size(WIDTH * sizeof(real)), may_alias));
typedef double part_lanes __attribute__((vector_size(PART * 8), may_alias));
/* The numbers of a vec that belong to one part. */
typedef real piece __attribute__((vector_size(PART * sizeof(real))));
typedef real piece_lanes __attribute__((vector_size(PART * sizeof(real)), may_alias));

static inline vec splat(real x) {
  return x - (vec){0};
}

/* Part p of a vec in memory as doubles, and back. */
static inline part widen(const void *vector, int p) {
  return __builtin_convertvector(((const piece_lanes *)vector)[p], part);
}
static inline void narrow(void *vector, int p, part value) {
  ((piece_lanes *)vector)[p] = __builtin_convertvector(value, piece);
}

static inline part select(mask which, part yes, part no) {
  return (part)((which & (mask)yes) | (~which & (mask)no));
}

static inline part square_root(part x) {
  part root;
  for (int lane = 0; lane < PART; ++lane) root[lane] = __builtin_sqrt(x[lane]);
  return root;
}

/* Sine and cosine to a unit in the last place or two for |x| below a million: Cody and Waite's reduction with pi/2 in two
 * parts, and the minimax polynomials of fdlibm on [-pi/4, pi/4]. */
static inline void sine_cosine(part x, part *sine, part *cosine) {
  static const double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
  static const double HALF_PI_HIGH = 1.57079632673412561417e+00, HALF_PI_LOW = 6.07710050650619224932e-11;
  static const double TO_INTEGER = 0x1.8p52; /* added and taken off again it rounds to an integer */
  part shifted = x * TWO_OVER_PI + TO_INTEGER;
  part quarter = shifted - TO_INTEGER;
  mask q = (mask)shifted;
  part r = (x - quarter * HALF_PI_HIGH) - quarter * HALF_PI_LOW;
  part r2 = r * r;
  part s = r + r * r2 *
                   (-1.66666666666666324348e-01 +
                    r2 * (8.33333333332248946124e-03 +
                          r2 * (-1.98412698298579493134e-04 +
                                r2 * (2.75573137070700676789e-06 +
                                      r2 * (-2.50507602534068634195e-08 + r2 * 1.58969099521155010221e-10)))));
  part c = 1.0 - 0.5 * r2 +
           r2 * r2 *
               (4.16666666666666019037e-02 +
                r2 * (-1.38888888888741095749e-03 +
                      r2 * (2.48015872894767294178e-05 +
                            r2 * (-2.75573143513906633035e-07 +
                                  r2 * (2.08757232129817482790e-09 - r2 * 1.13596475577881948265e-11)))));
  mask odd = -(q & 1);
  mask sign_sine = (q & 2) << 62, sign_cosine = ((q + 1) & 2) << 62;
  *sine = (part)((mask)select(odd, c, s) ^ sign_sine);
  *cosine = (part)((mask)select(odd, s, c) ^ sign_cosine);
}

#endif
