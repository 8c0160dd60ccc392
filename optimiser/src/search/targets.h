/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From losses to what the Gaussian process is fitted to. */
#ifndef XPOT_OPTIMISER_TARGETS_H
#define XPOT_OPTIMISER_TARGETS_H

#include "xpot/error.h"

/* losses[count], NaN for a failed trial, at least one finite -> targets[count] of mean 0 and standard deviation 1 (all 0
 * when all losses are equal), in the same order. Losses far above the best are compressed, failed trials take the worst
 * finite target; the first `design` trials were not chosen by a model. README.md says why. */
xp_status xp_targets_make(int count, int design, const double *losses, double *targets, xp_error *error);

/* values[count] of a metric less its bound, at least one finite -> targets[count] of mean 0 and standard deviation 1, NaN
 * where the value is not finite. Large values of both signs are compressed; *bound is the target of value 0. */
xp_status xp_targets_limit(int count, const double *values, double *targets, double *bound, xp_error *error);

#endif
