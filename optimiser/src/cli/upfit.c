/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/flags.h"
#include "cli/study.h"

static const xp_flag flags[] = {XP_FLAG_TRIAL, XP_FLAG_STAGES, XP_FLAG_OUTPUT, XP_FLAG_THREADS, XP_FLAG_QUIET, {0}};

static xp_status check_kind(const xp_config *config, xp_error *error) {
  if (xp_config_may_be(config, XP_FIT_ACE)) return XP_OK;
  return xp_error_at(
      error, (xp_place){config->path, 0, 0},
      "an upfit goes on with an ACE potential, potential.kind is another; SNAP is solved anew by xpot-opt fit");
}

/* An upfit starts from a potential, which stands for fit.initial_potential: that of the command line, or the one that xpot-opt fit wrote for the trial. */
static xp_status find_potential(const xp_call *call, const xp_choice *choice, const xp_config *config,
                                char path[XP_FOLDER_PATH], xp_error *error) {
  char name[XP_FOLDER_PATH];
  if (call->narguments < 2 && !choice->past)
    return xp_error_set(error, XP_ERROR_INPUT, "expected the potential to go on with behind the input, or --trial");
  if (call->narguments == 2) {
    snprintf(path, XP_FOLDER_PATH, "%s", call->arguments[1]);
    return XP_OK;
  }
  snprintf(name, sizeof name, "trial-%d/%.1000s.yaml", choice->trial, config->name);
  xp_status status = xp_folder_join(path, choice->folder, name, error);
  if (status != XP_OK || access(path, R_OK) == 0) return status;
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot read it: %s; run xpot-opt fit %s --trial %d first", path,
                      strerror(errno), call->arguments[0], choice->trial);
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study = {0};
  xp_choice choice;
  char path[XP_FOLDER_PATH];
  double start = xp_report_clock();
  xp_status status = xp_choice_make(&choice, call, error);
  if (status == XP_OK) status = xp_study_open(&study, call, error);
  if (status == XP_OK) status = check_kind(study.config, error);
  if (status == XP_OK) status = find_potential(call, &choice, study.config, path, error);
  if (status == XP_OK) status = xp_config_set_initial(study.config, path, error);
  if (status == XP_OK) status = xp_choice_output(&choice, call, "-upfit", study.config, error);
  if (status == XP_OK) status = xp_fit_command(call, &study, &choice, start, error);
  xp_study_close(&study);
  xp_choice_clear(&choice);
  return status;
}

const xp_command xp_command_upfit = {
    .name = "upfit",
    .arguments = "INPUT [POTENTIAL.yaml] ",
    .summary = "go on with a fitted ACE potential, with the stages an input file gives",
    .details =
        "POTENTIAL.yaml is one that fit wrote. Functions and radial functions of the input that it has, too, start "
        "with\n"
        "its coefficients, other functions with zero. The stages are fit.kappa and fit.iterations of INPUT, usually "
        "with a\n"
        "small kappa, which turns to the energies. Writes what fit writes; without --output or another name in INPUT,\n"
        "over the potential that fit wrote.\n"
        "With --trial N, POTENTIAL.yaml may be left out: it is that of xpot-opt fit INPUT --trial N, in trial-N of "
        "the\n"
        "search's folder, and stays; the result goes into trial-N-upfit. Compare their cards: an upfit can diverge.\n",
    .input_help = true,
    .least = 1,
    .most = 2,
    .flags = flags,
    .run = run};
