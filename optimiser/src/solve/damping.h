/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damped Gauss-Newton (Levenberg-Marquardt) steps. K. Madsen, H. B. Nielsen, O. Tingleff, Methods for non-linear least
 * squares problems, 2nd ed. (Technical University of Denmark, 2004). */
#ifndef XPOT_OPTIMISER_DAMPING_H
#define XPOT_OPTIMISER_DAMPING_H

#include <stdbool.h>

#include "fit/factor.h"

/* step[n] that minimises |R x + z|^2 + lambda |D x|^2 for the factor [R | z] of Jacobian and residuals, finished, and D =
 * diag(scales[n]), lambda >= 0, scales > 0. predicted: |z|^2 - |R x + z|^2, without cancellation. XP_ERROR_NUMERIC when
 * the damped matrix is singular. */
xp_status xp_damped_step(double *step, double *predicted, const xp_factor *factor, double lambda, const double *scales,
                         xp_error *error);

typedef struct xp_damping {
  double lambda, growth;
} xp_damping;

/* growth begins at 2. */
xp_damping xp_damping_start(double lambda);

/* Nielsen's rule, from the decrease of |residuals|^2 that a step gave and the one predicted: true when the step is to be
 * taken, with less damping for the next one; false when it is to be tried again with more. */
bool xp_damping_update(xp_damping *damping, double decrease, double predicted);

#endif
