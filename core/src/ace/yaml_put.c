/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/yaml_put.h"

#include <stdbool.h>
#include <string.h>

void xp_yaml_put_number(FILE *out, double value) {
  fprintf(out, "%.17g", value);
}

void xp_yaml_put_numbers(FILE *out, const double *values, int count) {
  fputc('[', out);
  for (int i = 0; i < count; ++i) {
    if (i) fputs(", ", out);
    xp_yaml_put_number(out, values[i]);
  }
  fputc(']', out);
}

void xp_yaml_put_ints(FILE *out, const int *values, int count) {
  fputc('[', out);
  for (int i = 0; i < count; ++i) fprintf(out, i ? ", %d" : "%d", values[i]);
  fputc(']', out);
}

void xp_yaml_put_symbol(FILE *out, const char *symbol) {
  bool boolean = strcmp(symbol, "No") == 0 || strcmp(symbol, "Y") == 0 || strcmp(symbol, "N") == 0;
  fprintf(out, boolean ? "\"%s\"" : "%s", symbol);
}

void xp_yaml_put_coefficients(FILE *out, const xp_ace_bond *bond) {
  const double *row = bond->radcoefficients;
  fputc('[', out);
  for (int n = 0; n < bond->nradmax; ++n) {
    fputs(n ? ", [" : "[", out);
    for (int l = 0; l <= bond->lmax; ++l, row += bond->nradbasemax) {
      if (l) fputs(", ", out);
      xp_yaml_put_numbers(out, row, bond->nradbasemax);
    }
    fputc(']', out);
  }
  fputc(']', out);
}
