/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much each dimension of a search matters: shares of the variance of the surrogate's mean over the whole space (functional
 * ANOVA, Sobol' 1993). README.md has the equations. */
#ifndef XPOT_OPTIMISER_IMPORTANCE_H
#define XPOT_OPTIMISER_IMPORTANCE_H

#include "analysis/surrogate.h"

typedef struct xp_importance {
  double first;  /* share of the variance that this dimension explains alone */
  double total;  /* the same with all its interactions */
  double length; /* of the surrogate, in parts of the range */
} xp_importance;

/* importances[xp_space_count]; all shares are 0 where the mean does not vary. */
xp_status xp_importance_find(const xp_surrogate *surrogate, xp_importance *importances, xp_error *error);

/* order[count]: dimensions by falling total share. */
void xp_importance_rank(const xp_importance *importances, int count, int *order);

#endif
