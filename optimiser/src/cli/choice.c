/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/choice.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The folder of --search, or the output folder that the input names. */
static xp_status find_folder(xp_choice *choice, const xp_call *call, xp_error *error) {
  const char *given = xp_call_value(call, "--search");
  xp_config *config = NULL;
  xp_status status = given ? XP_OK : xp_config_read(&config, call->arguments[0], error);
  if (status != XP_OK) return status;
  const char *folder = given ? given : config->output;
  if (snprintf(choice->folder, sizeof choice->folder, "%s", folder) >= (int)sizeof choice->folder)
    status = xp_error_set(error, XP_ERROR_INPUT, "%s: the name of the folder is too long", folder);
  xp_config_free(config);
  return status;
}

static xp_status parse_number(xp_choice *choice, const char *text, xp_error *error) {
  char *end;
  errno = 0;
  long number = strcmp(text, "best") == 0 ? xp_past_best(choice->past) : strtol(text, &end, 10);
  if (strcmp(text, "best") == 0 && number == 0)
    return xp_error_set(error, XP_ERROR_INPUT, "%s: no trial has succeeded", choice->past->path);
  if (strcmp(text, "best") != 0 && (end == text || *end || errno || number < 1 || number > choice->past->count))
    return xp_error_set(error, XP_ERROR_INPUT, "option --trial: expected a number from 1 to %d, or best, found \"%s\"",
                        choice->past->count, text);
  choice->trial = (int)number;
  const xp_past_trial *trial = &choice->past->trials[number - 1];
  if (trial->result.status == XP_TRIAL_FAILED)
    return xp_error_set(error, XP_ERROR_INPUT, "trial %ld failed: %s", number, trial->result.reason);
  return XP_OK;
}

xp_status xp_choice_make(xp_choice *choice, const xp_call *call, xp_error *error) {
  const char *text = xp_call_value(call, "--trial");
  *choice = (xp_choice){0};
  if (!text && xp_call_value(call, "--search"))
    return xp_error_set(error, XP_ERROR_INPUT, "option --search acts only with --trial; add it or remove --search");
  if (!text) return XP_OK;
  xp_status status = find_folder(choice, call, error);
  if (status == XP_OK) status = xp_past_read(&choice->past, choice->folder, error);
  if (status == XP_OK) status = parse_number(choice, text, error);
  if (status != XP_OK) {
    xp_choice_clear(choice);
    return status;
  }
  choice->trials = choice->past->count;
  for (int t = 0; t < choice->trials; ++t) choice->failed += choice->past->trials[t].result.status == XP_TRIAL_FAILED;
  return XP_OK;
}

void xp_choice_clear(xp_choice *choice) {
  xp_past_free(choice->past);
  *choice = (xp_choice){0};
}

/* A choice by its text: the lists of the two spaces may differ. A dimension that was not active has no value: any will do. */
static bool convert(const xp_range *from, double value, const xp_range *to, double *converted) {
  *converted = isfinite(value) ? value : to->low;
  if (!isfinite(value)) return true;
  if (!from->choices != !to->choices) return false;
  for (int c = 0; c < to->nchoices; ++c)
    if (strcmp(to->choices[c], from->choices[(int)value]) == 0) {
      *converted = c;
      return true;
    }
  return !to->choices;
}

xp_status xp_choice_values(const xp_choice *choice, const xp_config *config, double **values, xp_error *error) {
  int n = xp_space_count(config->space);
  *values = NULL;
  if (!choice->past) return XP_OK;
  double *made = calloc((size_t)n + 1, sizeof *made);
  if (!made) return xp_error_memory(error, "the values of the trial");
  const xp_past_trial *trial = &choice->past->trials[choice->trial - 1];
  for (int d = 0; d < n; ++d) {
    const xp_range *range = xp_space_range(config->space, d);
    int from = xp_space_find(choice->past->space, range->name);
    if (from >= 0 && convert(xp_space_range(choice->past->space, from), trial->values[from], range, &made[d])) continue;
    free(made);
    return xp_error_at(error, (xp_place){config->path, 0, 0},
                       "trial %d of %s has no value for %s: the input has another space than that search",
                       choice->trial, choice->past->path, range->name);
  }
  xp_space_normalise(config->space, made);
  *values = made;
  return XP_OK;
}

xp_status xp_choice_check(const xp_choice *choice, const xp_config *config, xp_error *error) {
  for (int d = 0; choice->past && d < xp_space_count(choice->past->space); ++d) {
    const char *name = xp_space_range(choice->past->space, d)->name;
    if (xp_space_find(config->space, name) < 0)
      return xp_error_at(error, (xp_place){config->path, 0, 0},
                         "%s is a range in %s and is none here: the fit would not be that of trial %d", name,
                         choice->past->path, choice->trial);
  }
  return XP_OK;
}

xp_status xp_choice_output(const xp_choice *choice, const xp_call *call, const char *suffix, xp_config *config,
                           xp_error *error) {
  char name[64], path[XP_FOLDER_PATH];
  if (!choice->past || xp_call_value(call, "--output")) return XP_OK;
  snprintf(name, sizeof name, "trial-%d%s", choice->trial, suffix);
  xp_status status = xp_folder_join(path, choice->folder, name, error);
  if (status != XP_OK) return status;
  free(config->output);
  config->output = strdup(path);
  return config->output ? XP_OK : xp_error_memory(error, "the command line");
}
