/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "config/words.h"
#include "report/findings_files.h"
#include "report/folder.h"
#include "report/summary.h"
#include "report/table.h"

static const xp_flag flags[] = {
    {"--second", "METRIC", "a metric of the trials; - in front maximises", "as the search says",
     "second objective of the Pareto front"},
    {"--dimensions", "N", "1 to 20", "8", "most important dimensions that get curves, maps and panels"},
    {0}};

enum { DIMENSIONS_STANDARD = 8, DIMENSIONS_MOST = 20 };

/* Folder of files beside the tables. */
#define FOLDER "report"

static bool is_folder(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The output folder: the argument itself, or that of the input it names. */
static xp_status find_folder(const xp_call *call, char folder[XP_FOLDER_PATH], xp_error *error) {
  const char *argument = call->arguments[0];
  bool given = is_folder(argument);
  xp_config *config = NULL;
  xp_status status = given ? XP_OK : xp_config_read(&config, argument, error);
  const char *name = given ? argument : status == XP_OK ? config->output : "";
  if (status == XP_OK && snprintf(folder, XP_FOLDER_PATH, "%s", name) >= XP_FOLDER_PATH)
    status = xp_error_set(error, XP_ERROR_INPUT, "%s: the name of the folder is too long", name);
  xp_config_free(config);
  return status;
}

static xp_status check_second(const xp_past *past, const char *second, xp_error *error) {
  int best = xp_past_best(past);
  if (!second || !best) return XP_OK;
  const xp_trial *trial = &past->trials[best - 1].result;
  const char *names[64];
  int n = 0;
  for (; n < trial->nmetrics && n < 64; ++n) {
    names[n] = trial->metrics[n].name;
    if (strcmp(names[n], second + (second[0] == '-')) == 0) return XP_OK;
  }
  char advice[512];
  xp_word_advice(second, names, n, advice, sizeof advice);
  return xp_error_set(error, XP_ERROR_INPUT, "%s has no metric \"%s\"%s", past->path, second, advice);
}

static xp_status write_files(const xp_findings *findings, const char *folder, xp_error *error) {
  char beside[XP_FOLDER_PATH];
  bool drawn = false;
  xp_status status = xp_tables_write_past(folder, findings->past, error);
  if (status == XP_OK) status = xp_folder_join(beside, folder, FOLDER, error);
  if (status == XP_OK) status = xp_folder_make(beside, error);
  if (status == XP_OK) status = xp_findings_write_tables(findings, beside, error);
  if (status == XP_OK) status = xp_findings_write_pictures(findings, beside, &drawn, error);
  if (status != XP_OK) return status;
  printf("\nwritten: tables in %s, curves, maps and pictures in %s\n", folder, beside);
  if (!drawn)
    printf("note: gnuplot is not installed or failed; for the pictures install it and run it in that folder:\n"
           "    cd %s && for f in *.gnuplot; do gnuplot $f; done\n",
           beside);
  return XP_OK;
}

static xp_status report(const xp_call *call, const char *folder, const xp_past *past, xp_error *error) {
  const char *second = xp_call_value(call, "--second");
  xp_findings findings = {0};
  int shown;
  if (!second) second = past->second;
  xp_status status = xp_call_integer(call, "--dimensions", 1, DIMENSIONS_MOST, DIMENSIONS_STANDARD, &shown, error);
  if (status == XP_OK) status = check_second(past, second, error);
  if (status == XP_OK) status = xp_findings_make(&findings, past, second, shown, error);
  if (status == XP_OK) {
    xp_summary_print(&findings, stdout);
    status = write_files(&findings, folder, error);
  }
  xp_findings_clear(&findings);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  char folder[XP_FOLDER_PATH];
  xp_past *past = NULL;
  xp_status status = find_folder(call, folder, error);
  if (status == XP_OK) status = xp_past_read(&past, folder, error);
  if (status == XP_OK) status = report(call, folder, past, error);
  xp_past_free(past);
  return status;
}

const xp_command xp_command_report = {
    .name = "report",
    .arguments = "INPUT_OR_FOLDER ",
    .summary = "say what a search found, also while it runs",
    .details =
        "Reads journal.jsonl in the output folder, nothing else: neither the data nor, when the folder is given, the\n"
        "input. Prints the best trials, the Pareto front of two objectives, values at the end of a range, how the "
        "search\n"
        "converged, why trials failed, and how much each parameter matters. Writes into the output folder\n"
        "  trials.csv, parameters.csv, atomistic_errors.csv, loss_function_errors.csv, *_final    as search does\n"
        "  report/convergence.csv, front.csv, importance.csv\n"
        "  report/dependence.csv, dependence-pairs.csv    expected loss over one and two parameters\n"
        "  report/*.png      pictures of these, and of the values tried, where gnuplot is installed\n",
    .least = 1,
    .most = 1,
    .flags = flags,
    .run = run};
