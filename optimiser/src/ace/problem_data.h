/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a problem, for the files that work on it. */
#ifndef XPOT_OPTIMISER_ACE_PROBLEM_DATA_H
#define XPOT_OPTIMISER_ACE_PROBLEM_DATA_H

#include "ace/problem.h"

/* Parts whose sums are added in order: enough for many threads and processes. */
enum { XP_ACE_PARTS = 64 };

struct xp_ace_problem {
  const xp_ace_fit *fit;
  xp_ace_fit_layout layout;
  const xp_data *data;
  const xp_fit_weights *weights;
  int threads;
  int nstructures, nparts;
  int *part_first;                   /* [nparts + 1] structures; owned */
  xp_ace_fit_structure **structures; /* [nstructures] NULL for those of other processes; owned */
};

/* Whether this process works on a part. */
bool xp_ace_problem_mine(int part, int nparts);

/* How many factors of so many columns are made at once: as memory allows. */
int xp_ace_factor_parts(int columns);

/* Huber's function h(x) and h'(x)/(2x) for |x| and a threshold, 0: x^2. */
double xp_ace_huber(double x, double threshold, double *slope);

#endif
