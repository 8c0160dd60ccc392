/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/flags.h"
#include "cli/search_crew.h"
#include "cli/search_plan.h"
#include "cli/search_result.h"
#include "cli/search_worker.h"
#include "external/external.h"
#include "objective/scratch.h"
#include "parallel/parallel.h"

static const xp_flag flags[] = {
    XP_FLAG_OUTPUT,
    XP_FLAG_THREADS,
    {"--trials", "N", "1 to 1000000", "as the input says", "trials in all, with those already in the journal"},
    {"--parallel", "N", "1 to 1024", "as the input says", "trials at a time, on each process of MPI"},
    XP_FLAG_QUIET,
    {XP_SEARCH_WORKER_FLAG, "DIGEST", "", "", NULL},
    {0}};

/* A search that runs; the first argument of every hook. */
typedef struct hunt {
  xp_study study;
  xp_search_plan plan;
  xp_search_files files;
  char fingerprint[65];
  int best; /* the best trial when one ended before */
} hunt;

static volatile sig_atomic_t interrupted, quiet;

/* The first signal ends the search behind the trials in progress, the second at once: the journal allows that, too. */
static void interrupt(int signal_number) {
  static const char note[] = "\nstopping behind the trials in progress; interrupt again to stop at once\n";
  int before = errno;
  (void)signal_number;
  interrupted = 1;
  if (!quiet && write(STDERR_FILENO, note, sizeof note - 1) < 0) quiet = 1;
  errno = before;
}

static void listen_for_interrupts(const xp_call *call) {
  struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART | SA_RESETHAND};
  quiet = xp_call_value(call, "--quiet") != NULL;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static void show_message(void *user, const char *sentence) {
  hunt *h = user;
  xp_report_message(&h->study.report, "%s", sentence);
}

/* Of trials by another code, folders stay that external.keep asks for. */
static void tidy_folders(hunt *h, const xp_search_progress *p) {
  xp_error error = {0};
  if (h->study.external && p->ended &&
      xp_external_tidy(h->study.config, p->ended, p->ended_well, h->best, p->best_trial, &error) != XP_OK)
    xp_report_message(&h->study.report, "note: %s", error.message);
  h->best = p->best_trial;
}

static void show_progress(void *user, const xp_search_progress *p) {
  hunt *h = user;
  tidy_folders(h, p);
  char running[64] = "", best[64] = "", left[64] = "";
  if (p->running > 1) snprintf(running, sizeof running, ", %d running", p->running);
  if (p->best_trial) snprintf(best, sizeof best, ", best loss %.5g (trial %d)", p->best_loss, p->best_trial);
  if (!isnan(p->seconds_left)) snprintf(left, sizeof left, ", %.0f s left", p->seconds_left);
  xp_report_line(&h->study.report, "%d of %d trials%s, %d failed%s%s", p->trial, p->trials, running, p->failed, best,
                 left);
}

static xp_status set_up(hunt *h, xp_error *error) {
  xp_search_settings *settings = &h->plan.settings;
  xp_status status = xp_search_plan_read(&h->plan, h->study.config, error);
  settings->fingerprint = h->fingerprint;
  settings->message = show_message;
  settings->progress = show_progress;
  settings->hook_user = h;
  settings->stop.interrupt = &interrupted;
  return status;
}

static xp_status check_input(const xp_config *config, xp_error *error) {
  xp_place place = {config->path, 0, 0};
  if (xp_validation_kind_of(config) == XP_VALIDATION_NONE && !xp_config_may_be(config, XP_FIT_EXTERNAL))
    return xp_error_at(error, place,
                       "a search needs data.validate, a file of structures apart from those fitted to, data.holdout or "
                       "data.folds");
  if (xp_space_count(config->space) == 0)
    return xp_error_at(error, place,
                       "a search needs at least one value given as a range, found none; xpot-opt fit makes one fit");
  return XP_OK;
}

