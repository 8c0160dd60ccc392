/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "external/results.h"

#include <stdlib.h>
#include <string.h>

#include "data/predict.h"
#include "external/reading.h"
#include "xpot/potential.h"

/* ---- predictions ---- */

/* What a fitting code left wrong or did not leave is its failure, not the machine's. */
static xp_status blame(xp_status status, xp_error *error) {
  if (status != XP_ERROR_IO) return status;
  error->status = XP_ERROR_INPUT;
  return XP_ERROR_INPUT;
}

static xp_status check_structure(const xp_structure *reference, const xp_structure *predicted, int number,
                                 xp_error *error) {
  xp_place place = {predicted->file, predicted->line, 0};
  bool same = reference->natoms == predicted->natoms;
  for (int a = 0; same && a < reference->natoms; ++a) same = strcmp(reference->symbols[a], predicted->symbols[a]) == 0;
  if (!same)
    return xp_error_at(error, place, "structure %d is not that of the validation data: its atoms are others", number);
  if (reference->has_energy && !predicted->has_energy)
    return xp_error_at(error, place, "structure %d has no energy; check external.energy_key", number);
  if (reference->forces && !predicted->forces)
    return xp_error_at(error, place, "structure %d has no forces; check external.forces_key", number);
  return XP_OK;
}

static xp_status read_predictions(const xp_results_request *request, xp_external_result *result, xp_error *error) {
  const xp_config *config = request->config;
  char path[XP_FOLDER_PATH];
  xp_dataset *set = NULL;
  xp_extxyz_keys keys = {config->external_energy_key, config->external_forces_key, config->external_virial_key, NULL,
                         NULL};
  xp_status status = xp_folder_join(path, result->folder, config->external_predictions, error);
  if (status == XP_OK) status = blame(xp_extxyz_read(&set, path, &keys, error), error);
  if (status != XP_OK) return status;
  if (set->nstructures != request->validate->set->nstructures)
    status = xp_error_at(error, (xp_place){path, 0, 0}, "expected the %d structures of the validation data, found %d",
                         request->validate->set->nstructures, set->nstructures);
  for (int s = 0; s < set->nstructures && status == XP_OK; ++s)
    status = check_structure(request->validate->set->structures[s], set->structures[s], s + 1, error);
  if (status == XP_OK) {
    result->npredicted = set->nstructures;
    result->predicted = set->structures;
    set->structures = NULL;
    set->nstructures = 0;
  }
  xp_dataset_free(set);
  return status;
}

/* ---- potentials ---- */

static xp_status make_plan(xp_plan **plan, const xp_config *config, const char *const *paths, int npaths,
                           xp_error *error) {
  xp_potential *potential = NULL;
  xp_status status = xp_potential_read(&potential, paths, npaths, error);
  const char **elements = calloc((size_t)config->nelements, sizeof *elements);
  if (status == XP_OK && !elements) status = xp_error_memory(error, "the potential");
  for (int e = 0; e < config->nelements && elements; ++e) elements[e] = config->elements[e];
  if (status == XP_OK) status = xp_plan_new(plan, potential, elements, config->nelements, XP_PRECISION_DOUBLE, error);
  free(elements);
  xp_potential_free(potential);
  return blame(status, error);
}

static xp_status evaluate_potential(const xp_results_request *request, xp_external_result *result, xp_error *error) {
  char paths[XP_POTENTIAL_FILES][XP_FOLDER_PATH];
  const char *pointers[XP_POTENTIAL_FILES];
  int npaths = 0, n = request->validate->set->nstructures;
  xp_plan *plan = NULL;
  xp_status status = XP_OK;
  char *names = strdup(request->config->external_potential), *rest = NULL;
  if (!names) return xp_error_memory(error, "the potential");
  for (char *name = strtok_r(names, " ", &rest); name && status == XP_OK && npaths < XP_POTENTIAL_FILES;
       name = strtok_r(NULL, " ", &rest)) {
    status = xp_folder_join(paths[npaths], result->folder, name, error);
    pointers[npaths] = paths[npaths];
    ++npaths;
  }
  free(names);
  if (status == XP_OK) status = make_plan(&plan, request->config, pointers, npaths, error);
  if (status == XP_OK) {
    result->predicted = calloc((size_t)n, sizeof(xp_structure *));
    if (!result->predicted) status = xp_error_memory(error, "the predictions");
    result->npredicted = n;
  }
  if (status == XP_OK)
    status = xp_predict(plan, request->validate, request->threads, request->report, result->predicted, error);
  xp_report_end(request->report);
  xp_plan_free(plan);
  return status;
}

/* ---- together ---- */

xp_status xp_results_read(const xp_results_request *request, xp_external_result *result, xp_error *error) {
  const xp_external_input *input = &request->config->external;
  xp_status status = XP_OK;
  if (request->config->external_predictions) status = read_predictions(request, result, error);
  if (request->config->external_potential) status = evaluate_potential(request, result, error);
  result->numbers = calloc((size_t)input->nmetrics + 1, sizeof *result->numbers);
  if (!result->numbers) return xp_error_memory(error, "the metrics of a trial");
  for (int m = 0; m < input->nmetrics && status == XP_OK; ++m)
    status = xp_reading_number(&input->metrics[m], result->folder, &result->numbers[m], error);
  return status;
}
