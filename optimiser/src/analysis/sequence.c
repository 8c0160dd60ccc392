/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/sequence.h"

#include <math.h>
#include <stdbool.h>

static bool is_prime(int number) {
  for (int divisor = 2; divisor * divisor <= number; ++divisor)
    if (number % divisor == 0) return false;
  return true;
}

void xp_sequence_point(int number, int ndims, double *point) {
  int prime = 1;
  for (int d = 0; d < ndims; ++d) {
    do ++prime;
    while (!is_prime(prime));
    double product = (number + 0.5) * sqrt(prime);
    point[d] = product - floor(product);
  }
}
