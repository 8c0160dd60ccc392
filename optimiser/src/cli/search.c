/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/search.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/flags.h"
#include "cli/study.h"
#include "journal/journal.h"
#include "report/folder.h"
#include "report/table.h"

static const xp_flag flags[] = {
    XP_FLAG_OUTPUT,
    XP_FLAG_THREADS,
    {"--trials", "N", "1 to 1000000", "as the input says", "trials in all, with those already in the journal"},
    XP_FLAG_QUIET,
    {0}};

#define SECONDS_AN_HOUR 3600.0

/* A search that runs; the first argument of every hook. */
typedef struct hunt {
  xp_study *study;
  xp_search_settings settings;
  char journal[XP_FOLDER_PATH], trials[XP_FOLDER_PATH], timings[XP_FOLDER_PATH];
} hunt;

static volatile sig_atomic_t interrupted, quiet;

/* The first signal ends the search behind the trial in progress, the second at once: the journal allows that, too. */
static void interrupt(int signal_number) {
  static const char note[] = "\nstopping behind this trial; interrupt again to stop at once\n";
  int before = errno;
  (void)signal_number;
  interrupted = 1;
  if (!quiet && write(STDERR_FILENO, note, sizeof note - 1) < 0) quiet = 1;
  errno = before;
}

/* Checksum of all that decides a loss. */
static xp_status find_fingerprint(const xp_study *study, char digest[65], xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the fingerprint");
  xp_status status = xp_objective_print_fingerprint(study->objective, stream, error);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  if (status == XP_OK && failed) status = xp_error_memory(error, "the fingerprint");
  if (status == XP_OK) xp_bytes_sha256(text, size, digest);
  free(text);
  return status;
}

static xp_status try_point(void *user, int number, const double *values, xp_trial *trial, xp_error *error) {
  hunt *h = user;
  xp_task task = {number, values, 1.0, h->study->config->output};
  double start = xp_report_clock();
  xp_status status = xp_objective_run(h->study->objective, &task, trial, error);
  if (status != XP_OK) return status;
  xp_timing timing = {number, xp_report_clock() - start, xp_report_peak_memory()};
  return xp_table_add_timing(h->timings, &timing, error);
}

static void show_message(void *user, const char *sentence) {
  hunt *h = user;
  xp_report_message(&h->study->report, "%s", sentence);
}

static void show_progress(void *user, const xp_search_progress *p) {
  hunt *h = user;
  char left[64] = "";
  if (!isnan(p->seconds_left)) snprintf(left, sizeof left, ", %.0f s left", p->seconds_left);
  if (p->best_trial)
    xp_report_line(&h->study->report, "%d of %d trials, %d failed, best loss %.5g (trial %d)%s", p->trial, p->trials,
                   p->failed, p->best_loss, p->best_trial, left);
  else
    xp_report_line(&h->study->report, "%d of %d trials, %d failed%s", p->trial, p->trials, p->failed, left);
}

static void set_up(hunt *h, const char *fingerprint) {
  const xp_config *config = h->study->config;
  h->settings = xp_search_settings_default(config->space);
  if (config->initial.value > 0.0) h->settings.initial = (int)config->initial.value;
  h->settings.seed = (uint64_t)config->seed.value;
  h->settings.xi = config->xi.value;
  h->settings.fingerprint = fingerprint;
  h->settings.stop.trials = (int)config->trials.value;
  h->settings.stop.plateau = (int)config->plateau.value;
  if (config->hours.value > 0.0) h->settings.stop.seconds = SECONDS_AN_HOUR * config->hours.value;
  if (config->target_loss.value > 0.0) h->settings.stop.target_loss = config->target_loss.value;
  h->settings.stop.interrupt = &interrupted;
  h->settings.message = show_message;
  h->settings.progress = show_progress;
  h->settings.hook_user = h;
}

/* The best trial is fitted again: the same input gives the same potential. */
static xp_status write_best(hunt *h, const xp_call *call, const xp_search_summary *summary, double start,
                            xp_error *error) {
  if (!summary->best_values)
    return xp_error_set(error, XP_ERROR_RANGE, "none of the %d trials succeeded (%s); their reasons are in %s",
                        summary->progress.trial, xp_stop_cause_text(summary->cause), h->trials);
  xp_fit_result best = {0};
  xp_status status = xp_fitter_run(h->study->fitter, summary->best_values, NULL, NULL, &best, error);
  xp_outcome outcome = {.result = &best,
                        .values = summary->best_values,
                        .start = start,
                        .trial = summary->progress.best_trial,
                        .trials = summary->progress.trial,
                        .failed_trials = summary->progress.failed};
  if (status == XP_OK) status = xp_study_write(h->study, call, &outcome, error);
  xp_fit_result_clear(&best);
  return status;
}

