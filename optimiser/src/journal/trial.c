/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

xp_status xp_trial_add_metric(xp_trial *trial, const char *name, double value, xp_error *error) {
  size_t size = (size_t)(trial->nmetrics + 1) * sizeof *trial->metrics;
  xp_metric *metrics = realloc(trial->metrics, size);
  if (!metrics) return xp_error_memory(error, "the metrics of a trial");
  trial->metrics = metrics;
  char *copy = strdup(name);
  if (!copy) return xp_error_memory(error, "the metrics of a trial");
  metrics[trial->nmetrics++] = (xp_metric){.name = copy, .value = value};
  return XP_OK;
}

void xp_trial_fail(xp_trial *trial, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(trial->reason, sizeof trial->reason, format, arguments);
  va_end(arguments);
  trial->status = XP_TRIAL_FAILED;
}

void xp_trial_clear(xp_trial *trial) {
  for (int metric = 0; metric < trial->nmetrics; ++metric) free(trial->metrics[metric].name);
  free(trial->metrics);
  *trial = (xp_trial){0};
}
