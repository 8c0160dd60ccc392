/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the input says of points of the search space: constraints, and points to start from. */
#ifndef XPOT_OPTIMISER_STARTS_H
#define XPOT_OPTIMISER_STARTS_H

#include "config/value.h"

/* Adds the "constraints" of the input to the space. */
xp_status xp_constraints_parse(const xp_reader *reader, xp_error *error);

/* Reads "starts": *starts[*nstarts][xp_space_count], owned by the caller; ranges that a start does not name are in their
 * middle. The space must be finished. */
xp_status xp_starts_parse(const xp_reader *reader, double **starts, int *nstarts, xp_error *error);

#endif
