/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/cost_cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/replicate.h"
#include "objective/sets.h"

static const xp_structure *find_largest(const xp_data *data) {
  const xp_structure *largest = data->set->structures[0];
  for (int s = 1; s < data->set->nstructures; ++s)
    if (data->set->structures[s]->natoms > largest->natoms) largest = data->set->structures[s];
  return largest;
}

static xp_status name_cell(xp_cost_cell *cell, const xp_structure *structure, const char *path, const int times[3],
                           xp_error *error) {
  static const char format[] = "%d atoms of %s:%ld, repeated %d x %d x %d";
  int size = 1 + snprintf(NULL, 0, format, structure->natoms, path, structure->line, times[0], times[1], times[2]);
  cell->name = malloc((size_t)size);
  if (!cell->name) return xp_error_memory(error, "the name of the cell for timing");
  snprintf(cell->name, (size_t)size, format, structure->natoms, path, structure->line, times[0], times[1], times[2]);
  return XP_OK;
}

xp_status xp_cost_cell_new(xp_cost_cell *cell, const xp_config *config, const xp_data *train, xp_error *error) {
  xp_data *own = NULL;
  int times[3];
  *cell = (xp_cost_cell){0};
  xp_status status = XP_OK;
  if (config->cost_structure)
    status = xp_sets_read_file(&own, config, config->cost_structure, (xp_place){config->path, 0, 0}, error);
  if (status != XP_OK) return status;
  const xp_data *data = own ? own : train;
  const xp_structure *structure = own ? own->set->structures[0] : find_largest(train);
  memcpy(cell->sha256, data->sha256, sizeof cell->sha256);
  status = xp_replicate(&cell->structure, structure, (int)config->cost_atoms.value, times, error);
  if (status == XP_OK) status = name_cell(cell, structure, data->path, times, error);
  xp_data_free(own);
  return status;
}

void xp_cost_cell_clear(xp_cost_cell *cell) {
  xp_structure_free(cell->structure);
  free(cell->name);
  *cell = (xp_cost_cell){0};
}
