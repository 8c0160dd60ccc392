/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Gaussian process of a search, fitted to what its journal holds: the model that all analysis asks. It sees the targets
 * that the search sees (optimiser/src/search/README.md): losses above the median compressed, failures at the worst. */
#ifndef XPOT_OPTIMISER_SURROGATE_H
#define XPOT_OPTIMISER_SURROGATE_H

#include "journal/past.h"

typedef struct xp_surrogate xp_surrogate;

/* Fewest successes it can be fitted to. */
enum { XP_SURROGATE_LEAST = 3 };

/* past must outlive it. Fewer successes or no dimension: an error of XP_ERROR_RANGE. */
xp_status xp_surrogate_new(xp_surrogate **surrogate, const xp_past *past, xp_error *error);

/* NULL is allowed. */
void xp_surrogate_free(xp_surrogate *surrogate);

/* Trials it was fitted to; its space. */
int xp_surrogate_points(const xp_surrogate *surrogate);
const xp_space *xp_surrogate_space(const xp_surrogate *surrogate);

/* Length of a dimension, in parts of its range (on logarithms where it is logarithmic): short is important. */
double xp_surrogate_length(const xp_surrogate *surrogate, int dim);

/* The mean at a point is made dimension by dimension: squares[xp_surrogate_points], zeroed, collects what each coordinate
 * adds. Threads may share a surrogate. */
void xp_surrogate_add(const xp_surrogate *surrogate, int dim, double coord, double *squares);
double xp_surrogate_mean(const xp_surrogate *surrogate, const double *squares);

/* From a target to the loss it stands for, monotone: interpolated between those of the trials. */
double xp_surrogate_loss(const xp_surrogate *surrogate, double target);

#endif
