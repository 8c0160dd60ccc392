/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/search_result.h"

#include <stdlib.h>

#include "cli/external_study.h"
#include "journal/journal.h"
#include "report/table.h"

xp_status xp_search_files_open(xp_search_files *files, const char *folder, xp_error *error) {
  xp_status status = xp_folder_make(folder, error);
  if (status == XP_OK) status = xp_folder_join(files->journal, folder, "journal.jsonl", error);
  if (status == XP_OK) status = xp_folder_join(files->trials, folder, "trials.csv", error);
  if (status == XP_OK) status = xp_folder_join(files->timings, folder, "timings.csv", error);
  return status;
}

static xp_status write_trials(const xp_space *space, const xp_search_settings *settings, const xp_search_files *files,
                              xp_error *error) {
  char *text = NULL;
  xp_journal *journal = NULL;
  xp_status status = xp_search_settings_text(settings, space, &text, error);
  xp_journal_header header = {space, text, settings->fingerprint};
  if (status == XP_OK) status = xp_journal_read(&journal, files->journal, &header, error);
  if (status == XP_OK) status = xp_table_write_trials(files->trials, journal, space, error);
  xp_journal_free(journal);
  free(text);
  return status;
}

/* The best trial is fitted again, whole: the same input gives the same potential. */
static xp_status write_best(xp_study *study, const xp_call *call, const xp_search_summary *summary, double start,
                            xp_error *error) {
  xp_fit_result best = {0};
  xp_status status = XP_OK;
  if (!study->external) status = xp_fitter_run(study->fitter, summary->best_values, NULL, NULL, &best, error);
  xp_outcome outcome = {.result = &best,
                        .values = summary->best_values,
                        .start = start,
                        .trial = summary->progress.best_trial,
                        .trials = summary->progress.trial,
                        .failed_trials = summary->progress.failed};
  if (study->external) return xp_external_study_write(study, call, &outcome, error);
  if (status == XP_OK) status = xp_study_write(study, call, &outcome, error);
  xp_fit_result_clear(&best);
  return status;
}

static void print_point(const xp_space *space, const double *values) {
  for (int d = 0; d < xp_space_count(space); ++d) {
    const xp_range *range = xp_space_range(space, d);
    if (!xp_space_active(space, values, d))
      printf("%-32s not active\n", range->name);
    else if (range->choices)
      printf("%-32s %s\n", range->name, range->choices[(int)values[d]]);
    else
      printf("%-32s %.8g\n", range->name, values[d]);
  }
}

/* A result next to a bound says that the range is too small. */
static void warn_of_bounds(const xp_space *space, const double *values) {
  const double margin = 0.01;
  int n = xp_space_count(space);
  double *coords = calloc((size_t)n + 1, sizeof *coords);
  if (!coords) return;
  xp_space_encode(space, values, coords);
  for (int d = 0; d < n; ++d) {
    const xp_range *range = xp_space_range(space, d);
    if (range->kind == XP_RANGE_REAL && (coords[d] < margin || coords[d] > 1.0 - margin))
      printf("note: %s ended at %g, next to the %s end of its range\n", range->name, values[d],
             coords[d] < margin ? "low" : "high");
  }
  free(coords);
}

static void say(xp_report *report, const xp_search_summary *summary) {
  const xp_search_progress *progress = &summary->progress;
  xp_report_message(report, "%s; best loss %.6g, trial %d; %d failed", xp_stop_cause_text(summary->cause),
                    progress->best_loss, progress->best_trial, progress->failed);
  if (progress->best_fidelity < 1.0)
    xp_report_message(report, "note: no trial was a whole one: the best of those with %g of the data counts",
                      progress->best_fidelity);
  if (!progress->best_within) xp_report_message(report, "warning: no trial was within all limits");
}

xp_status xp_search_write(xp_study *study, const xp_call *call, const xp_search_settings *settings,
                          const xp_search_files *files, const xp_search_summary *summary, double start,
                          xp_error *error) {
  const xp_space *space = study->config->space;
  xp_status status = write_trials(space, settings, files, error);
  if (status != XP_OK) return status;
  if (!summary->best_values)
    return xp_error_set(error, XP_ERROR_RANGE, "none of the %d trials succeeded (%s); their reasons are in %s",
                        summary->progress.trial, xp_stop_cause_text(summary->cause), files->trials);
  say(&study->report, summary);
  status = write_best(study, call, summary, start, error);
  if (status != XP_OK) return status;
  print_point(space, summary->best_values);
  warn_of_bounds(space, summary->best_values);
  return XP_OK;
}
