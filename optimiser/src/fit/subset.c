/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/subset.h"

#include <stdlib.h>

xp_fit_subset xp_fit_subset_all(void) {
  return (xp_fit_subset){.left_out = -1, .iterations = 1.0};
}

bool xp_fit_subset_has(const xp_fit_subset *subset, int structure) {
  if (!subset) return true;
  if (subset->use && !subset->use[structure]) return false;
  return !subset->fold || subset->fold[structure] != subset->left_out;
}

xp_status xp_fit_subset_select(xp_data **selected, const xp_fit_subset *subset, const xp_data *data, xp_error *error) {
  int n = data->set->nstructures, count = 0;
  bool *use = calloc((size_t)n, sizeof *use);
  *selected = NULL;
  if (!use) return xp_error_memory(error, "the data");
  for (int s = 0; s < n; ++s) count += use[s] = xp_fit_subset_has(subset, s);
  xp_status status = count < n ? xp_data_select(selected, data, use, error) : XP_OK;
  free(use);
  return status;
}
