/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/external_study.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/card.h"
#include "report/folder.h"

void xp_external_print_check(const xp_study *study) {
  const xp_config *config = study->config;
  const xp_external_input *input = &config->external;
  for (int f = 0; f < input->nfiles; ++f) printf("file: %s, from %s\n", input->files[f].name, input->files[f].path);
  printf("command: %s\n", config->external_command);
  if (config->external_evaluate) printf("evaluate: %s\n", config->external_evaluate);
  if (config->external_predictions) printf("predictions: %s\n", config->external_predictions);
  if (config->external_potential) printf("potential: %s\n", config->external_potential);
  for (int m = 0; m < input->nmetrics; ++m)
    printf("metric: %s, from %s\n", input->metrics[m].name, input->metrics[m].file);
}

/* ---- what stays ---- */

static void add_values(cJSON *card, const xp_config *config, const double *values) {
  cJSON *object = cJSON_AddObjectToObject(card, "parameters");
  for (int p = 0; p < config->external.nparameters; ++p) {
    const xp_named_parameter *parameter = &config->external.parameters[p];
    double value = xp_parameter_at(&parameter->value, values);
    if (parameter->option.type == XP_OPTION_WORD)
      cJSON_AddStringToObject(object, parameter->name, parameter->words[(int)value]);
    else if (parameter->option.type == XP_OPTION_FLAG)
      cJSON_AddBoolToObject(object, parameter->name, value != 0.0);
    else
      cJSON_AddNumberToObject(object, parameter->name, value);
  }
}

static void add_data(cJSON *card, const char *role, const xp_data *data) {
  if (!data) return;
  cJSON *object = cJSON_AddObjectToObject(card, role);
  cJSON_AddStringToObject(object, "file", data->path);
  cJSON_AddStringToObject(object, "sha256", data->sha256);
}

static cJSON *make_card(const xp_study *study, const xp_call *call, const xp_outcome *outcome, const xp_trial *trial) {
  char folder[32];
  const xp_config *config = study->config;
  cJSON *card = cJSON_CreateObject();
  cJSON_AddStringToObject(card, "program", "xpot-opt " XPOT_VERSION);
  cJSON_AddStringToObject(card, "command", call->line);
  cJSON *input = cJSON_AddObjectToObject(card, "input");
  cJSON_AddStringToObject(input, "file", config->path);
  cJSON_AddStringToObject(input, "sha256", config->sha256);
  add_data(card, "train", study->train);
  add_data(card, "validate", study->judged);
  cJSON_AddStringToObject(card, "fitted_by", config->external_command);
  snprintf(folder, sizeof folder, "trials/%d", outcome->trial);
  cJSON_AddStringToObject(card, "folder", folder);
  cJSON_AddNumberToObject(card, "trial", outcome->trial);
  if (outcome->trials) {
    cJSON_AddNumberToObject(card, "trials", outcome->trials);
    cJSON_AddNumberToObject(card, "failed_trials", outcome->failed_trials);
  }
  add_values(card, config, outcome->values);
  cJSON_AddNumberToObject(card, "loss", trial->loss);
  cJSON *metrics = cJSON_AddObjectToObject(card, "metrics");
  for (int m = 0; m < trial->nmetrics; ++m)
    if (isfinite(trial->metrics[m].value))
      cJSON_AddNumberToObject(metrics, trial->metrics[m].name, trial->metrics[m].value);
  cJSON_AddNumberToObject(card, "seconds", xp_report_clock() - outcome->start);
  return card;
}

/* OUTPUT/best points at the folder of the trial; the old link stays until the new one is there. */
static xp_status link_best(const xp_config *config, int trial, xp_error *error) {
  char target[64], name[XP_FOLDER_PATH], temporary[XP_FOLDER_PATH];
  snprintf(target, sizeof target, "trials/%d", trial);
  xp_status status = xp_folder_join(name, config->output, "best", error);
  if (status == XP_OK) status = xp_folder_join(temporary, config->output, ".best", error);
  if (status != XP_OK) return status;
  unlink(temporary);
  if (symlink(target, temporary) == 0 && rename(temporary, name) == 0) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot make this link: %s", name, strerror(errno));
}

/* NAME.parity-validate.csv in the output folder. */
static xp_status parity_path(const xp_study *study, char *path, xp_error *error) {
  char name[XP_FOLDER_PATH];
  snprintf(name, sizeof name, "%.1000s.parity-validate.csv", study->config->name);
  return xp_folder_join(path, study->config->output, name, error);
}

static void print_result(xp_study *study, const xp_outcome *outcome, const xp_error_table *table,
                         const xp_trial *trial) {
  if (table->groups) {
    printf("\nvalidated on: %s\n", study->judged->path);
    xp_error_table_print(table, study->judged, stdout);
  }
  printf("\nloss %.6g\n", trial->loss);
  for (int m = 0; m < trial->nmetrics; ++m)
    if (isfinite(trial->metrics[m].value))
      printf("%-32s %.8g\n", trial->metrics[m].name, trial->metrics[m].value);
  xp_report_message(&study->report, "written: %s/best (a link to trials/%d), card.json", study->config->output,
                    outcome->trial);
}

static xp_status write_result(xp_study *study, const xp_call *call, const xp_outcome *outcome, bool made,
                              xp_error *error) {
  char parity[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  xp_trial trial = {0};
  xp_task task = {outcome->trial, outcome->values, 1.0, study->config->output};
  xp_assessment assessment = {.parity = parity, .made = made};
  xp_status status = parity_path(study, parity, error);
  if (status == XP_OK) status = xp_objective_assess(study->objective, &task, &assessment, &trial, error);
  if (status == XP_OK) status = xp_folder_join(path, study->config->output, "card.json", error);
  if (status == XP_OK) status = xp_json_write(make_card(study, call, outcome, &trial), path, error);
  if (status == XP_OK) status = link_best(study->config, outcome->trial, error);
  if (status == XP_OK) print_result(study, outcome, &assessment.table, &trial);
  xp_error_table_clear(&assessment.table);
  xp_trial_clear(&trial);
  return status;
}

xp_status xp_external_study_run(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error) {
  return write_result(study, call, outcome, false, error);
}

xp_status xp_external_study_write(xp_study *study, const xp_call *call, const xp_outcome *outcome, xp_error *error) {
  xp_status status = write_result(study, call, outcome, true, error);
  if (status == XP_OK) return XP_OK;
  xp_error_clear(error);
  return write_result(study, call, outcome, false, error);
}
