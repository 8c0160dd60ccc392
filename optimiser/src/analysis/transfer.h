/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an earlier search found, as points of another one's space: the same model of other data, other elements, other
 * ranges. */
#ifndef XPOT_OPTIMISER_TRANSFER_H
#define XPOT_OPTIMISER_TRANSFER_H

#include "report/report.h"
#include "space/space.h"
#include "xpot/error.h"

/* The counterpart of a dimension is the one of the same name; or else the one of the same section and option that is said of
 * all elements, groups or blocks (bonds.ALL.rcut for bonds.Te.rcut), or that is the only one (bonds.Te.rcut for
 * bonds.ALL.rcut). Index in from, -1 when there is none. */
int xp_transfer_counterpart(const xp_space *from, const char *name);

/* The value of a dimension of one space in that of another: numbers end in its range, choices are found by their text and, where
 * that is a number, by the nearest. False when neither can be. */
bool xp_transfer_value(const xp_range *from, double value, const xp_range *to, double *converted);

/* Reads the journal source (or that in the folder source) and maps the best trials, at most wanted, all different, to space:
 * points[npoints][xp_space_count], best first; caller frees. Dimensions without a counterpart stay in the middle of their
 * range, and a message says which. An error when no trial succeeded or no dimension has a counterpart. report may be NULL. */
xp_status xp_transfer_read(const char *source, int wanted, const xp_space *space, double **points, int *npoints,
                           xp_report *report, xp_error *error);

#endif
