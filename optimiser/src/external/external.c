/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "external/external.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "data/predict.h"
#include "external/process.h"
#include "external/reading.h"
#include "external/results.h"
#include "external/template.h"
#include "external/trial_folder.h"
#include "space/number.h"

#define SECONDS_AN_HOUR 3600.0

/* Placeholders that every input has, behind its parameters. */
static const char *const general[] = {"train", "validate", "threads", "seed", "trial", "fidelity"};
enum { TRAIN, VALIDATE, THREADS, SEED, TRIAL, FIDELITY, GENERAL };

struct xp_external {
  xp_external_request request;
  const char **names; /* [nnames] */
  int nnames;
  char *train, *validate; /* absolute paths, "" without */
};

/* ---- checks at the start ---- */

/* A template or command of a data file that the input does not have. */
static xp_status check_text(const xp_external *e, const char *text, size_t size, xp_place place, xp_error *error) {
  xp_template_names names = {e->names, e->nnames};
  return xp_template_write(text, size, place, &names, NULL, NULL, error);
}

static xp_status check_command(const xp_external *e, const char *command, xp_place place, xp_error *error) {
  char reason[XP_ERROR_SIZE];
  if (!command || check_text(e, command, strlen(command), (xp_place){0}, error) == XP_OK) return XP_OK;
  memcpy(reason, error->message, sizeof reason);
  return xp_error_at(error, place, "%s", reason);
}

static xp_status check(const xp_external *e, xp_error *error) {
  const xp_config *config = e->request.config;
  const xp_external_input *input = &config->external;
  xp_status status = XP_OK;
  for (int f = 0; f < input->nfiles && status == XP_OK; ++f)
    status = check_text(e, input->files[f].content.data, input->files[f].content.size,
                        (xp_place){input->files[f].path, 1, 1}, error);
  if (status == XP_OK) status = check_command(e, config->external_command, input->command_place, error);
  if (status == XP_OK) status = check_command(e, config->external_evaluate, input->evaluate_place, error);
  for (int m = 0; m < input->nmetrics && status == XP_OK; ++m) {
    status = xp_reading_check(&input->metrics[m], error);
  }
  return status;
}

static xp_status find_absolute(char **absolute, const char *path, xp_error *error) {
  char resolved[PATH_MAX];
  *absolute = strdup(path && realpath(path, resolved) ? resolved : "");
  return *absolute ? XP_OK : xp_error_memory(error, "the paths of the data");
}

static xp_status find_names(xp_external *e, xp_error *error) {
  const xp_external_input *input = &e->request.config->external;
  e->names = calloc((size_t)input->nparameters + GENERAL, sizeof *e->names);
  if (!e->names) return xp_error_memory(error, "the parameters");
  for (int p = 0; p < input->nparameters; ++p) e->names[e->nnames++] = input->parameters[p].name;
  for (int g = 0; g < GENERAL; ++g) e->names[e->nnames++] = general[g];
  return XP_OK;
}

xp_status xp_external_new(xp_external **external, const xp_external_request *request, xp_error *error) {
  xp_external *new = calloc(1, sizeof *new);
  *external = NULL;
  if (!new) return xp_error_memory(error, "the fitting code");
  new->request = *request;
  xp_status status = find_names(new, error);
  if (status == XP_OK) status = find_absolute(&new->train, request->config->train, error);
  if (status == XP_OK) status = find_absolute(&new->validate, request->config->validate, error);
  if (status == XP_OK) status = check(new, error);
  if (status == XP_OK)
    *external = new;
  else
    xp_external_free(new);
  return status;
}

void xp_external_free(xp_external *external) {
  if (!external) return;
  free(external->names);
  free(external->train);
  free(external->validate);
  free(external);
}

/* ---- one trial ---- */

/* What the placeholders stand for in one trial. */
typedef struct filling {
  const char **texts;              /* [nnames] */
  char (*numbers)[XP_NUMBER_SIZE]; /* [nnames] those of them that are made here */
} filling;

static const char *text_of(const xp_named_parameter *parameter, const double *values, char number[XP_NUMBER_SIZE]) {
  double value = xp_parameter_at(&parameter->value, values);
  if (parameter->option.type == XP_OPTION_WORD) return parameter->words[(int)value];
  if (parameter->option.type == XP_OPTION_FLAG) return value != 0.0 ? "true" : "false";
  xp_number_format(value, number);
  return number;
}

static xp_status fill(filling *f, const xp_external *e, int number, const double *values, double fidelity,
                      xp_error *error) {
  const xp_external_input *input = &e->request.config->external;
  f->texts = calloc((size_t)e->nnames, sizeof *f->texts);
  f->numbers = calloc((size_t)e->nnames, sizeof *f->numbers);
  if (!f->texts || !f->numbers) return xp_error_memory(error, "the parameters");
  int n = input->nparameters;
  for (int p = 0; p < n; ++p) f->texts[p] = text_of(&input->parameters[p], values, f->numbers[p]);
  const double given[GENERAL] = {
      [THREADS] = e->request.threads, [SEED] = e->request.config->seed.value, [TRIAL] = number, [FIDELITY] = fidelity};
  for (int g = THREADS; g < GENERAL; ++g) {
    xp_number_format(given[g], f->numbers[n + g]);
    f->texts[n + g] = f->numbers[n + g];
  }
  f->texts[n + TRAIN] = e->train;
  f->texts[n + VALIDATE] = e->validate;
  return XP_OK;
}

