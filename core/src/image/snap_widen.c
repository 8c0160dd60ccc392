/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/snap_widen.h"

#include <stdlib.h>
#include <string.h>

/* A copy of count coefficients, NULL when there is no memory. */
static double *copy(const void *coefficients, size_t count, bool rounded) {
  double *to = malloc((count > 0 ? count : 1) * sizeof *to);
  if (!to) return NULL;
  if (count > 0 && !rounded) memcpy(to, coefficients, count * sizeof *to);
  for (size_t k = 0; k < count && rounded; ++k) to[k] = ((const float *)coefficients)[k];
  return to;
}

xp_status xp_snap_widen(xp_snap_wide_plan *wide, const xp_snap_plan *plan, xp_error *error) {
  const bool rounded = plan->precision == XP_PRECISION_MIXED;
  xp_snap_tables *t = &wide->tables;
  wide->plan = *plan;
  *t = *plan->tables;
  wide->plan.tables = t;
  t->same.coefficient = copy(t->same.coefficient, t->same.ncoefficients, rounded);
  t->mixed.coefficient = copy(t->mixed.coefficient, t->mixed.ncoefficients, rounded);
  t->moments.coefficients = copy(t->moments.coefficients, (size_t)t->moments.ncoefficients, rounded);
  return t->same.coefficient && t->mixed.coefficient && t->moments.coefficients
             ? XP_OK
             : xp_error_memory(error, "the coefficients of a SNAP image");
}

void xp_snap_wide_plan_clear(xp_snap_wide_plan *wide) {
  free(wide->tables.same.coefficient);
  free(wide->tables.mixed.coefficient);
  free(wide->tables.moments.coefficients);
}
