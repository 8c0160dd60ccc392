/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loss of an ACE fit over a set of structures, its gradient, and its Gauss-Newton factor.
 *
 *   L = (1 - kappa) sum_n w^E_n h(dE_n / N_n) + kappa sum_ni w^F_ni h(|dF_ni|) + v sum_n w^V_n |dW_n / N_n|^2
 *       + L1 sum |c| + L2 sum c^2 + w0 S_0 + w1 S_1 + w2 S_2
 *
 * with h(x) = x^2, or Huber's function. D. F. Thomas du Toit, thesis (Oxford 2025), equations 2.36 to 2.39; energies an atom
 * as in pacemaker (Bochkarev et al. 2022). |dW|^2 is the sum over xx yy zz xy xz yz.
 *
 * Structures are worked on by threads and by processes (parallel.h); sums are made of a number of parts that depends on the
 * data alone, in one order, so that results do not depend on how many threads there are. Losses and gradients do not depend on
 * the number of processes either; factors are the same to the last bit for 1, 2, 4, ... processes up to the number of factors
 * made at once, and to rounding for others. */
#ifndef XPOT_OPTIMISER_ACE_PROBLEM_H
#define XPOT_OPTIMISER_ACE_PROBLEM_H

#include "data/data.h"
#include "data/weights.h"
#include "fit/factor.h"
#include "report/report.h"
#include "xpot/ace_fit.h"

/* What multiplies what in the loss. */
typedef struct xp_ace_terms {
  double kappa, virial;
  double L1, L2;
  double smooth[3];
  double huber_energy, huber_force; /* eV/atom, eV/Angstrom; 0: squares */
} xp_ace_terms;

/* A loss and what it consists of, and plain errors. */
typedef struct xp_ace_loss {
  double total;
  double energy, force, virial; /* with their weights and shares */
  double coefficients, radial;  /* regularisation */
  double energy_rmse;           /* eV an atom, without weights; NaN without labels */
  double force_rmse;            /* eV/Angstrom, components */
} xp_ace_loss;

typedef struct xp_ace_problem xp_ace_problem;

/* What a problem is made of. fit, data and weights are borrowed. species of elements: positions in elements[nelements], the
 * order of fit's basis. */
typedef struct xp_ace_problem_request {
  const xp_ace_fit *fit;
  const xp_data *data;
  const xp_fit_weights *weights;
  const xp_symbol *elements;
  int nelements;
  int threads;
} xp_ace_problem_request;

xp_status xp_ace_problem_new(xp_ace_problem **problem, const xp_ace_problem_request *request, xp_error *error);

/* NULL is allowed. */
void xp_ace_problem_free(xp_ace_problem *problem);

xp_ace_fit_layout xp_ace_problem_layout(const xp_ace_problem *problem);

/* Loss at parameters; gradient [ntotal] (NULL: not wanted) is overwritten, radial false: that of radial coefficients is 0.
 * What other ranks find is added up. */
xp_status xp_ace_problem_loss(const xp_ace_problem *problem, const xp_ace_terms *terms, const double *parameters,
                              bool radial, xp_ace_loss *loss, double *gradient, xp_error *error);

typedef enum xp_ace_factor_method {
  XP_ACE_FACTOR_QR,    /* all digits */
  XP_ACE_FACTOR_NORMAL /* of the normal matrix: several times faster; directions of singular values below about 1e-6 of the
                          largest are lost */
} xp_ace_factor_method;

typedef struct xp_ace_factor_request {
  const xp_ace_terms *terms;
  const double *parameters; /* [ntotal] */
  const bool *active;       /* [ntotal - nradial] columns that are not zero; NULL: all */
  xp_ace_factor_method method;
  xp_report *report; /* may be NULL */
} xp_ace_factor_request;

/* Triangular factor of the weighted residuals' Jacobian by function coefficients and e0 (columns [ntotal - nradial]), the
 * last column minus the residuals: |R x - z|^2 is the quadratic model of the data part of the loss for a step x, and L2's
 * part is in it. L1, smoothness and Huber's weights are those at parameters. rows counts those of the data. */
xp_status xp_ace_problem_factor(const xp_ace_problem *problem, const xp_ace_factor_request *request, xp_factor *factor,
                                long *rows, xp_error *error);

/* Estimate of the diagonal of the Gauss-Newton Hessian by radial coefficients, curvature [nradial], from random signs. */
xp_status xp_ace_problem_curvature(const xp_ace_problem *problem, const xp_ace_terms *terms, const double *parameters,
                                   double *curvature, xp_error *error);

/* Bytes that structures and factor take for a set of this size, estimated. */
double xp_ace_problem_bytes(const xp_ace_fit *fit, const xp_data *data, int threads);

#endif