static void clear_filling(filling *f) {
  free(f->texts);
  free(f->numbers);
}

static xp_status write_file(const xp_external *e, const filling *f, const xp_template_file *file, const char *folder,
                            xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_output *output = NULL;
  xp_template_names names = {e->names, e->nnames};
  xp_status status = xp_trial_folder_open(path, folder, file->name, error);
  if (status == XP_OK) status = xp_output_open(&output, path, error);
  if (status == XP_OK)
    status = xp_template_write(file->content.data, file->content.size, (xp_place){file->path, 1, 1}, &names, f->texts,
                               xp_output_stream(output), error);
  if (status == XP_OK) return xp_output_commit(output, error);
  xp_output_discard(output);
  return status;
}

static xp_status blame(const char *command, const char *folder, const char *name, const xp_process_end *end,
                       xp_error *error) {
  char last[256], how[64];
  xp_trial_folder_last_words(folder, name, last, sizeof last);
  if (end->late)
    snprintf(how, sizeof how, "was killed: its time was up");
  else if (end->signal)
    snprintf(how, sizeof how, "was ended by signal %d", end->signal);
  else
    snprintf(how, sizeof how, "exited with status %d", end->status);
  return xp_error_set(error, XP_ERROR_RANGE, "%s: the command \"%.200s\" %s%s%s", folder, command, how,
                      last[0] ? "; its last words: " : "", last);
}

/* limit: seconds that are left for it, 0: any; what it takes is taken off. */
static xp_status run_command(const xp_external *e, const filling *f, const char *text, const char *folder,
                             const char *name, double *limit, xp_error *error) {
  char *command = NULL;
  xp_process_end end;
  double start = xp_report_clock();
  xp_template_names names = {e->names, e->nnames};
  if (!text) return XP_OK;
  xp_status status = xp_template_fill(&command, text, &names, f->texts, error);
  if (status == XP_OK) status = xp_process_run(command, folder, name, *limit, &end, error);
  if (status == XP_OK && (end.late || end.status != 0)) status = blame(command, folder, name, &end, error);
  const double least = 1e-3; /* 0 would be no limit */
  if (*limit > 0.0)
    *limit = *limit - (xp_report_clock() - start) > least ? *limit - (xp_report_clock() - start) : least;
  free(command);
  return status;
}

static xp_status read_results(const xp_external *e, xp_external_result *result, xp_error *error) {
  xp_results_request request = {e->request.config, e->request.validate, e->request.threads, e->request.report};
  return xp_results_read(&request, result, error);
}

static xp_status run_all(const xp_external *e, const filling *f, xp_external_result *result, xp_error *error) {
  const xp_config *config = e->request.config;
  double limit = SECONDS_AN_HOUR * config->external_hours.value;
  xp_status status = XP_OK;
  for (int i = 0; i < config->external.nfiles && status == XP_OK; ++i)
    status = write_file(e, f, &config->external.files[i], result->folder, error);
  if (status == XP_OK) status = run_command(e, f, config->external_command, result->folder, "command", &limit, error);
  if (status == XP_OK) status = run_command(e, f, config->external_evaluate, result->folder, "evaluate", &limit, error);
  return status == XP_OK ? read_results(e, result, error) : status;
}

xp_status xp_external_run(xp_external *external, int number, const double *values, double fidelity,
                          xp_external_result *result, xp_error *error) {
  filling f = {0};
  *result = (xp_external_result){0};
  xp_status status = xp_trial_folder_new(result->folder, external->request.config, number, error);
  if (status == XP_OK) status = fill(&f, external, number, values, fidelity, error);
  if (status == XP_OK) status = run_all(external, &f, result, error);
  clear_filling(&f);
  if (status != XP_OK) xp_external_result_clear(result);
  return status;
}

xp_status xp_external_read(xp_external *external, int number, xp_external_result *result, xp_error *error) {
  *result = (xp_external_result){0};
  xp_status status = xp_trial_folder_path(result->folder, external->request.config, number, error);
  if (status == XP_OK) status = read_results(external, result, error);
  if (status != XP_OK) xp_external_result_clear(result);
  return status;
}

void xp_external_result_clear(xp_external_result *result) {
  if (result->predicted) xp_predict_clear(result->predicted, result->npredicted);
  free(result->predicted);
  free(result->numbers);
  *result = (xp_external_result){0};
}

static xp_status discard(const xp_config *config, int number, xp_error *error) {
  char folder[XP_FOLDER_PATH];
  xp_status status = xp_trial_folder_path(folder, config, number, error);
  return status == XP_OK ? xp_trial_folder_remove(folder, error) : status;
}

xp_status xp_external_tidy(const xp_config *config, int number, bool ok, int before, int best, xp_error *error) {
  if (config->external_keep.value != XP_KEEP_BEST) return XP_OK;
  if (ok && number != best) return discard(config, number, error);
  return number == best && before > 0 && before != best ? discard(config, before, error) : XP_OK;
}
