/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points that fill the unit cube evenly, for averages over it. */
#ifndef XPOT_OPTIMISER_SEQUENCE_H
#define XPOT_OPTIMISER_SEQUENCE_H

/* Point number of Richtmyer's sequence (1951): the fractional parts of (number + 1/2) times the square roots of the first
 * ndims primes. */
void xp_sequence_point(int number, int ndims, double *point);

#endif
