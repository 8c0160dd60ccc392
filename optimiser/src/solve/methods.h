/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the methods of regression share; of no use elsewhere. */
#ifndef XPOT_OPTIMISER_METHODS_H
#define XPOT_OPTIMISER_METHODS_H

#include "solve/regression.h"

/* Least squares with its free columns projected out: min |R y - z|^2 + rest over the y that have a prior, in units of the
 * inverse norms of their columns. */
typedef struct xp_masked {
  int n, count, nfree; /* columns, those with a prior, rank of the free ones */
  int *index;          /* [n] columns with a prior, then the free ones, then free ones that depend on them */
  double *norms;       /* [n + 1] of the columns and the target */
  double
      *free_rows; /* [n + 1][n + 1] by columns, first nfree rows: free columns' triangle, then y's part, then target */
  xp_factor reduced; /* count + 1 columns: R and z, rest = square of the last number */
} xp_masked;

xp_status xp_masked_make(xp_masked *masked, const xp_factor *factor, const bool *unpenalised, xp_error *error);
void xp_masked_clear(xp_masked *masked);

/* y[count] to coefficients[n], free ones included; uses up the target. */
void xp_masked_finish(xp_masked *masked, const double *y, double *coefficients);

/* One prior precision and the noise, both for the target scaled to norm 1. */
typedef struct xp_precisions {
  double prior, noise;
} xp_precisions;

/* y[count] and the precisions that maximise the evidence. */
xp_status xp_evidence_maximise(xp_regression *regression, xp_precisions *precisions, const xp_masked *masked, double *y,
                               const xp_regression_options *options, xp_error *error);

/* y[count], from the precisions of xp_evidence_maximise. */
xp_status xp_ard_maximise(xp_regression *regression, const xp_precisions *start, const xp_masked *masked, double *y,
                          const xp_regression_options *options, xp_error *error);

#endif
