/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE written straight from the formulas, one atom, one neighbour and one tuple after the other: no stored tables, no
 * shared products, no half basis. Radial functions are interpolated in the file's bins as pair_style pace does it. Slow on
 * purpose; what the kernels are compared with. */
#ifndef XPOT_ACE_REFERENCE_H
#define XPOT_ACE_REFERENCE_H

#include <complex.h>

#include "xpot/ace.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

/* Semantics of xp_evaluate for a plan of these elements. */
xp_status xp_reference_ace(const xp_ace_model *model, const char *const *elements, int nelements,
                           const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out, xp_error *error);

/* The parts, for tests that compare them with printed values. Species are the model's. */

/* g_k(r) and derivatives, inner cutoff included; g and dg have room for nradbasemax numbers. */
void xp_reference_ace_radial(const xp_ace_model *model, int i, int j, double r, double *g, double *dg);

/* Core repulsion V(r) and derivative. */
void xp_reference_ace_core(const xp_ace_model *model, int i, int j, double r, double *v, double *dv);

/* sqrt(4 pi) Y_lm and r times its gradient for any -l <= m <= l; u is a unit vector. */
double complex xp_reference_ace_harmonic(int l, int m, const double u[3], double complex gradient[3]);

/* F(rho; m) and derivative. */
void xp_reference_ace_embedding(xp_ace_embedding_type type, double rho, double m, double *f, double *df);

/* The polynomial switch f(t; b, width) and derivative. */
void xp_reference_ace_switch(double t, double b, double width, double *f, double *df);

#endif
