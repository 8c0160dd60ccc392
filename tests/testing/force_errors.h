/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How errors of force components are distributed. */
#ifndef XPOT_TESTING_FORCE_ERRORS_H
#define XPOT_TESTING_FORCE_ERRORS_H

#include <stddef.h>

/* eV/Angstrom, all of absolute values. */
typedef struct xp_force_errors {
  double rms, median, percentile_99, largest;
} xp_force_errors;

/* count > 0 errors, which are put in order. */
xp_force_errors xp_force_errors_of(double *errors, size_t count);

#endif
