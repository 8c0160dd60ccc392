/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A portfolio of acquisitions (GP-Hedge; Hoffman, Brochu, de Freitas 2011): each is credited with the means that the model
 * of the next trial gives to what it would have proposed. All that is found again from the trials alone: with the parameters
 * of today's model, those of earlier days are its leading blocks. */
#ifndef XPOT_OPTIMISER_HEDGE_H
#define XPOT_OPTIMISER_HEDGE_H

#include "search/acquisition.h"
#include "search/gp.h"
#include "search/random.h"

enum { XP_HEDGE_MEMBERS = 3 };

/* In the order of scikit-optimize. */
extern const xp_acquisition xp_hedge_members[XP_HEDGE_MEMBERS];

/* Gains, in standard deviations of the losses, of the proposals from trial initial on, each the best of coords[count]. */
xp_status xp_hedge_gains(xp_gp *gp, int initial, double xi, double kappa, int count, const double *coords,
                         double gains[XP_HEDGE_MEMBERS], xp_error *error);

/* Draws a member with a probability proportional to exp(gain). */
xp_acquisition xp_hedge_draw(const double gains[XP_HEDGE_MEMBERS], xp_random random);

#endif
