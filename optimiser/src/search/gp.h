/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gaussian process with a Matern 5/2 kernel, one length a dimension, prior mean 0:
 *   k(x,x') = c (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r) + s2 [same observation],   r^2 = sum_d (x_d - x'_d)^2 / l_d^2
 * where a nominal dimension (a choice) counts 0 when equal and 1 when not.
 * Parameters are logarithms, theta = (ln c, ln s2, ln l_1, ..., ln l_ndims). */
#ifndef XPOT_OPTIMISER_GP_H
#define XPOT_OPTIMISER_GP_H

#include <stdbool.h>

#include "xpot/error.h"

typedef struct xp_gp xp_gp;

/* Data: coords[npoints][ndims], nominal[ndims], targets[npoints] of mean 0 and standard deviation about 1; copied. */
xp_status xp_gp_new(xp_gp **gp, int npoints, int ndims, const double *coords, const bool *nominal,
                    const double *targets, xp_error *error);

/* NULL is allowed. */
void xp_gp_free(xp_gp *gp);

/* Entries of theta: ndims + 2. */
int xp_gp_count_parameters(const xp_gp *gp);

/* Factorises the covariance matrix for theta; predictions refer to it. */
xp_status xp_gp_condition(xp_gp *gp, const double *theta, xp_error *error);

/* Conditions on theta and gives the log marginal likelihood, its gradient too unless NULL. */
xp_status xp_gp_likelihood(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error);

/* Likelihood times prior, as logarithm; README.md has the priors. */
xp_status xp_gp_posterior(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error);

/* Finds the theta of the largest posterior within bounds and conditions on it. theta[xp_gp_count_parameters] may be NULL. */
xp_status xp_gp_fit(xp_gp *gp, double *theta, xp_error *error);

/* Mean and standard deviation (> 0, without the noise s2) at coords[ndims]; their gradients, zero in nominal dimensions,
 * unless NULL. */
void xp_gp_predict(xp_gp *gp, const double *coords, double *mean, double *deviation, double *mean_gradient,
                   double *deviation_gradient);

/* The mean alone, for many points that share coordinates: xp_gp_add_squares adds what one coordinate of a point contributes to
 * its squared distances r^2 from all data, squares[npoints]; xp_gp_mean makes the mean of the sums over all dimensions. They
 * change nothing in gp: threads may share it. */
void xp_gp_add_squares(const xp_gp *gp, int dim, double coord, double *squares);
double xp_gp_mean(const xp_gp *gp, const double *squares);

#endif
