/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/sets.h"

#include <stdlib.h>
#include <string.h>

#include "data/selection.h"
#include "objective/loss.h"
#include "objective/split.h"

xp_validation_kind xp_validation_kind_of(const xp_config *config) {
  if (config->validate) return XP_VALIDATION_FILE;
  if (config->holdout.value > 0.0) return XP_VALIDATION_HOLDOUT;
  return config->folds.value > 0.0 ? XP_VALIDATION_FOLDS : XP_VALIDATION_NONE;
}

/* Keys of the data as the input names them. */
static xp_extxyz_keys find_keys(const xp_config *config) {
  const char *group = strcmp(config->config_type_key, "config_type") == 0 ? NULL : config->config_type_key;
  return (xp_extxyz_keys){config->energy_key, config->forces_key, config->virial_key, config->stress_key, group};
}

/* A missing file is reported where the input names it. */
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

xp_status xp_sets_read_file(xp_data **data, const xp_config *config, const char *path, xp_place place,
                            xp_error *error) {
  xp_status status = read_set(data, config, path, place, error);
  if (status == XP_OK) status = check_elements(config, *data, error);
  if (status != XP_OK) {
    xp_data_free(*data);
    *data = NULL;
  }
  return status;
}

/* The terms of the loss need their labels, unless the input has a loss of its own. */
static xp_status check_judged(const xp_config *config, const xp_data *data, xp_error *error) {
  xp_loss_form form = xp_loss_form_of(config, data);
  xp_place place = {data->path, 0, 0};
  if (config->expression || config->command) return XP_OK;
  if (form.alpha > 0.0 && data->nenergies == 0)
    return xp_error_at(
        error, place, "the loss needs energies (loss.alpha is %g), found none; check data.energy_key or set alpha to 0",
        form.alpha);
  if (form.alpha < 1.0 && data->nforces == 0)
    return xp_error_at(error, place,
                       "the loss needs forces (loss.alpha is %g), found none; check data.forces_key or set alpha to 1",
                       form.alpha);
  if (form.virial_weight > 0.0 && data->nvirials == 0)
    return xp_error_at(error, place, "the loss needs virials (loss.virial_weight is %g), found none; set it to 0",
                       form.virial_weight);
  return XP_OK;
}

static xp_status hold_out(xp_sets *sets, const xp_config *config, xp_error *error) {
  int n = sets->train->set->nstructures, count = 0;
  bool *part = calloc((size_t)n, sizeof *part);
  if (!part) return xp_error_memory(error, "the holdout");
  sets->held = sets->train;
  sets->train = NULL;
  xp_status status = check_elements(config, sets->held, error);
  if (status == XP_OK)
    status = xp_split_holdout(part, sets->held, config->holdout.value, (uint64_t)config->seed.value, error);
  for (int s = 0; s < n; ++s) count += part[s];
  if (status == XP_OK && count == 0)
    status = xp_error_at(error, config->train_place,
                         "data.holdout: no config_type of %s has more than one structure, so that none can be held out",
                         sets->held->path);
  if (status == XP_OK) status = xp_data_select(&sets->validate, sets->held, part, error);
  for (int s = 0; s < n; ++s) part[s] = !part[s];
  if (status == XP_OK) status = xp_data_select(&sets->train, sets->held, part, error);
  free(part);
  return status;
}

static xp_status make_fold(xp_sets *sets, int number, bool *part, xp_error *error) {
  for (int s = 0; s < sets->train->set->nstructures; ++s) part[s] = sets->fold[s] == number;
  return xp_data_select(&sets->fold_members[number], sets->train, part, error);
}

static xp_status make_folds(xp_sets *sets, const xp_config *config, xp_error *error) {
  int n = sets->train->set->nstructures, nfolds = (int)config->folds.value;
  if (nfolds > n)
    return xp_error_at(error, config->train_place, "data.folds: expected at most as many as structures, %d, found %d",
                       n, nfolds);
  bool *part = calloc((size_t)n, sizeof *part);
  sets->nfolds = nfolds;
  sets->fold = calloc((size_t)n, sizeof *sets->fold);
  sets->fold_members = calloc((size_t)nfolds, sizeof(xp_data *));
  xp_status status = part && sets->fold && sets->fold_members ? XP_OK : xp_error_memory(error, "the folds");
  if (status == XP_OK) status = xp_split_folds(sets->fold, sets->train, nfolds, (uint64_t)config->seed.value, error);
  for (int f = 0; f < nfolds && status == XP_OK; ++f) status = make_fold(sets, f, part, error);
  free(part);
  return status;
}

static xp_status find_judged(xp_sets *sets, const xp_config *config, xp_error *error) {
  xp_status status = XP_OK;
  if (sets->kind == XP_VALIDATION_FILE)
    status = xp_sets_read_file(&sets->validate, config, config->validate, config->validate_place, error);
  else if (sets->kind == XP_VALIDATION_HOLDOUT)
    status = hold_out(sets, config, error);
  else if (sets->kind == XP_VALIDATION_FOLDS)
    status = make_folds(sets, config, error);
  sets->judged = sets->kind == XP_VALIDATION_FOLDS ? sets->train : sets->validate;
  return status == XP_OK && sets->judged ? check_judged(config, sets->judged, error) : status;
}

xp_status xp_sets_read(xp_sets *sets, const xp_config *config, xp_error *error) {
  *sets = (xp_sets){.kind = xp_validation_kind_of(config)};
  xp_status status = XP_OK;
  if (config->train) status = read_set(&sets->train, config, config->train, config->train_place, error);
  if (status == XP_OK) status = find_judged(sets, config, error);
  if (status == XP_OK && config->test)
    status = xp_sets_read_file(&sets->test, config, config->test, config->test_place, error);
  if (status != XP_OK) xp_sets_clear(sets);
  return status;
}

void xp_sets_clear(xp_sets *sets) {
  for (int f = 0; f < sets->nfolds && sets->fold_members; ++f) xp_data_free_selection(sets->fold_members[f]);
  free(sets->fold_members);
  free(sets->fold);
  if (sets->held) {
    xp_data_free_selection(sets->train);
    xp_data_free_selection(sets->validate);
  } else {
    xp_data_free(sets->train);
    xp_data_free(sets->validate);
  }
  xp_data_free(sets->held);
  xp_data_free(sets->test);
  *sets = (xp_sets){0};
}
