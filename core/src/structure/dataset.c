/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdlib.h>

#include "xpot/structure.h"

enum { FIRST_CAPACITY = 64 };

xp_status xp_dataset_new(xp_dataset **dataset, xp_error *error) {
  *dataset = calloc(1, sizeof **dataset);
  return *dataset ? XP_OK : xp_error_memory(error, "a set of structures");
}

static bool grow(xp_dataset *dataset) {
  if (dataset->nstructures < dataset->capacity) return true;
  if (dataset->capacity > INT_MAX / 2) return false;
  int capacity = dataset->capacity ? 2 * dataset->capacity : FIRST_CAPACITY;
  xp_structure **structures = realloc(dataset->structures, (size_t)capacity * sizeof(xp_structure *));
  if (!structures) return false;
  dataset->structures = structures;
  dataset->capacity = capacity;
  return true;
}

xp_status xp_dataset_append(xp_dataset *dataset, xp_structure *structure, xp_error *error) {
  if (!grow(dataset)) {
    xp_structure_free(structure);
    return xp_error_memory(error, "a set of structures");
  }
  dataset->structures[dataset->nstructures++] = structure;
  return XP_OK;
}

void xp_dataset_free(xp_dataset *dataset) {
  if (!dataset) return;
  for (int i = 0; i < dataset->nstructures; ++i) xp_structure_free(dataset->structures[i]);
  free(dataset->structures);
  free(dataset);
}
