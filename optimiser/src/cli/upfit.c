/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/flags.h"
#include "cli/study.h"

static const xp_flag flags[] = {XP_FLAG_OUTPUT, XP_FLAG_THREADS, XP_FLAG_QUIET, {0}};

/* An upfit starts from a potential: that of the command line stands for fit.initial_potential. */
static xp_status start_from(xp_study *study, const char *path, xp_error *error) {
  xp_config *config = study->config;
  if (!xp_config_may_be(config, XP_FIT_ACE))
    return xp_error_at(
        error, (xp_place){config->path, 0, 0},
        "an upfit goes on with an ACE potential, potential.kind is another; SNAP is solved anew by xpot-opt fit");
  return xp_config_set_initial(config, path, error);
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study;
  double start = xp_report_clock();
  xp_status status = xp_study_open(&study, call, error);
  if (status != XP_OK) return status;
  status = start_from(&study, call->arguments[1], error);
  if (status == XP_OK) status = xp_fit_command(call, &study, start, error);
  xp_study_close(&study);
  return status;
}

const xp_command xp_command_upfit = {
    .name = "upfit",
    .arguments = "INPUT POTENTIAL.yaml ",
    .summary = "go on with a fitted ACE potential, with the stages an input file gives",
    .details =
        "POTENTIAL.yaml is one that fit wrote. Functions and radial functions of the input that it has, too, start "
        "with\n"
        "its coefficients, other functions with zero. The stages are fit.kappa and fit.iterations of INPUT, usually "
        "with a\n"
        "small kappa, which turns to the energies. Writes what fit writes; without --output or another name in INPUT,\n"
        "over the potential that fit wrote.\n",
    .input_help = true,
    .least = 2,
    .most = 2,
    .flags = flags,
    .run = run};
