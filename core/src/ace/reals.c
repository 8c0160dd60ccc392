/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/reals.h"

#include <stdlib.h>
#include <string.h>

xp_status xp_reals_new(xp_reals *reals, const double *numbers, size_t count, xp_precision precision, xp_error *error) {
  *reals = (xp_reals){.count = count, .size = xp_real_size(precision)};
  reals->data = malloc((count + 1) * reals->size);
  if (!reals->data) return xp_error_memory(error, "coefficients of a potential");
  if (precision == XP_PRECISION_DOUBLE) {
    if (count > 0) memcpy(reals->data, numbers, count * sizeof *numbers);
  } else {
    for (size_t k = 0; k < count; ++k) ((float *)reals->data)[k] = (float)numbers[k];
  }
  return XP_OK;
}

void xp_reals_clear(xp_reals *reals) {
  free(reals->data);
  *reals = (xp_reals){0};
}
