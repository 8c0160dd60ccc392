/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/active_set.h"

#include <stdlib.h>
#include <string.h>

void xp_active_set_free(xp_active_set *set) {
  if (!set) return;
  for (int e = 0; set->inverses && e < set->nelements; ++e) free(set->inverses[e]);
  free(set->elements);
  free(set->sizes);
  free(set->inverses);
  free(set);
}

xp_status xp_active_set_new(xp_active_set **result, int nelements, const char *const *elements, const int *sizes,
                            xp_error *error) {
  xp_active_set *set = *result = calloc(1, sizeof *set);
  if (!set) return xp_error_memory(error, "an active set");
  size_t n = (size_t)nelements;
  set->nelements = nelements;
  set->elements = calloc(n + 1, sizeof *set->elements);
  set->sizes = calloc(n + 1, sizeof *set->sizes);
  set->inverses = calloc(n + 1, sizeof *set->inverses);
  bool ok = set->elements && set->sizes && set->inverses;
  for (int e = 0; ok && e < nelements; ++e) {
    size_t size = (size_t)sizes[e];
    set->sizes[e] = sizes[e];
    snprintf(set->elements[e], sizeof set->elements[e], "%s", elements[e]);
    if (size == 0) continue;
    set->inverses[e] = calloc(size * size, sizeof **set->inverses);
    ok = set->inverses[e] != NULL;
  }
  if (ok) return XP_OK;
  xp_active_set_free(set);
  *result = NULL;
  return xp_error_memory(error, "an active set");
}

int xp_active_set_find(const xp_active_set *set, const char *element) {
  int e = set->nelements - 1;
  while (e >= 0 && strcmp(set->elements[e], element) != 0) --e;
  return e;
}
