/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ZBL pair energies that an evaluation adds to those of a kernel. */
#ifndef XPOT_ZBL_H
#define XPOT_ZBL_H

#include "xpot/potential.h"

typedef struct xp_zbl xp_zbl;

/* For all pairs of elements; XP_ERROR_INPUT: a symbol without an atomic number. */
xp_status xp_zbl_new(xp_zbl **zbl, const char *const *elements, int nelements, double inner, double outer,
                     xp_error *error);

/* NULL is allowed. */
void xp_zbl_free(xp_zbl *zbl);

double xp_zbl_inner(const xp_zbl *zbl);
double xp_zbl_outer(const xp_zbl *zbl);

/* Adds half of each pair's energy to its centre, and the gradients of these halves. */
void xp_zbl_add(const xp_zbl *zbl, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out);

#endif
