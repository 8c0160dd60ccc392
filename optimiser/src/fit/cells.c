/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/cells.h"

#include <stdlib.h>
#include <string.h>

static const xp_parameter *weight_of(const xp_group_weights *group, int type) {
  const xp_parameter *weights[XP_ROW_TYPES] = {&group->eweight, &group->fweight, &group->vweight};
  return weights[type];
}

static xp_status make_room(xp_cells *cells, xp_error *error) {
  size_t count = (size_t)cells->count;
  cells->cell = calloc((size_t)cells->nstructures, sizeof *cells->cell);
  cells->types = calloc(count, sizeof *cells->types);
  cells->weights = calloc(count, sizeof *cells->weights);
  cells->used = calloc(count, sizeof *cells->used);
  if (cells->cell && cells->types && cells->weights && cells->used) return XP_OK;
  return xp_error_memory(error, "the fit");
}

/* The cell of fold f and group g is f ngroups + g. */
xp_status xp_cells_make(xp_cells *cells, const xp_config *config, const double *values, const xp_data *data,
                        const xp_fit_subset *subset, xp_error *error) {
  const int *fold = subset ? subset->fold : NULL;
  *cells = (xp_cells){.nstructures = data->set->nstructures, .count = config->ngroups * (fold ? subset->nfolds : 1)};
  xp_status status = make_room(cells, error);
  for (int s = 0; s < cells->nstructures && status == XP_OK; ++s) {
    bool out = subset && subset->use && !subset->use[s];
    int group = xp_config_group(config, data->set->structures[s]->config_type);
    cells->cell[s] = out ? -1 : (fold ? fold[s] : 0) * config->ngroups + group;
  }
  for (int c = 0; c < cells->count && status == XP_OK; ++c) {
    const xp_group_weights *group = &config->groups[c % config->ngroups];
    cells->used[c] = !fold || c / config->ngroups != subset->left_out;
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      const xp_parameter *weight = weight_of(group, type);
      cells->types[c][type] = weight->dimension >= 0 || weight->value > 0.0;
      cells->weights[c][type] = xp_parameter_at(weight, values);
    }
  }
  return status;
}

bool xp_cells_alike(const xp_cells *a, const xp_cells *b) {
  return a->cell && b->cell && a->count == b->count && a->nstructures == b->nstructures &&
         memcmp(a->cell, b->cell, (size_t)a->nstructures * sizeof *a->cell) == 0;
}

void xp_cells_clear(xp_cells *cells) {
  free(cells->cell);
  free(cells->types);
  free(cells->weights);
  free(cells->used);
  *cells = (xp_cells){0};
}
