/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "journal/journal.h"
#include "search/proposal.h"

/* OpenBLAS splits a factorisation by its number of threads, which changes the last bits and with them, in the end, the
 * trials. Absent (NULL) from other BLAS libraries. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

xp_search_settings xp_search_settings_default(const xp_space *space) {
  xp_search_settings settings = {.seed = 42, .xi = 0.01, .fingerprint = "", .stop = xp_stop_default()};
  settings.initial = 2 * (xp_space_count(space) + 1);
  if (settings.initial > settings.stop.trials / 2) settings.initial = settings.stop.trials / 2;
  return settings;
}

/* A search that runs. */
typedef struct search {
  const xp_search_settings *settings;
  const xp_space *space;
  xp_journal *journal;
  xp_history told;
  xp_search_progress progress;
  struct timespec start;
  int resumed;
  double *values; /* the point being evaluated */
} search;

static xp_proposal_settings proposal_settings(const xp_search_settings *settings, const xp_space *space) {
  xp_proposal_settings proposal = xp_proposal_settings_default(space);
  proposal.initial = settings->initial;
  proposal.seed = settings->seed;
  proposal.xi = settings->xi;
  return proposal;
}

static xp_status check_settings(const xp_search_settings *settings, const xp_space *space, xp_error *error) {
  if (xp_space_count(space) == 0)
    return xp_error_set(error, XP_ERROR_INPUT, "expected at least one range in the search space, found none");
  if (settings->stop.trials < 1)
    return xp_error_set(error, XP_ERROR_INPUT, "expected at least 1 trial, found %d", settings->stop.trials);
  if (settings->stop.plateau < 0)
    return xp_error_set(error, XP_ERROR_INPUT, "expected a plateau of 0 (never) or more trials, found %d",
                        settings->stop.plateau);
  if (!(settings->stop.seconds >= 0.0) || isnan(settings->stop.target_loss))
    return xp_error_set(error, XP_ERROR_INPUT,
                        "expected a time limit of 0 s or more and a target loss, found %g and %g",
                        settings->stop.seconds, settings->stop.target_loss);
  xp_proposal_settings proposal = proposal_settings(settings, space);
  return xp_proposal_settings_check(&proposal, error);
}

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* ---- told trials ---- */

/* Takes the newest trial of the journal into account. */
static xp_status tell(search *s, int number, xp_error *error) {
  const xp_trial *trial = xp_journal_trial(s->journal, number);
  bool success = trial->status == XP_TRIAL_OK;
  xp_observation observation = {
      .state = success ? XP_OBSERVED_OK : XP_OBSERVED_FAILED, .loss = trial->loss, .fidelity = 1.0};
  xp_status status = xp_history_append(&s->told, xp_journal_values(s->journal, number), &observation, error);
  if (status != XP_OK) return status;
  s->progress.trial = number;
  if (!success) {
    ++s->progress.failed;
  } else if (trial->loss < s->progress.best_loss) {
    s->progress.best_loss = trial->loss;
    s->progress.best_trial = number;
  }
  return XP_OK;
}

static void report(search *s) {
  xp_search_progress *progress = &s->progress;
  progress->seconds = seconds_since(&s->start);
  int done = progress->trial - s->resumed;
  double left = done > 0 ? progress->seconds / done * (progress->trials - progress->trial) : NAN;
  progress->seconds_left = done > 0 ? fmin(left, s->settings->stop.seconds - progress->seconds) : NAN;
  if (s->settings->progress) s->settings->progress(s->settings->hook_user, progress);
}

/* ---- one trial ---- */

static xp_status propose(search *s, bool *exhausted, xp_error *error) {
  xp_proposal_settings settings = proposal_settings(s->settings, s->space);
  int threads = openblas_get_num_threads ? openblas_get_num_threads() : 1;
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  xp_status status = xp_proposal_make(&settings, &s->told, s->values, exhausted, error);
  if (openblas_set_num_threads) openblas_set_num_threads(threads);
  return status;
}

