/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file of the conformance set with its potential. */
#ifndef XPOT_CONFORMANCE_SUITE_H
#define XPOT_CONFORMANCE_SUITE_H

#include "testing/testing.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"

enum { EXIT_SKIP = 77, MAX_ELEMENTS = 8 };

typedef struct suite {
  const char *name;
  xp_potential *potential;
  xp_plan *plan; /* in double precision */
  xp_dataset *frames;
  const char *elements[MAX_ELEMENTS];
  int nelements;
} suite;

/* Reads NAME.xyz and the potential; the two lists, separated by commas, are split in place. EXIT_SUCCESS, EXIT_SKIP when
 * the reference data are absent, or EXIT_FAILURE. */
int suite_load(suite *s, char *potentials, char *elements);
void suite_clear(suite *s);

#endif
