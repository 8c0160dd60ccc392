/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/active.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flags.h"
#include "report/folder.h"

static const xp_flag flags[] = {
    {"--data", "FILE", "extended XYZ", "none", "the structures the potential was fitted to; required"},
    {"--full", NULL, NULL, NULL, "look at what the energy is linear in near the fitted parameters; see below"},
    {"--out", "FILE", "a file", "the potential's name with the ending .asi", "where the active set goes"},
    XP_FLAG_THREADS_WITHOUT_INPUT,
    {"--memory", "MB", "0 to 10000000", "4000",
     "descriptors to keep; the others are computed again in each pass. Results do not depend on it"},
    XP_FLAG_QUIET,
    {0}};

/* What --out says, or the potential's name with another ending. */
static xp_status output_path(const xp_call *call, char path[XP_FOLDER_PATH], xp_error *error) {
  const char *given = xp_call_value(call, "--out"), *name = given ? given : call->arguments[0];
  const char *slash = strrchr(name, '/'), *dot = strrchr(name, '.');
  bool ending = !given && dot && !(slash && dot < slash);
  int length = ending ? (int)(dot - name) : (int)strlen(name);
  if (snprintf(path, XP_FOLDER_PATH, "%.*s%s", length, name, given ? "" : ".asi") < XP_FOLDER_PATH) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%.200s...: the path is longer than %d characters", name, XP_FOLDER_PATH);
}

static xp_status write_set(const xp_active_request *request, const char *path, xp_error *error) {
  xp_active_set *set = NULL;
  xp_active_summary summary = {0};
  double begin = xp_report_clock();
  xp_status status = xp_active_make(&set, &summary, request, error);
  if (status == XP_OK) status = xp_active_set_write(set, path, error);
  if (status == XP_OK) {
    xp_active_summary_print(&summary, stdout);
    xp_active_summary_warn(&summary, request->report);
    xp_report_message(request->report, "written: %s, %s (%d passes, %ld exchanges, %.1f s, %.0f MB at most)", path,
                      request->form == XP_GRADE_FULL ? "full" : "linear", summary.passes, summary.exchanges,
                      xp_report_clock() - begin, xp_report_peak_memory());
  }
  xp_active_summary_clear(&summary);
  xp_active_set_free(set);
  return status;
}

static xp_status check(const xp_call *call, int *threads, int *memory, xp_error *error) {
  xp_status status = xp_call_threads(call, threads, error);
  if (status == XP_OK) status = xp_call_integer(call, "--memory", 0, 10000000, 4000, memory, error);
  if (status == XP_OK) status = xp_call_check_outputs(call, (const char *const[]){"--out", NULL}, error);
  if (status != XP_OK || xp_call_value(call, "--data")) return status;
  return xp_error_set(error, XP_ERROR_INPUT, "expected --data FILE; see xpot-opt active --help");
}

static xp_status run(const xp_call *call, xp_error *error) {
  int threads, memory;
  char path[XP_FOLDER_PATH];
  xp_potential *potential = NULL;
  xp_data *data = NULL;
  xp_report report = xp_report_standard(xp_call_value(call, "--quiet") != NULL);
  xp_status status = check(call, &threads, &memory, error);
  if (status == XP_OK) status = output_path(call, path, error);
  if (status == XP_OK)
    status = xp_potential_read(&potential, (const char *const *)call->arguments, call->narguments, error);
  if (status == XP_OK) status = xp_data_read(&data, xp_call_value(call, "--data"), NULL, error);
  if (status == XP_OK) {
    xp_active_request request = {.potential = potential,
                                 .data = data,
                                 .form = xp_call_value(call, "--full") ? XP_GRADE_FULL : XP_GRADE_LINEAR,
                                 .memory = 1e6 * memory,
                                 .threads = threads,
                                 .report = &report};
    status = write_set(&request, path, error);
  }
  xp_data_free(data);
  xp_potential_free(potential);
  return status;
}

const xp_command xp_command_active = {
    .name = "active",
    .arguments = "POTENTIAL... ",
    .summary = "write the active set of a potential (.asi), by which atoms outside of its data are known",
    .details =
        "POTENTIAL: a .yaml of ACE, or .snapcoeff and .snapparam. fit and search write an active set with the\n"
        "potential; this makes one for a potential that has none, or of other data. Several files of data: join them\n"
        "(cat). The extrapolation grade gamma of an atom, which pair_style xpotace and xpot-opt grade compute from\n"
        "potential and active set, is at most 1 for all atoms of the data and larger outside.\n"
        "Descriptors: the B functions of ACE, 1 and the bispectrum of SNAP (linear); with --full also times the\n"
        "derivative of the energy by each density, or products of the bispectrum (quadratic SNAP).\n"
        "Unexplored: directions in which atoms of the data differ by less than 1e-6 of the descriptors' size.\n",
    .least = 1,
    .most = XP_POTENTIAL_FILES,
    .flags = flags,
    .run = run};
