/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "cli/external_study.h"
#include "cli/flags.h"
#include "cli/study.h"
#include "parallel/parallel.h"
#include "report/folder.h"

static const xp_flag flags[] = {XP_FLAG_TRIAL, XP_FLAG_STAGES, XP_FLAG_OUTPUT, XP_FLAG_THREADS, XP_FLAG_QUIET, {0}};

static xp_status check_fixed(const xp_config *config, xp_error *error) {
  if (xp_space_count(config->space) == 0) return XP_OK;
  return xp_error_at(
      error, (xp_place){config->path, 0, 0},
      "%s is a range: give it a value, or run xpot-opt search, which tries many; --trial takes its values",
      xp_space_range(config->space, 0)->name);
}

/* What can be refused at once is refused before the work. */
static xp_status check(const xp_study *study, const xp_choice *choice, const double *values, xp_error *error) {
  xp_fit_size size;
  xp_status status = values ? xp_choice_check(choice, study->config, error) : check_fixed(study->config, error);
  if (status == XP_OK && !study->external) status = xp_fitter_measure(study->fitter, values, &size, error);
  return status == XP_OK ? xp_folder_make(study->config->output, error) : status;
}

static void say(xp_study *study, const xp_fit_result *result, double start) {
  const xp_solution *solution = &result->snap.solution;
  double seconds = xp_report_clock() - start;
  if (result->ace.basis)
    xp_report_message(&study->report, "%d parameters, %d iterations, %.1f s", result->ace.parameters,
                      result->ace.iterations, seconds);
  else
    xp_report_message(&study->report, "%d coefficients, rank %d, condition %.2g (columns scaled), %.1f s",
                      solution->columns, solution->rank, solution->condition, seconds);
}

xp_status xp_fit_command(const xp_call *call, xp_study *study, const xp_choice *choice, double start, xp_error *error) {
  xp_fit_result result = {0};
  double *values = NULL;
  xp_status status = xp_choice_values(choice, study->config, &values, error);
  if (status == XP_OK) status = check(study, choice, values, error);
  if (status == XP_OK) xp_study_warn(study);
  if (status == XP_OK && study->external && xp_parallel_size() > 1)
    status = xp_error_set(error, XP_ERROR_INPUT, "a fit by another code is one process: run it without mpirun");
  if (status == XP_OK && study->external) {
    xp_outcome outcome = {.values = values, .start = start};
    status = xp_external_study_run(study, call, &outcome, error);
    free(values);
    return status;
  }
  if (status == XP_OK) status = xp_fitter_run(study->fitter, values, NULL, study->config->output, &result, error);
  if (status == XP_OK) {
    say(study, &result, start);
    xp_outcome outcome = {.result = &result,
                          .values = values,
                          .start = start,
                          .trial = choice->trial,
                          .trials = choice->trials,
                          .failed_trials = choice->failed};
    status = xp_study_write(study, call, &outcome, error);
  }
  if (status == XP_OK) status = xp_fitter_finish(study->fitter, study->config->output, error);
  xp_fit_result_clear(&result);
  free(values);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study = {0};
  xp_choice choice;
  double start = xp_report_clock();
  xp_status status = xp_choice_make(&choice, call, error);
  if (status == XP_OK) status = xp_study_open(&study, call, error);
  if (status == XP_OK) status = xp_choice_output(&choice, call, "", study.config, error);
  if (status == XP_OK) status = xp_fit_command(call, &study, &choice, start, error);
  xp_study_close(&study);
  xp_choice_clear(&choice);
  return status;
}

const xp_command xp_command_fit = {
    .name = "fit",
    .arguments = "INPUT ",
    .summary = "fit one potential with the values an input file gives",
    .details =
        "Writes into the output folder:\n"
        "  NAME.snapcoeff and NAME.snapparam, or for ace NAME.yace, for LAMMPS\n"
        "  NAME.yaml        ace: the same potential, for xpot-opt upfit and pacemaker\n"
        "  NAME.asi         the active set (fit.active_set), for extrapolation grades\n"
        "  card.json        data, errors, cost, checksums\n"
        "  NAME.parity-train.csv and NAME.parity-validate.csv    every label and its prediction\n"
        "  NAME.curve.csv   ace: the learning curve, a line an iteration\n"
        "  trials/0         external: the files of the fitting code; best is a link to it\n"
        "  NAME.checkpoint  ace, while it runs: after a kill the same command goes on from there and ends with the\n"
        "                   same potential; removed at the end\n"
        "A fit has no ranges: put values in their places, or take those of a trial with --trial N: then all goes into\n"
        "trial-N of the search's folder unless --output says where. Fits of ace may run as\n"
        "mpirun -n N xpot-opt fit ...; the processes share the structures, and N changes the result by rounding "
        "alone.\n",
    .input_help = true,
    .least = 1,
    .most = 1,
    .flags = flags,
    .run = run};
