/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions that an input gives as text, over named numbers: "bonds.ALL.dcut < 0.2 * bonds.ALL.rcut".
 *
 * Numbers have a decimal point whatever the locale. Operators: + - * / ^, comparisons, && and || (1 or 0), c ? a : b.
 * Functions: sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp ln log (both natural) log2 log10 sqrt abs
 * sign rint, and of any number of arguments min max sum avg. Constants: _pi, _e. A name is letters, digits, _ and points,
 * maybe with an index, fit.kappa[0]; any other name is written in braces, {weights.AIMD-NVT.eweight}. */
#ifndef XPOT_OPTIMISER_EXPRESSION_H
#define XPOT_OPTIMISER_EXPRESSION_H

#include <stdbool.h>

#include "xpot/error.h"

typedef struct xp_expression xp_expression;

/* Reads an expression over names[nnames]. Errors begin with place and say which character of the text is wrong. */
xp_status xp_expression_new(xp_expression **expression, const char *text, const char *const *names, int nnames,
                            xp_place place, xp_error *error);

/* Its value with values[nnames] for the names; NaN where it is undefined or not finite. One thread at a time. */
double xp_expression_value(xp_expression *expression, const double *values);

/* True when the name of that index occurs in it. */
bool xp_expression_uses(const xp_expression *expression, int name);

/* NULL is allowed. */
void xp_expression_free(xp_expression *expression);

#endif
