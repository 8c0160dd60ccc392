/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/hammersley.h"

#include <math.h>
#include <stdbool.h>

static int next_prime(int number) {
  for (;;) {
    ++number;
    bool prime = number > 1;
    for (int divisor = 2; prime && divisor * divisor <= number; ++divisor) prime = number % divisor != 0;
    if (prime) return number;
  }
}

/* The digits of index, least significant first, behind the point. */
static double radical_inverse(int base, int index) {
  double inverse = 0.0, weight = 1.0 / base;
  for (; index > 0; index /= base, weight /= base) inverse += index % base * weight;
  return inverse;
}

void xp_hammersley_plain(int npoints, int ndims, double *points) {
  for (int dim = 0, base = 2; dim < ndims; ++dim, base = next_prime(base))
    for (int point = 0; point < npoints; ++point)
      points[point * ndims + dim] =
          dim > 0 && dim == ndims - 1 ? (double)point / npoints : radical_inverse(base, point);
}

static void shuffle(xp_random *random, int *digits, int base) {
  for (int digit = 0; digit < base; ++digit) digits[digit] = digit;
  for (int digit = base - 1; digit > 0; --digit) {
    int other = xp_random_below(random, digit + 1), kept = digits[digit];
    digits[digit] = digits[other];
    digits[other] = kept;
  }
}

/* One coordinate of all points: each digit is replaced by its place in a random order of all. Zeros that stand before the
 * index are digits too, so the places go on until double has no more of them. */
static void scramble_column(xp_random *random, int base, int npoints, int ndims, double *column) {
  int digits[base];
  for (int point = 0; point < npoints; ++point) column[point * ndims] = 0.0;
  long long place = 1;
  for (double weight = 1.0 / base; weight > 0x1p-53; weight /= base, place *= base) {
    shuffle(random, digits, base);
    for (int point = 0; point < npoints; ++point) column[point * ndims] += digits[point / place % base] * weight;
  }
}

void xp_halton_draw(xp_random random, int npoints, int ndims, double *points) {
  for (int dim = 0, base = 2; dim < ndims; ++dim, base = next_prime(base))
    scramble_column(&random, base, npoints, ndims, points + dim);
}

void xp_hammersley_draw(xp_random random, int npoints, int ndims, double *points) {
  xp_halton_draw(random, npoints, ndims, points);
  for (int point = 0; ndims > 1 && point < npoints; ++point)
    points[point * ndims + ndims - 1] = (point + 0.5) / npoints;
}

double xp_discrepancy_centred(int npoints, int ndims, const double *points) {
  double single = 0.0, pairs = 0.0;
  for (int i = 0; i < npoints; ++i) {
    const double *a = points + i * ndims;
    double product = 1.0;
    for (int d = 0; d < ndims; ++d) {
      double from_centre = fabs(a[d] - 0.5);
      product *= 1.0 + 0.5 * from_centre - 0.5 * from_centre * from_centre;
    }
    single += product;
    for (int j = 0; j < npoints; ++j) {
      const double *b = points + j * ndims;
      product = 1.0;
      for (int d = 0; d < ndims; ++d) product *= 1.0 + 0.5 * (fabs(a[d] - 0.5) + fabs(b[d] - 0.5) - fabs(a[d] - b[d]));
      pairs += product;
    }
  }
  double square = pow(13.0 / 12.0, ndims) - 2.0 / npoints * single + pairs / ((double)npoints * npoints);
  return sqrt(fmax(square, 0.0));
}
