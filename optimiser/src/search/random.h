/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reproducible random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), the same on every machine. */
#ifndef XPOT_OPTIMISER_RANDOM_H
#define XPOT_OPTIMISER_RANDOM_H

#include <stdint.h>

typedef struct xp_random {
  uint64_t state;
} xp_random;

/* A stream of its own for each pair of numbers. */
xp_random xp_random_start(uint64_t seed, uint64_t stream);

/* 0 <= number < 1. */
double xp_random_uniform(xp_random *random);

/* 0 <= number < below. */
int xp_random_below(xp_random *random, int below);

/* Mean 0, standard deviation 1. */
double xp_random_normal(xp_random *random);

#endif
