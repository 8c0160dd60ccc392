/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the trials so far say about points not tried: a Gaussian process for each objective and each limited metric, and the
 * merit of a point that follows from their predictions. README.md has the equations. */
#ifndef XPOT_OPTIMISER_MODEL_H
#define XPOT_OPTIMISER_MODEL_H

#include "search/gp.h"
#include "search/history.h"
#include "search/pareto.h"
#include "search/proposal.h"

/* Read freely. Outputs: the loss, the second objective where there is one, then the limited metrics that are known of at
 * least two trials. */
typedef struct xp_model {
  const xp_history *history; /* borrowed */
  int ndims, width; /* coordinates of a point; with the one of its fidelity, which is 0 for a full evaluation */
  xp_kernel kernel;
  int design; /* first trials, which no model chose */
  int nobjectives, noutputs;
  xp_gp **processes; /* [noutputs] on the trials that count, in their order; owned, as the following */
  double *fitted;  /* [noutputs][history->count] means at all trials, pending ones too; NaN where not in the process */
  double *bounds;  /* [noutputs] of the limited metrics, in the units of their processes */
  bool *feasible;  /* [history->count] candidates for the best: full fidelity, all limits hold */
  double best;     /* smallest mean of the loss of a feasible trial; INFINITY: there is none */
  xp_pareto front; /* of the feasible trials' means; no points without a second objective */
  xp_acquisition acquisition;
  double xi; /* 0 for every other trial: one climbs down where it is, the next asks for more than that */
  double kappa;
  double *coords;     /* [width] workspace, as the following */
  double *work;       /* [4 noutputs + 2 width] */
  double *front_work; /* [2 history->count] */
} xp_model;

/* True when there is enough to fit a model to: one success. */
bool xp_model_possible(const xp_history *history);

/* Fits. acquisition must not be XP_ACQUISITION_HEDGE afterwards: xp_hedge_choose. */
xp_status xp_model_new(xp_model **model, const xp_proposal_settings *settings, const xp_history *history,
                       xp_error *error);

/* NULL is allowed. */
void xp_model_free(xp_model *model);

/* Merit of a point to be tried, larger is better; its gradient by coords[ndims], zero in choices, unless NULL. */
double xp_model_merit(xp_model *model, const double *coords, double *gradient);

/* The same of coords[count][ndims]. */
xp_status xp_model_merits(xp_model *model, int count, const double *coords, double *merits, xp_error *error);

/* coords[count][ndims] with the fidelity of a full evaluation behind each point, [count][width], for a process; NULL: out of
 * memory. Caller frees. */
double *xp_model_widen(const xp_model *model, int count, const double *coords);

/* keys[history->count]: the smaller, the more promising is what lies around this trial; NaN: failed or pending. */
void xp_model_rank(const xp_model *model, double *keys);

#endif