/* A result next to a bound says that the range is too small. */
static void warn_of_bounds(const xp_study *study, const double *values) {
  const double margin = 0.01;
  int n = xp_space_count(study->config->space);
  double *coords = calloc((size_t)n + 1, sizeof *coords);
  if (!coords) return;
  xp_space_encode(study->config->space, values, coords);
  for (int d = 0; d < n; ++d) {
    const xp_range *range = xp_space_range(study->config->space, d);
    if (range->kind == XP_RANGE_REAL && (coords[d] < margin || coords[d] > 1.0 - margin))
      printf("note: %s ended at %g, next to the %s end of its range\n", range->name, values[d],
             coords[d] < margin ? "low" : "high");
  }
  free(coords);
}

static xp_status conduct(hunt *h, const xp_call *call, double start, xp_error *error) {
  const xp_config *config = h->study->config;
  xp_search_summary summary = {0};
  xp_status status = xp_search_run(&h->settings, config->space, try_point, h, h->journal, &summary, error);
  if (status != XP_OK) return status;
  status = xp_tables_write(config->output, error);
  if (summary.best_values)
    xp_report_message(&h->study->report, "%s; best loss %.6g, trial %d; %d failed", xp_stop_cause_text(summary.cause),
                      summary.progress.best_loss, summary.progress.best_trial, summary.progress.failed);
  if (status == XP_OK) status = write_best(h, call, &summary, start, error);
  if (status == XP_OK) {
    for (int d = 0; d < xp_space_count(config->space); ++d) {
      const xp_range *range = xp_space_range(config->space, d);
      if (range->kind == XP_RANGE_CHOICE)
        printf("%-32s %s\n", range->name, range->choices[(int)summary.best_values[d]]);
      else
        printf("%-32s %.8g\n", range->name, summary.best_values[d]);
    }
    warn_of_bounds(h->study, summary.best_values);
  }
  xp_search_summary_clear(&summary);
  return status;
}

static xp_status check_input(const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  if (!config->validate)
    return xp_error_at(error, place, "a search needs data.validate: a file of structures apart from those fitted to");
  if (xp_space_count(config->space) == 0)
    return xp_error_at(error, place,
                       "a search needs at least one value given as a range, found none; xpot-opt fit makes one fit");
  return XP_OK;
}

static xp_status open_folder(hunt *h, xp_error *error) {
  const char *folder = h->study->config->output;
  xp_status status = xp_folder_make(folder, error);
  if (status == XP_OK) status = xp_folder_join(h->journal, folder, "journal.jsonl", error);
  if (status == XP_OK) status = xp_folder_join(h->trials, folder, "trials.csv", error);
  if (status == XP_OK) status = xp_folder_join(h->timings, folder, "timings.csv", error);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study;
  char fingerprint[65];
  int trials;
  double start = xp_report_clock();
  xp_status status = xp_study_open(&study, call, error);
  if (status != XP_OK) return status;
  hunt *h = calloc(1, sizeof *h);
  if (!h) status = xp_error_memory(error, "the search");
  if (status == XP_OK)
    status = xp_call_integer(call, "--trials", 1, 1000000, (int)study.config->trials.value, &trials, error);
  if (status == XP_OK) status = check_input(study.config, error);
  if (status == XP_OK) status = find_fingerprint(&study, fingerprint, error);
  if (status == XP_OK) {
    h->study = &study;
    study.config->trials.value = trials;
    xp_study_warn(&study);
    set_up(h, fingerprint);
    status = open_folder(h, error);
  }
  if (status == XP_OK) {
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART | SA_RESETHAND};
    quiet = xp_call_value(call, "--quiet") != NULL;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    status = conduct(h, call, start, error);
  }
  free(h);
  xp_study_close(&study);
  return status;
}

const xp_command xp_command_search = {
    .name = "search",
    .arguments = "INPUT ",
    .summary = "tune all values that are ranges; run it again and it goes on",
    .details =
        "Writes into the output folder:\n"
        "  journal.jsonl    a line for each trial, the state of the search: kill it at any instant, run the same\n"
        "                   command, and it makes the trials that an uninterrupted search would have made\n"
        "  trials.csv       the journal as a table; timings.csv: seconds and memory of each trial; parameters.csv,\n"
        "                   atomistic_errors.csv, loss_function_errors.csv and their *_final: the tables of XPOT;\n"
        "                   xpot-opt report makes them anew and says more\n"
        "  NAME.snapcoeff and NAME.snapparam, or NAME.yaml and NAME.yace    the best potential\n"
        "  card.json        its errors and how it was made; NAME.parity-train.csv and NAME.parity-validate.csv:\n"
        "                   every label and its prediction\n"
        "Interrupt (Ctrl-C) stops after the trial in progress and writes the best potential so far; a second one\n"
        "stops at once, and the same command goes on.\n",
    .input_help = true,
    .least = 1,
    .most = 1,
    .flags = flags,
    .run = run};
