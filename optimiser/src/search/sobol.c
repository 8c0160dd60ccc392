/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/sobol.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Binary digits of a coordinate. */
enum { BITS = 32 };

static int degree_of(unsigned polynomial) {
  int degree = -1;
  for (; polynomial; polynomial >>= 1) ++degree;
  return degree;
}

/* Primitive: x generates all 2^degree - 1 non-zero elements of the field that the polynomial defines. */
static bool primitive(unsigned polynomial) {
  int degree = degree_of(polynomial);
  unsigned all = (1u << degree) - 1, power = 1, order = 0;
  do {
    power <<= 1;
    if (power >> degree & 1) power ^= polynomial;
    ++order;
  } while (power != 1 && power != 0 && order <= all);
  return power == 1 && order == all;
}

unsigned xp_sobol_polynomial(int number) {
  unsigned polynomial = 3;
  for (;; polynomial += 2)
    if (primitive(polynomial) && number-- == 0) return polynomial;
}

/* Direction numbers: those of the first `degree` digits are drawn (odd, below a power of two), the others follow by the
 * polynomial's recurrence (Bratley, Fox 1988). polynomial 1: van der Corput's sequence. */
static void find_directions(xp_random *random, unsigned polynomial, uint32_t *directions) {
  int degree = degree_of(polynomial);
  for (int bit = 0; bit < BITS; ++bit) {
    if (degree == 0 || bit < degree) {
      uint32_t number = degree == 0 ? 1u : (uint32_t)xp_random_below(random, 1 << bit) * 2 + 1;
      directions[bit] = number << (BITS - 1 - bit);
      continue;
    }
    directions[bit] = directions[bit - degree] ^ (directions[bit - degree] >> degree);
    for (int k = 1; k < degree; ++k)
      if (polynomial >> (degree - k) & 1) directions[bit] ^= directions[bit - k];
  }
}

void xp_sobol_draw(xp_random random, int npoints, int ndims, double *points) {
  for (int d = 0; d < ndims; ++d) {
    uint32_t directions[BITS];
    find_directions(&random, d == 0 ? 1u : xp_sobol_polynomial(d - 1), directions);
    uint32_t shift = (uint32_t)(xp_random_uniform(&random) * 0x1p32);
    for (int i = 0; i < npoints; ++i) {
      uint32_t digits = shift;
      for (int bit = 0; i >> bit; ++bit)
        if (i >> bit & 1) digits ^= directions[bit];
      points[i * ndims + d] = digits * 0x1p-32;
    }
  }
}