/* What the command line says in place of the input. */
static xp_status read_flags(const xp_call *call, xp_config *config, xp_error *error) {
  int trials = 0, parallel = 0;
  xp_status status = xp_call_integer(call, "--trials", 1, 1000000, (int)config->trials.value, &trials, error);
  if (status == XP_OK)
    status = xp_call_integer(call, "--parallel", 1, 1024, (int)config->parallel.value, &parallel, error);
  config->trials.value = trials;
  config->parallel.value = parallel;
  return status;
}

static xp_status prepare(hunt *h, const xp_call *call, xp_error *error) {
  xp_config *config = h->study.config;
  xp_status status = read_flags(call, config, error);
  if (status == XP_OK) status = check_input(config, error);
  if (status == XP_OK) status = xp_search_fingerprint(h->study.objective, config, h->fingerprint, error);
  if (status == XP_OK) status = set_up(h, error);
  if (status != XP_OK) return status;
  xp_study_warn(&h->study);
  return xp_search_files_open(&h->files, config->output, error);
}

/* The workers' memory is free again when the best potential is fitted. */
static xp_status conduct(hunt *h, xp_search_crew *crew, const xp_call *call, double start, xp_error *error) {
  xp_search_summary summary = {0};
  xp_executor executor = xp_search_crew_executor(crew);
  xp_status status =
      xp_search_execute(&h->plan.settings, h->study.config->space, &executor, h->files.journal, &summary, error);
  if (status == XP_OK) status = xp_crew_dismiss(crew->crew, error);
  xp_scratch_sweep(h->study.config->output);
  if (status == XP_OK) status = xp_search_write(&h->study, call, &h->plan.settings, &h->files, &summary, start, error);
  xp_search_summary_clear(&summary);
  return status;
}

static xp_status coordinate(hunt *h, const xp_call *call, xp_error *error) {
  double start = xp_report_clock();
  xp_search_crew crew = {0};
  xp_status status = xp_study_open(&h->study, call, error);
  if (status != XP_OK) return status;
  status = prepare(h, call, error);
  if (status == XP_OK) status = xp_search_crew_open(&crew, &h->study, h->fingerprint, h->files.timings, error);
  if (status == XP_OK) {
    listen_for_interrupts(call);
    status = conduct(h, &crew, call, start, error);
  }
  xp_search_crew_close(&crew);
  xp_study_close(&h->study);
  xp_search_plan_clear(&h->plan);
  return status;
}

/* With MPI the first process is the search; the others lend it their workers. */
static xp_status run(const xp_call *call, xp_error *error) {
  if (xp_call_value(call, XP_SEARCH_WORKER_FLAG)) return xp_search_worker(call, error);
  xp_parallel_separate();
  if (xp_parallel_rank() != 0) return xp_crew_serve(error);
  hunt *h = calloc(1, sizeof *h);
  if (!h) return xp_error_memory(error, "the search");
  xp_status status = coordinate(h, call, error);
  free(h);
  return status;
}

const xp_command xp_command_search = {
    .name = "search",
    .arguments = "INPUT ",
    .summary = "tune all values that are ranges; run it again and it goes on",
    .details =
        "Writes into the output folder:\n"
        "  journal.jsonl    what happened, the state of the search: kill it at any instant, run the same\n"
        "                   command, and it makes the trials that an uninterrupted search would have made\n"
        "  trials.csv       the journal as a table; timings.csv: seconds and memory of each trial\n"
        "  NAME.snapcoeff and NAME.snapparam, or NAME.yaml and NAME.yace    the best potential\n"
        "  trials/N, best   external: the folders of trials, and a link to that of the best\n"
        "  card.json        its errors and how it was made; NAME.parity-train.csv and NAME.parity-validate.csv:\n"
        "                   every label and its prediction\n"
        "Trials are made by processes of their own, --parallel at a time, and on each process of\n"
        "mpirun -n N xpot-opt search ...; one that crashes is a failed trial.\n"
        "Interrupt (Ctrl-C) stops after the trials in progress and writes the best potential so far; a second one\n"
        "stops at once, and the same command goes on.\n",
    .input_help = true,
    .least = 1,
    .most = 1,
    .flags = flags,
    .run = run};
