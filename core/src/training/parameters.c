/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "training/training.h"

static size_t radial_bytes(const xp_ace_bond *bond) {
  return (size_t)bond->nradmax * (size_t)(bond->lmax + 1) * (size_t)bond->nradbasemax * sizeof(double);
}

void xp_ace_fit_get(const xp_ace_fit *fit, const xp_ace_basis *basis, double *parameters) {
  int n = fit->nelements;
  for (int i = 0; i < n; ++i)
    for (int j = i; j < n; ++j) {
      const xp_ace_bond *bond = &basis->bonds[i * n + j];
      memcpy(parameters + fit->radial_first[i * n + j], bond->radcoefficients, radial_bytes(bond));
    }
  for (int i = 0; i < n; ++i) {
    int ndensity = fit->centres[i].rule.ndensity;
    double *to = parameters + fit->centres[i].first;
    for (int f = 0; f < basis->nfunctions[i]; ++f, to += ndensity)
      memcpy(to, basis->functions[i][f].coefficients, (size_t)ndensity * sizeof *to);
  }
  memcpy(parameters + fit->layout.ntotal - n, basis->e0, (size_t)n * sizeof *basis->e0);
}

void xp_ace_fit_put(const xp_ace_fit *fit, const double *parameters, xp_ace_basis *basis) {
  int n = fit->nelements;
  for (int p = 0; p < n * n; ++p)
    memcpy(basis->bonds[p].radcoefficients, parameters + fit->radial_first[p], radial_bytes(&basis->bonds[p]));
  for (int i = 0; i < n; ++i) {
    int ndensity = fit->centres[i].rule.ndensity;
    const double *from = parameters + fit->centres[i].first;
    for (int f = 0; f < basis->nfunctions[i]; ++f, from += ndensity)
      memcpy(basis->functions[i][f].coefficients, from, (size_t)ndensity * sizeof *from);
  }
  memcpy(basis->e0, parameters + fit->layout.ntotal - n, (size_t)n * sizeof *basis->e0);
}
