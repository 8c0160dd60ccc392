/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that analysis makes of a search, in one place for those who write it down. */
#ifndef XPOT_OPTIMISER_FINDINGS_H
#define XPOT_OPTIMISER_FINDINGS_H

#include "analysis/dependence.h"
#include "analysis/importance.h"

/* All owned but past and second. */
typedef struct xp_findings {
  const xp_past *past;
  const char *second;         /* metric of the second objective; NULL: none */
  int *front, nfront;         /* numbers of the trials on the Pareto front; none without a second objective */
  bool modelled;              /* there were enough successes for what follows */
  xp_importance *importances; /* [xp_space_count] */
  int *order;                 /* [xp_space_count] dimensions by falling importance */
  int shown;                  /* of them, the first so many have what follows */
  xp_grid *grids;             /* [shown] */
  double **curves;            /* [shown][grid->count] expected losses */
  double **
      pairs; /* [shown * shown]: row * shown + column, row > column, is [grids[column].count][grids[row].count]; else NULL */
} xp_findings;

/* shown: at most so many dimensions get curves and maps. */
xp_status xp_findings_make(xp_findings *findings, const xp_past *past, const char *second, int shown, xp_error *error);

/* Frees the members. */
void xp_findings_clear(xp_findings *findings);

#endif
