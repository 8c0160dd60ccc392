/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gaussian process with a Matern kernel, one length a dimension, mean 0 or constant:
 *   k(x,x') = c M(r) + s2 [same observation],   r^2 = sum_d (x_d - x'_d)^2 / l_d^2
 *   M(r) = exp(-r), (1 + sqrt3 r) exp(-sqrt3 r) or (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r)
 * where a nominal dimension (a choice) counts 0 when equal and 1 when not.
 * Parameters are logarithms, theta = (ln c, ln s2, ln l_1, ..., ln l_ndims). */
#ifndef XPOT_OPTIMISER_GP_H
#define XPOT_OPTIMISER_GP_H

#include <stdbool.h>

#include "xpot/error.h"

/* In the order of the words of the input. */
typedef enum xp_kernel { XP_KERNEL_MATERN52, XP_KERNEL_MATERN32, XP_KERNEL_MATERN12 } xp_kernel;

typedef struct xp_gp xp_gp;

/* Data: coords[npoints][ndims], nominal[ndims], targets[npoints] of mean 0 and standard deviation about 1; copied. */
xp_status xp_gp_new(xp_gp **gp, xp_kernel kernel, int npoints, int ndims, const double *coords, const bool *nominal,
                    const double *targets, xp_error *error);

/* NULL is allowed. */
void xp_gp_free(xp_gp *gp);

/* From the next condition on, the mean is a constant with a normal prior of mean 0 and this deviation (> 0), and takes its most
 * likely value for each theta; without this call it is 0. */
void xp_gp_set_mean_deviation(xp_gp *gp, double deviation);

int xp_gp_count_points(const xp_gp *gp);

/* Entries of theta: ndims + 2. */
int xp_gp_count_parameters(const xp_gp *gp);

/* A new process of the same kind on the points indices[count] of this one. */
xp_status xp_gp_select(const xp_gp *gp, int count, const int *indices, xp_gp **selected, xp_error *error);

/* Factorises the covariance matrix for theta; all below refers to it. */
xp_status xp_gp_condition(xp_gp *gp, const double *theta, xp_error *error);

/* Conditions on theta and gives the log marginal likelihood, its gradient too unless NULL; with a free mean at its most
 * likely value, its prior included. */
xp_status xp_gp_likelihood(xp_gp *gp, const double *theta, double *value, double *gradient, xp_error *error);

/* Mean and standard deviation (> 0, without the noise s2) at coords[ndims]; their gradients, zero in nominal dimensions,
 * unless NULL. */
void xp_gp_predict(xp_gp *gp, const double *coords, double *mean, double *deviation, double *mean_gradient,
                   double *deviation_gradient);

/* The mean alone, for many points that share coordinates: xp_gp_add_squares adds what one coordinate of a point contributes to
 * its squared distances r^2 from all data, squares[npoints]; xp_gp_mean makes the mean of the sums over all dimensions. They
 * change nothing in gp: threads may share it. */
void xp_gp_add_squares(const xp_gp *gp, int dim, double coord, double *squares);
double xp_gp_mean(const xp_gp *gp, const double *squares);

/* The same at coords[count][ndims], many at a time. */
xp_status xp_gp_predict_many(xp_gp *gp, int count, const double *coords, double *means, double *deviations,
                             xp_error *error);

/* means[npoints] at the process's own points. */
void xp_gp_fitted(const xp_gp *gp, double *means);

/* With K = L L^T: rows[count][npoints], each L^-1 k(coords_i, points), whose first j entries belong to the process on the
 * first j points: its mean, less the constant one, is their product with the first j of xp_gp_whitened, its variance c less their
 * squares. xp_gp_targets are less the constant mean, too. */
void xp_gp_whiten(xp_gp *gp, int count, const double *coords, double *rows);
const double *xp_gp_whitened(const xp_gp *gp);
const double *xp_gp_targets(const xp_gp *gp);
double xp_gp_amplitude(const xp_gp *gp);

/* A prior is normal in a parameter's logarithm (deviation INFINITY: flat); the parameter stays within bounds. */
typedef struct xp_gp_prior {
  double centre, deviation, low, high;
} xp_gp_prior;

typedef struct xp_gp_priors {
  xp_gp_prior amplitude, noise, length;
} xp_gp_priors;

/* README.md says why these. */
xp_gp_priors xp_gp_priors_default(int ndims);

/* Likelihood times prior, as logarithm. */
xp_status xp_gp_posterior(xp_gp *gp, const xp_gp_priors *priors, const double *theta, double *value, double *gradient,
                          xp_error *error);

/* Finds the theta of the largest posterior within bounds and conditions on it. theta[xp_gp_count_parameters] may be NULL. */
xp_status xp_gp_fit(xp_gp *gp, const xp_gp_priors *priors, double *theta, xp_error *error);

#endif
