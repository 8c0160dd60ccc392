/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coefficients of the recursion for the polynomials Q_lm of spherical harmonics (ace.md section 2). */
#ifndef XPOT_ACE_RECURSION_H
#define XPOT_ACE_RECURSION_H

#include "ace/reals.h"
#include "xpot/error.h"

/* [(lmax+1)(lmax+2)/2][2] a_lm, b_lm, for l = m only a; those of m > 0 get the factor sqrt2 of real components. */
xp_status xp_ace_recursion_build(xp_reals *recursion, int lmax, xp_precision precision, xp_error *error);

#endif
