/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/score.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expression/expression.h"
#include "objective/program.h"
#include "objective/scratch.h"
#include "report/card.h"
#include "space/number.h"

/* What a program may print: a number, and some room to say what is wrong when there is more. */
#define OUTPUT_SIZE 256

struct xp_score {
  const xp_config *config;
  xp_expression *expression; /* NULL without */
  int standard;              /* index of the loss of loss.h */
  char *folder;              /* of the input file, where the command runs; owned */
};

static xp_status find_folder(xp_score *score, xp_error *error) {
  const char *path = score->config->path, *slash = strrchr(path, '/');
  score->folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
  return score->folder ? XP_OK : xp_error_memory(error, "the loss");
}

xp_status xp_score_new(xp_score **score, const xp_config *config, xp_metrics *metrics, xp_error *error) {
  *score = NULL;
  xp_score *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the loss");
  new->config = config;
  new->standard = xp_metrics_find(metrics, XP_METRIC_LOSS);
  xp_status status = find_folder(new, error);
  if (status == XP_OK && config->expression)
    status = xp_expression_new(&new->expression, config->expression, (const char *const *)metrics->names,
                               metrics->count, (xp_place){config->path, 0, 0}, error);
  for (int i = 0; i < metrics->count && new->expression; ++i)
    if (xp_expression_uses(new->expression, i)) metrics->recorded[i] = true;
  if (status == XP_OK)
    *score = new;
  else
    xp_score_free(new);
  return status;
}

void xp_score_free(xp_score *score) {
  if (!score) return;
  xp_expression_free(score->expression);
  free(score->folder);
  free(score);
}

static void add_values(cJSON *object, const xp_space *space, const double *values) {
  for (int d = 0; d < xp_space_count(space) && values; ++d) {
    const xp_range *range = xp_space_range(space, d);
    if (range->choices && isfinite(values[d]))
      cJSON_AddStringToObject(object, range->name, range->choices[(int)values[d]]);
    else
      xp_number_add(object, range->name, values[d]);
  }
}

/* What the command reads. */
static xp_status write_request(const xp_score *score, const xp_score_request *request, const char *path,
                               xp_error *error) {
  cJSON *root = cJSON_CreateObject();
  if (!root) return xp_error_memory(error, "the metrics");
  cJSON_AddNumberToObject(root, "trial", request->trial);
  add_values(cJSON_AddObjectToObject(root, "values"), score->config->space, request->values);
  cJSON *metrics = cJSON_AddObjectToObject(root, "metrics");
  for (int i = 0; i < request->metrics->count; ++i)
    xp_number_add(metrics, request->metrics->names[i], request->numbers[i]);
  return xp_json_write(root, path, error);
}

static xp_status read_number(const char *command, const char *output, double *loss, xp_error *error) {
  char *end;
  *loss = strtod(output, &end);
  bool number = end != output;
  while (isspace((unsigned char)*end)) ++end;
  if (number && !*end) return XP_OK;
  return xp_error_set(error, XP_ERROR_NUMERIC, "loss.command %s: expected one number, found \"%.*s\"", command,
                      (int)strcspn(output, "\n"), output);
}

static xp_status run_command(const xp_score *score, const xp_score_request *request, double *loss, xp_error *error) {
  const char *command = score->config->command;
  char scratch[XP_FOLDER_PATH], path[XP_FOLDER_PATH], output[OUTPUT_SIZE];
  int exit_status = 0;
  xp_status status = xp_scratch_make(scratch, request->folder, request->trial, error);
  if (status != XP_OK) return status;
  status = xp_folder_join(path, scratch, "metrics.json", error);
  if (status == XP_OK) status = write_request(score, request, path, error);
  if (status == XP_OK)
    status = xp_program_run(command, path, score->folder, output, sizeof output, &exit_status, error);
  if (status == XP_OK && exit_status != 0)
    status = xp_error_set(error, XP_ERROR_NUMERIC, "loss.command %s ended with exit status %d", command, exit_status);
  if (status == XP_OK) status = read_number(command, output, loss, error);
  xp_scratch_remove(scratch);
  return status;
}

xp_status xp_score_find(xp_score *score, const xp_score_request *request, double *loss, xp_error *error) {
  xp_status status = XP_OK;
  if (score->config->command)
    status = run_command(score, request, loss, error);
  else if (score->expression)
    *loss = xp_expression_value(score->expression, request->numbers);
  else
    *loss = request->numbers[score->standard];
  if (status != XP_OK || isfinite(*loss)) return status;
  return xp_error_set(error, XP_ERROR_NUMERIC, "the loss is not a finite number%s%s",
                      score->expression ? ": loss.expression " : "",
                      score->expression ? score->config->expression : "");
}
