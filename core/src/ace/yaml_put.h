/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values in flow style, as both writers of potentials print them. */
#ifndef XPOT_ACE_YAML_PUT_H
#define XPOT_ACE_YAML_PUT_H

#include <stdio.h>

#include "xpot/ace.h"

/* 17 significant digits give back every double. */
void xp_yaml_put_number(FILE *out, double value);
void xp_yaml_put_numbers(FILE *out, const double *values, int count);
void xp_yaml_put_ints(FILE *out, const int *values, int count);

/* A symbol on its own; some are quoted because other readers take a plain No, Y or N for a boolean. */
void xp_yaml_put_symbol(FILE *out, const char *symbol);

/* [nradmax][lmax+1][nradbasemax] as nested lists. */
void xp_yaml_put_coefficients(FILE *out, const xp_ace_bond *bond);

#endif
