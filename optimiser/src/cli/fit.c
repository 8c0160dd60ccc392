/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/flags.h"
#include "cli/study.h"
#include "report/folder.h"

static const xp_flag flags[] = {XP_FLAG_OUTPUT, XP_FLAG_THREADS, XP_FLAG_QUIET, {0}};

static xp_status check_fixed(const xp_config *config, xp_error *error) {
  if (xp_space_count(config->space) == 0) return XP_OK;
  return xp_error_at(error, (xp_place){config->path, 0, 0},
                     "%s is a range: give it a value, or run xpot-opt search, which tries many",
                     xp_space_range(config->space, 0)->name);
}

/* What can be refused at once is refused before the work. */
static xp_status check(const xp_study *study, xp_error *error) {
  xp_design_size size;
  xp_status status = check_fixed(study->config, error);
  if (status == XP_OK) status = xp_fitter_measure(study->fitter, NULL, &size, error);
  return status == XP_OK ? xp_folder_make(study->config->output, error) : status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study;
  xp_fit_result result = {0};
  double start = xp_report_clock();
  xp_status status = xp_study_open(&study, call, error);
  if (status != XP_OK) return status;
  status = check(&study, error);
  if (status == XP_OK) xp_study_warn(&study);
  if (status == XP_OK) status = xp_fitter_run(study.fitter, NULL, &result, error);
  if (status == XP_OK) {
    xp_report_message(&study.report, "%d coefficients, rank %d, condition %.2g (columns scaled), %.1f s",
                      result.solution.columns, result.solution.rank, result.solution.condition,
                      xp_report_clock() - start);
    xp_outcome outcome = {.result = &result, .start = start};
    status = xp_study_write(&study, call, &outcome, error);
  }
  xp_fit_result_clear(&result);
  xp_study_close(&study);
  return status;
}

const xp_command xp_command_fit = {.name = "fit",
                                   .arguments = "INPUT ",
                                   .summary = "fit one potential with the values an input file gives",
                                   .details =
                                       "Writes NAME.snapcoeff, NAME.snapparam and card.json into the output folder.\n",
                                   .input_help = true,
                                   .least = 1,
                                   .most = 1,
                                   .flags = flags,
                                   .run = run};
