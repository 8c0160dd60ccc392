/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/sets.h"

#include <stdlib.h>
#include <string.h>

/* Keys of the data as the input names them. */
static xp_extxyz_keys find_keys(const xp_config *config) {
  const char *group = strcmp(config->config_type_key, "config_type") == 0 ? NULL : config->config_type_key;
  return (xp_extxyz_keys){config->energy_key, config->forces_key, config->virial_key, config->stress_key, group};
}

static xp_status read_set(xp_data **data, const xp_config *config, const char *path, xp_place place, xp_error *error) {
  xp_extxyz_keys keys = find_keys(config);
  xp_status status = xp_data_read(data, path, &keys, error);
  if (status != XP_ERROR_IO) return status;
  char reason[XP_ERROR_SIZE];
  memcpy(reason, error->message, sizeof reason);
  xp_error_at(error, place, "%s", reason);
  error->status = XP_ERROR_IO;
  return XP_ERROR_IO;
}

static xp_status check_elements(const xp_config *config, const xp_data *data, xp_error *error) {
  int *species = NULL;
  xp_status status = XP_OK;
  for (int s = 0; s < data->set->nstructures && status == XP_OK; ++s) {
    const xp_structure *structure = data->set->structures[s];
    free(species);
    species = calloc((size_t)structure->natoms, sizeof *species);
    status = species ? xp_data_species(species, structure, config->elements, config->nelements, error)
                     : xp_error_memory(error, "the data");
  }
  free(species);
  return status;
}

static xp_status check_validation(const xp_config *config, const xp_data *data, xp_error *error) {
  double alpha = config->alpha.value;
  xp_place place = {data->path, 0, 0};
  if (alpha > 0.0 && data->nenergies == 0)
    return xp_error_at(
        error, place, "the loss needs energies (loss.alpha is %g), found none; check data.energy_key or set alpha to 0",
        alpha);
  if (alpha < 1.0 && data->nforces == 0)
    return xp_error_at(error, place,
                       "the loss needs forces (loss.alpha is %g), found none; check data.forces_key or set alpha to 1",
                       alpha);
  return check_elements(config, data, error);
}

xp_status xp_sets_read(xp_sets *sets, const xp_config *config, xp_error *error) {
  *sets = (xp_sets){0};
  xp_status status = read_set(&sets->train, config, config->train, config->train_place, error);
  if (status == XP_OK && config->validate)
    status = read_set(&sets->validate, config, config->validate, config->validate_place, error);
  if (status == XP_OK && sets->validate) status = check_validation(config, sets->validate, error);
  if (status == XP_OK && config->test) status = read_set(&sets->test, config, config->test, config->test_place, error);
  if (status == XP_OK && sets->test) status = check_elements(config, sets->test, error);
  if (status != XP_OK) xp_sets_clear(sets);
  return status;
}

void xp_sets_clear(xp_sets *sets) {
  xp_data_free(sets->train);
  xp_data_free(sets->validate);
  xp_data_free(sets->test);
  *sets = (xp_sets){0};
}
