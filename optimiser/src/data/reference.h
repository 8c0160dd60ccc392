/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Constants an atom between the energies of a potential and those of the data, e.g. of pseudopotentials. */
#ifndef XPOT_OPTIMISER_REFERENCE_H
#define XPOT_OPTIMISER_REFERENCE_H

#include "data/data.h"

/* The constant of each element of data->elements that, added to the predictions, makes the RMSE of the energy an atom
 * smallest (of minimum norm where the data do not tell elements apart). constants[data->nelements], eV. predicted NULL: predictions of
 * zero. */
xp_status xp_reference_fit(double *constants, const xp_data *data, xp_structure *const *predicted, xp_error *error);

/* Adds constants to the energies of predictions, constants[data->nelements], eV. */
void xp_reference_add(const double *constants, const xp_data *data, xp_structure **predicted);

#endif
