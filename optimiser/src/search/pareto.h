/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two objectives, both minimised: the trials that no other one beats, the area they dominate, and how much of it a new trial
 * is expected to add. */
#ifndef XPOT_OPTIMISER_PARETO_H
#define XPOT_OPTIMISER_PARETO_H

/* Indices, by rising first objective, of the points that no other point equals or beats in both objectives (of equal points
 * the first); points with a NaN are left out. indices[count]; returns how many there are. */
int xp_pareto_front(int count, const double *first, const double *second, int *indices);

/* A front: first[count] rising, second[count] falling, all below the reference in both. */
typedef struct xp_pareto {
  int count;
  const double *first, *second;
  double reference[2];
} xp_pareto;

/* Area between the front and its reference. */
double xp_pareto_area(const xp_pareto *front);

/* Logarithm of the expected growth of that area by a point whose objectives are independent and normal, with means[2] and
 * deviations[2] (> 0), exactly; by_means[2] and by_deviations[2] receive its derivatives, both may be NULL. */
double xp_pareto_log_growth(const xp_pareto *front, const double *means, const double *deviations, double *by_means,
                            double *by_deviations);

#endif
