/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/recursion.h"

#include <math.h>
#include <stdlib.h>

xp_status xp_ace_recursion_build(xp_reals *recursion, int lmax, xp_precision precision, xp_error *error) {
  size_t size = (size_t)(lmax + 1) * (size_t)(lmax + 2) / 2;
  double *rows = calloc(2 * size + 1, sizeof *rows), *row = rows;
  if (!rows) return xp_error_memory(error, "an ACE plan");
  for (int l = 0; l <= lmax; ++l)
    for (int m = 0; m <= l; ++m, row += 2) {
      double ll = (double)l * l, mm = (double)m * m, before = (l - 1.0) * (l - 1.0);
      if (l == m) {
        row[0] = m ? -sqrt(1.0 + 0.5 / m) : 1.0;
        if (m == 1) row[0] *= sqrt(2.0); /* the diagonal of m is that of m-1 times this */
        continue;
      }
      row[0] = sqrt((4.0 * ll - 1.0) / (ll - mm));
      row[1] = -sqrt((before - mm) / (4.0 * before - 1.0));
      if (l == m + 1) row[1] = 0.0;
    }
  xp_status status = xp_reals_new(recursion, rows, 2 * size, precision, error);
  free(rows);
  return status;
}
