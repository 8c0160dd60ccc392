/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cycle of a non-linear fit: damped Gauss-Newton steps of the function coefficients, whose factor then makes the loss
 * round for L-BFGS over all parameters. A cycle depends on the parameters it begins with and on nothing else: what was
 * written at its end is all that going on needs. */
#ifndef XPOT_OPTIMISER_ACE_MINIMISE_H
#define XPOT_OPTIMISER_ACE_MINIMISE_H

#include "ace/problem.h"

/* After each iteration; parameters [ntotal]. May set stop. */
typedef xp_status xp_ace_watch(void *user, const xp_ace_loss *loss, const double *parameters, bool *stop,
                               xp_error *error);

typedef struct xp_ace_cycle {
  const xp_ace_problem *problem;
  const xp_ace_terms *terms;
  const bool *active; /* [ntotal - nradial] columns that may change */
  bool radial;        /* radial coefficients are trained, too */
  bool descent;       /* L-BFGS after the Gauss-Newton steps */
  int steps;          /* Gauss-Newton steps, at most */
  int iterations;     /* of both, at most */
  xp_ace_watch *watch;
  void *user;
  xp_report *report;
} xp_ace_cycle;

/* How a cycle ended. */
typedef struct xp_ace_cycle_end {
  int iterations; /* done */
  bool converged; /* nothing better is to be found */
  bool stopped;   /* by watch */
} xp_ace_cycle_end;

xp_status xp_ace_cycle_run(const xp_ace_cycle *cycle, double *parameters, xp_ace_cycle_end *end, xp_error *error);

#endif
