/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/predict.h"
#include "report/card.h"
#include "report/folder.h"

/* A missing file is reported where the input names it. */
static xp_status read_data(xp_data **data, const xp_config *config, const char *path, xp_place place, xp_error *error) {
  xp_extxyz_keys keys = xp_call_keys(config);
  xp_status status = xp_data_read(data, path, &keys, error);
  if (status != XP_ERROR_IO) return status;
  char reason[XP_ERROR_SIZE];
  memcpy(reason, error->message, sizeof reason);
  xp_error_at(error, place, "%s", reason);
  error->status = XP_ERROR_IO;
  return XP_ERROR_IO;
}

static xp_status check_validation(const xp_study *study, xp_error *error) {
  const xp_data *data = study->validate;
  double alpha = study->config->alpha.value;
  xp_place place = {data->path, 0, 0};
  int *species = NULL;
  xp_status status = XP_OK;
  if (alpha > 0.0 && data->nenergies == 0)
    return xp_error_at(error, place, "the loss needs energies (loss.alpha is %g), found none; check data.energy_key",
                       alpha);
  if (alpha < 1.0 && data->nforces == 0)
    return xp_error_at(error, place, "the loss needs forces (loss.alpha is %g), found none; check data.forces_key",
                       alpha);
  for (int s = 0; s < data->set->nstructures && status == XP_OK; ++s) {
    const xp_structure *structure = data->set->structures[s];
    free(species);
    species = calloc((size_t)structure->natoms, sizeof *species);
    status = species ? xp_data_species(species, structure, study->config->elements, study->config->nelements, error)
                     : xp_error_memory(error, "the data");
  }
  free(species);
  return status;
}

xp_status xp_study_open(xp_study *study, const xp_call *call, xp_error *error) {
  *study = (xp_study){.report = xp_report_standard(xp_call_value(call, "--quiet") != NULL)};
  xp_status status = xp_call_config(call, &study->config, error);
  xp_config *config = study->config;
  if (status == XP_OK) {
    study->threads = xp_fit_threads(config);
    status = read_data(&study->train, config, config->train, config->train_place, error);
  }
  if (status == XP_OK && config->validate)
    status = read_data(&study->validate, config, config->validate, config->validate_place, error);
  if (status == XP_OK && study->validate) status = check_validation(study, error);
  if (status == XP_OK)
    status = xp_fitter_new(&study->fitter, config, study->train, study->threads, &study->report, error);
  if (status != XP_OK) xp_study_close(study);
  return status;
}

void xp_study_close(xp_study *study) {
  xp_fitter_free(study->fitter);
  xp_data_free(study->train);
  xp_data_free(study->validate);
  xp_config_free(study->config);
  *study = (xp_study){0};
}

xp_status xp_study_errors(xp_study *study, const xp_plan *plan, const xp_data *data, xp_error_table *table,
                          xp_error *error) {
  int n = data->set->nstructures;
  xp_structure **predicted = calloc((size_t)n, sizeof *predicted);
  if (!predicted) return xp_error_memory(error, "the predictions");
  xp_status status = xp_predict(plan, data, study->threads, &study->report, predicted, error);
  if (status == XP_OK) status = xp_error_table_new(table, data, predicted, error);
  xp_report_end(&study->report);
  xp_predict_clear(predicted, n);
  free(predicted);
  return status;
}

static void print_tables(const xp_study *study, const xp_card *card) {
  printf("\nfitted to: %s\n", study->train->path);
  xp_error_table_print(card->train_errors, study->train, stdout);
  if (!study->validate) return;
  const xp_errors *all = &card->validate_errors->all;
  double alpha = study->config->alpha.value;
  printf("\nvalidated on: %s\n", study->validate->path);
  xp_error_table_print(card->validate_errors, study->validate, stdout);
  printf("\nloss %.6g (alpha %g, energy %.6g, force %.6g)\n", xp_errors_loss(all, alpha), alpha,
         xp_errors_energy_loss(all), xp_errors_force_loss(all));
}

xp_status xp_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error) {
  xp_error_table train = {0}, validate = {0};
  xp_plan *plan = NULL;
  xp_card card = {.config = study->config,
                  .command = call->line,
                  .values = outcome->values,
                  .result = outcome->result,
                  .train = study->train,
                  .validate = study->validate,
                  .train_errors = &train,
                  .validate_errors = &validate,
                  .trial = outcome->trial,
                  .trials = outcome->trials,
                  .failed_trials = outcome->failed_trials,
                  .us_per_atom = NAN};
  xp_status status = xp_fit_result_plan(outcome->result, &plan, error);
  if (status == XP_OK) status = xp_study_errors(study, plan, study->train, &train, error);
  if (status == XP_OK && study->validate) status = xp_study_errors(study, plan, study->validate, &validate, error);
  if (status == XP_OK) status = xp_predict_cost(plan, study->train, &card.us_per_atom, error);
  card.seconds = xp_report_clock() - outcome->start;
  if (status == XP_OK) status = xp_folder_make(study->config->output, error);
  if (status == XP_OK) status = xp_card_write(&card, error);
  if (status == XP_OK) print_tables(study, &card);
  if (status == XP_OK)
    xp_report_message(&study->report, "written: %s/%s.snapcoeff, %s.snapparam, card.json (%.1f s, %.0f MB at most)",
                      study->config->output, study->config->name, study->config->name, card.seconds,
                      xp_report_peak_memory());
  xp_plan_free(plan);
  xp_error_table_clear(&train);
  xp_error_table_clear(&validate);
  return status;
}
