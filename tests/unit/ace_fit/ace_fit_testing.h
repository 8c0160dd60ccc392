/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Problems of ACE fits: a random basis, structures of which some lack labels, and random weights. */
#ifndef XPOT_ACE_FIT_TESTING_H
#define XPOT_ACE_FIT_TESTING_H

#include "ace/problem.h"
#include "training_testing.h"
#include "xpot/potential.h"

typedef struct fit_case {
  training_options options;
  xp_ace_basis *basis;
  xp_ace_fit *fit;
  xp_ace_fit_layout layout;
  double *parameters; /* [ntotal] */
  int nstructures, natoms;
  xp_data data;           /* its set is owned */
  xp_fit_weights weights; /* owned */
  xp_ace_problem *problem;
} fit_case;

/* Structures of 4 to 6 atoms, one in five of them a crystal; their labels are predictions with noise. Of any four in a row
 * one has all labels, one an energy only, one forces only, one no energy. */
void fit_case_open(fit_case *c, const training_options *options, int nstructures, int threads);
void fit_case_close(fit_case *c);

/* The same problem for another number of threads. */
void fit_case_renew(fit_case *c, int threads);

/* What the potential of the parameters, written and read as every potential is, says of each structure; free with
 * fit_predictions_free. */
xp_structure **fit_predictions(const fit_case *c);
void fit_predictions_free(const fit_case *c, xp_structure **predicted);

/* Thresholds of Huber's function among the errors, as far from each of them as can be. */
void fit_thresholds(const fit_case *c, double *energy, double *force);

/* Every term of the loss. */
xp_ace_terms fit_all_terms(const fit_case *c);

#endif