static xp_status evaluate(search *s, xp_search_objective objective, void *user, xp_error *error) {
  xp_trial trial = {0};
  int number = s->progress.trial + 1;
  xp_status status = objective(user, number, s->values, &trial, error);
  if (status == XP_OK && trial.status == XP_TRIAL_OK && !isfinite(trial.loss))
    xp_trial_fail(&trial, "the loss is %g, not a finite number", trial.loss);
  if (status == XP_OK) status = xp_journal_append(s->journal, s->values, &trial, error);
  if (status == XP_OK) status = tell(s, number, error);
  xp_trial_clear(&trial);
  return status;
}

static xp_status run_trials(search *s, xp_search_objective objective, void *user, xp_stop_cause *cause,
                            xp_error *error) {
  xp_status status = XP_OK;
  report(s);
  while (status == XP_OK) {
    *cause = xp_stop_test(&s->settings->stop, &s->progress);
    if (*cause != XP_STOP_NONE) return XP_OK;
    bool exhausted;
    status = propose(s, &exhausted, error);
    if (status == XP_OK && exhausted) {
      *cause = XP_STOP_EXHAUSTED;
      return XP_OK;
    }
    if (status == XP_OK) status = evaluate(s, objective, user, error);
    if (status == XP_OK) report(s);
  }
  return status;
}

/* ---- the whole search ---- */

static xp_status prepare(search *s, const char *journal_path, xp_error *error) {
  const xp_search_settings *settings = s->settings;
  xp_status status = check_settings(settings, s->space, error);
  if (status != XP_OK) return status;
  xp_journal_header header = {.space = s->space,
                              .initial = settings->initial,
                              .seed = settings->seed,
                              .xi = settings->xi,
                              .fingerprint = settings->fingerprint};
  s->values = malloc((size_t)xp_space_count(s->space) * sizeof *s->values);
  if (!s->values) return xp_error_memory(error, "the search");
  status = xp_journal_open(&s->journal, journal_path, &header, settings->message, settings->hook_user, error);
  xp_history_start(&s->told, s->space, 0);
  if (status != XP_OK) return status;
  s->resumed = xp_journal_count(s->journal);
  for (int number = 1; status == XP_OK && number <= s->resumed; ++number) status = tell(s, number, error);
  return status;
}

static xp_status summarise(const search *s, xp_stop_cause cause, xp_search_summary *summary, xp_error *error) {
  *summary = (xp_search_summary){.progress = s->progress, .cause = cause, .resumed = s->resumed};
  if (s->progress.best_trial == 0) return XP_OK;
  size_t size = (size_t)xp_space_count(s->space) * sizeof *summary->best_values;
  summary->best_values = malloc(size);
  if (!summary->best_values) return xp_error_memory(error, "the best trial");
  memcpy(summary->best_values, xp_journal_values(s->journal, s->progress.best_trial), size);
  return XP_OK;
}

xp_status xp_search_run(const xp_search_settings *settings, const xp_space *space, xp_search_objective objective,
                        void *user, const char *journal_path, xp_search_summary *summary, xp_error *error) {
  search s = {.settings = settings,
              .space = space,
              .progress = {.trials = settings->stop.trials, .best_loss = INFINITY, .seconds_left = NAN}};
  xp_stop_cause cause = XP_STOP_NONE;
  *summary = (xp_search_summary){0};
  clock_gettime(CLOCK_MONOTONIC, &s.start);
  xp_status status = prepare(&s, journal_path, error);
  if (status == XP_OK) status = run_trials(&s, objective, user, &cause, error);
  if (status == XP_OK) status = summarise(&s, cause, summary, error);
  xp_history_clear(&s.told);
  xp_journal_free(s.journal);
  free(s.values);
  return status;
}

void xp_search_summary_clear(xp_search_summary *summary) {
  free(summary->best_values);
  *summary = (xp_search_summary){0};
}
