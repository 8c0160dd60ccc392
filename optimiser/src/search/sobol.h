/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sobol's digital sequence in base 2, randomised. */
#ifndef XPOT_OPTIMISER_SOBOL_H
#define XPOT_OPTIMISER_SOBOL_H

#include "search/random.h"

/* points[npoints][ndims]: the first npoints, with random initial direction numbers and a random digital shift. */
void xp_sobol_draw(xp_random random, int npoints, int ndims, double *points);

/* The number-th primitive polynomial over the field of two elements, by degree and then by value, from 0: bit k is the
 * coefficient of x^k. Number 0 is x + 1, 1 is x^2 + x + 1, 2 is x^3 + x + 1. */
unsigned xp_sobol_polynomial(int number);

#endif
