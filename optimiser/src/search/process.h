/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One number of the trials as a Gaussian process. */
#ifndef XPOT_OPTIMISER_GAUSSIAN_PROCESS_H
#define XPOT_OPTIMISER_GAUSSIAN_PROCESS_H

#include "search/gp.h"

/* The trials as points of the process. */
typedef struct xp_process_data {
  xp_kernel kernel;
  int count, ndims;
  const double *coords;  /* [count][ndims] */
  const bool *nominal;   /* [ndims] */
  const bool *pending;   /* [count]: what they will give is taken to be the mean of the process on the others */
  const double *targets; /* [count]; NaN of a trial that is not pending: left out */
} xp_process_data;

/* Fits; at least one target must be a number. means[count] of the process at the trials, NaN for those left out. */
xp_status xp_process_new(xp_gp **process, const xp_process_data *data, double *means, xp_error *error);

#endif
