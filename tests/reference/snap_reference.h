/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP straight from its formulas, slowly: full sums over matrices, derivatives by differentiating the recursion, the
 * adjoint by the product rule. Shares nothing with the library but the model. */
#ifndef XPOT_SNAP_REFERENCE_H
#define XPOT_SNAP_REFERENCE_H

#include "xpot/potential.h"
#include "xpot/snap.h"

/* As xp_evaluate for a plan of these elements. */
xp_status xp_reference_snap(const xp_snap_model *model, const char *const *elements, int nelements,
                            const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out, xp_error *error);

/* B of every centre [natoms][K'], dimensionless, bzeroflag applied. */
xp_status xp_reference_snap_bispectrum(const xp_snap_model *model, const char *const *elements, int nelements,
                                       const xp_neighbourhoods *neighbourhoods, double *bispectrum, xp_error *error);

#endif
