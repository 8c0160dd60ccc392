/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clebsch-Gordan coefficients. */
#ifndef XPOT_CLEBSCH_GORDAN_H
#define XPOT_CLEBSCH_GORDAN_H

/* <l1 m1 l2 m2 | l m1+m2> of integral l, Condon and Shortley's phases; 0 where the projections do not fit. Good to a few
 * units in the last place as long as l1 + l2 + l stays below about 40. */
double xp_clebsch_gordan(int l1, int m1, int l2, int m2, int l);

#endif
