/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "basis/basis.h"

static int smallest(int a, int b) {
  return a < b ? a : b;
}

static void adopt_radial(xp_ace_bond *bond, const xp_ace_bond *earlier) {
  int nk = smallest(bond->nradbasemax, earlier->nradbasemax);
  for (int n = 0; n < smallest(bond->nradmax, earlier->nradmax); ++n)
    for (int l = 0; l <= smallest(bond->lmax, earlier->lmax); ++l) {
      double *to = bond->radcoefficients + (n * (bond->lmax + 1) + l) * bond->nradbasemax;
      const double *from = earlier->radcoefficients + (n * (earlier->lmax + 1) + l) * earlier->nradbasemax;
      memcpy(to, from, (size_t)nk * sizeof *to);
    }
}

/* Both lists are in order, so one pass finds what they share. */
static int adopt_functions(xp_ace_basis *basis, const xp_ace_basis *earlier, int i) {
  int count = 0, f = 0, g = 0;
  size_t size = (size_t)basis->embeddings[i].ndensity * sizeof(double);
  while (f < basis->nfunctions[i] && g < earlier->nfunctions[i]) {
    xp_ace_bfunction *to = &basis->functions[i][f];
    const xp_ace_bfunction *from = &earlier->functions[i][g];
    int order = xp_ace_bfunction_compare(to, from);
    if (order == 0) {
      memcpy(to->coefficients, from->coefficients, size);
      ++count;
    }
    f += order <= 0;
    g += order >= 0;
  }
  return count;
}

static xp_status check_alike(const xp_ace_basis *basis, const xp_ace_basis *earlier, xp_error *error) {
  bool alike = basis->nelements == earlier->nelements;
  for (int i = 0; i < basis->nelements && alike; ++i) alike = strcmp(basis->elements[i], earlier->elements[i]) == 0;
  if (!alike)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "the earlier potential has other elements; its coefficients cannot be taken over");
  for (int i = 0; i < basis->nelements; ++i)
    if (basis->embeddings[i].ndensity != earlier->embeddings[i].ndensity)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "the earlier potential has ndensity %d for %s, expected %d; its coefficients cannot be taken "
                          "over",
                          earlier->embeddings[i].ndensity, basis->elements[i], basis->embeddings[i].ndensity);
  return XP_OK;
}

xp_status xp_ace_basis_adopt(xp_ace_basis *basis, const xp_ace_basis *earlier, int *adopted, xp_error *error) {
  *adopted = 0;
  xp_status status = check_alike(basis, earlier, error);
  if (status != XP_OK) return status;
  int n = basis->nelements;
  for (int pair = 0; pair < n * n; ++pair) adopt_radial(&basis->bonds[pair], &earlier->bonds[pair]);
  for (int i = 0; i < n; ++i) {
    basis->e0[i] = earlier->e0[i];
    *adopted += adopt_functions(basis, earlier, i);
  }
  return XP_OK;
}
