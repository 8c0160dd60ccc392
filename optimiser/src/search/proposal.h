/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The next point of a search: a function of its arguments and of nothing else. */
#ifndef XPOT_OPTIMISER_PROPOSAL_H
#define XPOT_OPTIMISER_PROPOSAL_H

#include <stdint.h>

#include "search/acquisition.h"
#include "search/design.h"
#include "search/gp.h"
#include "search/history.h"

/* What decides the trials, besides the space. Start from xp_proposal_settings_default. */
typedef struct xp_proposal_settings {
  int initial; /* points of the design; > 0 */
  xp_design_kind design;
  uint64_t seed; /* at most 2^53 */
  xp_kernel kernel;
  xp_acquisition acquisition;
  double xi;            /* improvement that every other trial asks for, in standard deviations of the losses; >= 0 */
  double kappa;         /* standard deviations below the mean, of lcb; >= 0 */
  bool second;          /* two objectives: loss and second */
  int nlimits;          /* metrics that must stay within a limit */
  const double *starts; /* [nstarts][ndims] values of points to try before the design; borrowed */
  int nstarts;
  bool fidelity; /* trials may have fidelities below 1 */
} xp_proposal_settings;

/* Seed 42, xi 0.1, kappa 1.96, the first of each kind, twice as many initial points as dimensions and two more. */
xp_proposal_settings xp_proposal_settings_default(const xp_space *space);

/* One sentence for what is wrong with settings. */
xp_status xp_proposal_settings_check(const xp_proposal_settings *settings, xp_error *error);

/* The settings as a JSON object in one line, always the same text for the same settings, for the header of a journal.
 * Caller frees. */
xp_status xp_proposal_settings_text(const xp_proposal_settings *settings, const xp_space *space, char **text,
                                    xp_error *error);

/* Writes the point of the next trial, one that is not in history, to values; *exhausted: there is none. */
xp_status xp_proposal_make(const xp_proposal_settings *settings, const xp_history *history, double *values,
                           bool *exhausted, xp_error *error);

#endif
