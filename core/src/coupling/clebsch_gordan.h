/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clebsch-Gordan coefficients, Condon and Shortley's phases. Good to a few units in the last place as long as the sum of
 * the momenta stays below about 40. */
#ifndef XPOT_CLEBSCH_GORDAN_H
#define XPOT_CLEBSCH_GORDAN_H

/* <l1 m1 l2 m2 | l m1+m2> of integral l; 0 where the projections do not fit. */
double xp_clebsch_gordan(int l1, int m1, int l2, int m2, int l);

/* The same for integral and half-integral momenta: all numbers are doubled. */
double xp_clebsch_gordan_doubled(int j1, int m1, int j2, int m2, int j);

#endif
