/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the functions of a file to coupled tensors. */
#ifndef XPOT_ACE_BUILDER_H
#define XPOT_ACE_BUILDER_H

#include <stdbool.h>

#include "ace/assembly.h"
#include "xpot/ace.h"

/* A function of rank >= 2 and the base nodes its factors are. */
typedef struct xp_ace_request {
  const xp_ace_function *function;
  const int *nodes; /* [rank] */
} xp_ace_request;

/* Recovers the coupled form of all functions that have one; taken[f] says of which. Those that are not invariant under
 * rotations, or too large, are left to plain products. */
xp_status xp_ace_coupled_build(xp_ace_coupled *coupled, const xp_ace_base *base, const xp_ace_request *requests,
                               int nrequests, int ndensity, xp_precision precision, bool *taken, xp_error *error);

#endif
