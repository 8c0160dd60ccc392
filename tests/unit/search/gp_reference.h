/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Eight points with losses and fixed parameters, for which scikit-optimize 0.10.2 has computed everything. */
#ifndef XPOT_SEARCH_GP_REFERENCE_H
#define XPOT_SEARCH_GP_REFERENCE_H

#include "search/gp.h"

typedef struct xp_gp_reference {
  xp_gp *gp;
  double mean, scale, smallest; /* of the losses */
} xp_gp_reference;

/* Its theta: c = 2, s2 = 0.001, lengths 0.5 and 0.8. */
extern const double xp_gp_reference_theta[4];

/* The process before it is conditioned; free r.gp. */
xp_gp_reference xp_gp_reference_new(void);

/* To mean 0 and standard deviation 1; returns the standard deviation. */
double xp_standardise(int count, double *y, double *mean);

#endif
