/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The course of one ACE fit: steps of the ladder, in each the stages, in each stage cycles with a checkpoint behind each. */
#ifndef XPOT_OPTIMISER_ACE_RUN_H
#define XPOT_OPTIMISER_ACE_RUN_H

#include "ace/fitter.h"
#include "ace/state.h"
#include "report/folder.h"

typedef struct xp_ace_run {
  const xp_ace_fitter_request *request;
  const xp_data *data; /* fitted to: request->train or a part of it */
  xp_data *selected;   /* that part; owned */
  double *shortest;    /* [nelements][nelements] distances in that part; owned */
  const double *values;
  xp_ace_fit_settings settings;
  xp_ace_input input;
  xp_fit_weights weights, validate_weights;
  char fingerprint[65];
  char checkpoint[XP_FOLDER_PATH], curve[XP_FOLDER_PATH]; /* "": none is written */
  xp_ace_state state;
  bool resumed;                            /* state is of an earlier run and not used yet */
  double start;                            /* seconds, of this run */
  double references[XP_ACE_ELEMENTS_MOST]; /* energies of free atoms by the data, eV */
  /* The step in progress. */
  xp_ace_basis *basis;              /* owned */
  xp_ace_fit *fit;                  /* owned */
  xp_ace_problem *train, *validate; /* owned */
  int nfunctions;
  bool *fixed;  /* [nelements] e0; owned */
  bool *active; /* [ntotal - nradial]; owned */
  xp_ace_terms terms;
  xp_ace_loss latest;
  int todo, done; /* iterations of this stage, for the time left */
} xp_ace_run;

/* Runs, or goes on with, everything. result->basis is the potential. */
xp_status xp_ace_run_all(xp_ace_run *run, xp_ace_result *result, xp_error *error);

void xp_ace_run_clear(xp_ace_run *run);

#endif
