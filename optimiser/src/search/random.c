/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/random.h"

#include <math.h>

/* Odd constant nearest to 2^64 divided by the golden ratio: the state's step. */
static const uint64_t GOLDEN_GAMMA = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

xp_random xp_random_start(uint64_t seed, uint64_t stream) {
  return (xp_random){mix(mix(seed + GOLDEN_GAMMA) ^ (stream * GOLDEN_GAMMA))};
}

static uint64_t next(xp_random *random) {
  return mix(random->state += GOLDEN_GAMMA);
}

double xp_random_uniform(xp_random *random) {
  return (double)(next(random) >> 11) * 0x1p-53;
}

int xp_random_below(xp_random *random, int below) {
  return (int)(xp_random_uniform(random) * below);
}

double xp_random_normal(xp_random *random) {
  double radius = sqrt(-2.0 * log(1.0 - xp_random_uniform(random))); /* Box, Muller 1958 */
  return radius * cos(2.0 * M_PI * xp_random_uniform(random));
}
