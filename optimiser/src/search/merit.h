/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the model: from predictions of all outputs to the merit of a point. */
#ifndef XPOT_OPTIMISER_MERIT_H
#define XPOT_OPTIMISER_MERIT_H

#include "search/model.h"

/* means and deviations [noutputs]; by_means and by_deviations [noutputs] receive the derivatives, both may be NULL. */
double xp_merit_value(const xp_model *model, const double *means, const double *deviations, double *by_means,
                      double *by_deviations);

#endif
