/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scheduler/scheduler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"
#include "report/report.h"
#include "scheduler/halving.h"
#include "scheduler/standing.h"
#include "space/number.h"

/* Between looks at the clock and at interrupts while trials run. */
#define SECONDS_BETWEEN_LOOKS 0.2

/* A search that runs. */
typedef struct search {
  const xp_search_settings *settings;
  const xp_executor *executor;
  const xp_space *space;
  xp_proposal_settings proposal;
  xp_journal *journal;
  xp_standing standing;
  double start;
  int resumed; /* results of earlier runs */
  int redone;  /* trials of earlier runs up to this one have a result or are being made again */
  int earlier; /* trials that earlier runs started */
  double *values;
} search;

/* ---- settings ---- */

/* Twice as many initial points as dimensions and two more, but at most half of the trials. */
xp_search_settings xp_search_settings_default(const xp_space *space) {
  xp_search_settings settings = {
      .proposal = xp_proposal_settings_default(space), .keep = 1.0 / 3.0, .fingerprint = "", .stop = xp_stop_default()};
  int most = settings.stop.trials / 2;
  if (settings.proposal.initial > most) settings.proposal.initial = most;
  return settings;
}

static xp_proposal_settings proposal_settings(const xp_search_settings *settings) {
  xp_proposal_settings proposal = settings->proposal;
  proposal.second = settings->second != NULL;
  proposal.nlimits = settings->nbounds;
  proposal.fidelity = settings->nfidelities > 1;
  return proposal;
}

static bool add_halving(cJSON *object, const xp_search_settings *settings) {
  cJSON *list = cJSON_AddArrayToObject(object, "fidelities");
  for (int f = 0; list && f < settings->nfidelities; ++f) {
    char text[XP_NUMBER_SIZE];
    xp_number_format(settings->fidelities[f], text);
    if (!cJSON_AddItemToArray(list, cJSON_CreateRaw(text))) return false;
  }
  return list && xp_number_add(object, "keep", settings->keep);
}

static bool add_bounds(cJSON *object, const xp_search_settings *settings) {
  cJSON *list = cJSON_AddArrayToObject(object, "bounds");
  for (int b = 0; list && b < settings->nbounds; ++b) {
    const xp_bound *bound = &settings->bounds[b];
    cJSON *item = cJSON_CreateObject();
    if (!item || !cJSON_AddItemToArray(list, item)) return false;
    if (!cJSON_AddStringToObject(item, "metric", bound->metric) ||
        !xp_number_add(item, bound->least ? "min" : "max", bound->value))
      return false;
  }
  return list;
}

xp_status xp_search_settings_text(const xp_search_settings *settings, const xp_space *space, char **text,
                                  xp_error *error) {
  char *points = NULL, *rest = NULL;
  xp_proposal_settings proposal = proposal_settings(settings);
  xp_status status = xp_proposal_settings_text(&proposal, space, &points, error);
  *text = NULL;
  if (status != XP_OK) return status;
  cJSON *object = cJSON_CreateObject();
  bool complete = object;
  if (settings->nfidelities > 0) complete = complete && add_halving(object, settings);
  if (settings->second)
    complete = complete && cJSON_AddStringToObject(object, "second_metric", settings->second) &&
               cJSON_AddBoolToObject(object, "second_rises", settings->second_rises);
  if (settings->nbounds > 0) complete = complete && add_bounds(object, settings);
  if (complete) rest = cJSON_PrintUnformatted(object);
  cJSON_Delete(object);
  size_t length = strlen(points);
  if (rest) *text = malloc(length + strlen(rest) + 1);
  if (*text) { /* {"a":1} and {"b":2} make {"a":1,"b":2} */
    bool more = strcmp(rest, "{}") != 0;
    memcpy(*text, points, length + 1);
    if (more) strcpy(*text + length - 1, rest);
    if (more) (*text)[length - 1] = ',';
  }
  free(points);
  cJSON_free(rest);
  return *text ? XP_OK : xp_error_memory(error, "the settings of the search");
}

static xp_status check_halving(const xp_search_settings *settings, xp_error *error) {
  int n = settings->nfidelities;
  bool ordered = n == 0 || (settings->fidelities[0] > 0.0 && settings->fidelities[n - 1] == 1.0);
  for (int f = 1; f < n; ++f) ordered &= settings->fidelities[f - 1] < settings->fidelities[f];
  if (!ordered)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "search.fidelity: expected shares above 0 in ascending order, the last of them 1");
  if (!(settings->keep > 0.0 && settings->keep < 1.0))
    return xp_error_set(error, XP_ERROR_INPUT, "search.keep: expected a share above 0 and below 1, found %g",
                        settings->keep);
  return XP_OK;
}

static xp_status check_settings(const xp_search_settings *settings, const xp_space *space, xp_error *error) {
  const xp_stop *stop = &settings->stop;
  if (xp_space_count(space) == 0)
    return xp_error_set(error, XP_ERROR_INPUT, "expected at least one range in the search space, found none");
  if (stop->trials < 1) return xp_error_set(error, XP_ERROR_INPUT, "expected at least 1 trial, found %d", stop->trials);
  if (stop->plateau < 0)
    return xp_error_set(error, XP_ERROR_INPUT, "expected a plateau of 0 (never) or more trials, found %d",
                        stop->plateau);
  if (!(stop->seconds >= 0.0) || isnan(stop->target_loss))
    return xp_error_set(error, XP_ERROR_INPUT,
                        "expected a time limit of 0 s or more and a target loss, found %g and %g", stop->seconds,
                        stop->target_loss);
  xp_status status = check_halving(settings, error);
  xp_proposal_settings proposal = proposal_settings(settings);
  return status == XP_OK ? xp_proposal_settings_check(&proposal, error) : status;
}

/* ---- starting trials ---- */

static xp_status propose(search *s, bool *exhausted, xp_error *error) {
  return xp_proposal_make(&s->proposal, &s->standing.history, s->values, exhausted, error);
}

static xp_status submit(search *s, int number, xp_error *error) {
  ++s->standing.progress.running;
  return s->executor->submit(s->executor->user, number, xp_journal_values(s->journal, number),
                             xp_journal_trial(s->journal, number)->fidelity, error);
}

/* Promotions come before new points. */
static xp_status start_next(search *s, bool *exhausted, xp_error *error) {
  const xp_search_settings *settings = s->settings;
  double fidelity = settings->nfidelities > 0 ? settings->fidelities[0] : 1.0, higher = 1.0;
  int of = xp_halving_promote(settings, s->journal, &s->standing.history, &higher);
  xp_status status = XP_OK;
  *exhausted = false;
  if (of) {
    fidelity = higher;
    memcpy(s->values, xp_journal_values(s->journal, of), (size_t)xp_space_count(s->space) * sizeof *s->values);
  } else {
    status = propose(s, exhausted, error);
  }
  if (status != XP_OK || *exhausted) return status;
  status = xp_journal_start(s->journal, s->values, fidelity, of, error);
  if (status == XP_OK) status = xp_standing_begin(&s->standing, s->values, fidelity, error);
  return status == XP_OK ? submit(s, xp_journal_count(s->journal), error) : status;
}

/* The next trial that an earlier run started and did not finish; 0: none. */
static int next_unfinished(search *s) {
  while (s->redone < s->earlier)
    if (xp_journal_trial(s->journal, ++s->redone)->status == XP_TRIAL_PENDING) return s->redone;
  return 0;
}

static bool is_interrupted(const search *s) {
  return s->settings->stop.interrupt && *s->settings->stop.interrupt;
}

/* Starts trials as long as somebody is idle and no rule says stop; *cause: the one that does. */
static xp_status start_trials(search *s, xp_stop_cause *cause, xp_error *error) {
  xp_status status = XP_OK;
  *cause = is_interrupted(s) ? XP_STOP_INTERRUPT : XP_STOP_NONE;
  while (status == XP_OK && *cause == XP_STOP_NONE && s->executor->idle(s->executor->user) > 0) {
    int again = next_unfinished(s);
    if (again) {
      status = submit(s, again, error);
      continue;
    }
    bool exhausted = false;
    s->standing.progress.seconds = xp_report_clock() - s->start;
    *cause = xp_stop_test(&s->settings->stop, &s->standing.progress);
    if (*cause == XP_STOP_NONE) status = start_next(s, &exhausted, error);
    if (exhausted) *cause = XP_STOP_EXHAUSTED;
  }
  return status;
}

/* ---- their results ---- */

static void report(search *s) {
  xp_search_progress *progress = &s->standing.progress;
  progress->seconds = xp_report_clock() - s->start;
  int done = progress->trial - s->resumed;
  double left = done > 0 ? progress->seconds / done * (progress->trials - progress->trial) : NAN;
  progress->seconds_left = done > 0 ? fmin(left, s->settings->stop.seconds - progress->seconds) : NAN;
  if (s->settings->progress) s->settings->progress(s->settings->hook_user, progress);
}

static xp_status record(search *s, int number, xp_trial *result, xp_error *error) {
  xp_status status = xp_journal_finish(s->journal, number, result, error);
  if (status != XP_OK) return status;
  --s->standing.progress.running;
  xp_standing_end(&s->standing, number, xp_journal_trial(s->journal, number));
  return XP_OK;
}

/* Waits for one result. */
static xp_status await(search *s, xp_error *error) {
  xp_status status = XP_OK;
  int number = 0;
  while (status == XP_OK && number == 0) {
    xp_trial result = {0};
    status = s->executor->wait(s->executor->user, SECONDS_BETWEEN_LOOKS, &number, &result, error);
    if (status == XP_OK && number) status = record(s, number, &result, error);
    xp_trial_clear(&result);
  }
  return status;
}

static xp_status run_trials(search *s, xp_stop_cause *cause, xp_error *error) {
  report(s);
  for (;;) {
    xp_status status = start_trials(s, cause, error);
    if (status == XP_OK && s->standing.progress.running == 0) return XP_OK;
    if (status == XP_OK) status = await(s, error);
    if (status != XP_OK) return status;
    report(s);
  }
}

/* ---- the whole search ---- */

static xp_status open_journal(search *s, const char *path, xp_error *error) {
  char *text = NULL;
  xp_status status = xp_search_settings_text(s->settings, s->space, &text, error);
  xp_journal_header header = {s->space, text, s->settings->fingerprint};
  if (status == XP_OK)
    status = xp_journal_open(&s->journal, path, &header, s->settings->message, s->settings->hook_user, error);
  free(text);
  return status;
}

/* Takes in what the journal says, results in the order in which they came. */
static xp_status replay(search *s, xp_error *error) {
  xp_status status = XP_OK;
  s->earlier = xp_journal_count(s->journal);
  s->resumed = xp_journal_results(s->journal);
  for (int number = 1; number <= s->earlier && status == XP_OK; ++number)
    status = xp_standing_begin(&s->standing, xp_journal_values(s->journal, number),
                               xp_journal_trial(s->journal, number)->fidelity, error);
  for (int result = 1; result <= s->resumed && status == XP_OK; ++result) {
    int number = xp_journal_result(s->journal, result);
    xp_standing_end(&s->standing, number, xp_journal_trial(s->journal, number));
  }
  return status;
}

static xp_status prepare(search *s, const char *journal_path, xp_error *error) {
  xp_status status = check_settings(s->settings, s->space, error);
  if (status != XP_OK) return status;
  s->proposal = proposal_settings(s->settings);
  s->values = malloc((size_t)xp_space_count(s->space) * sizeof *s->values);
  if (!s->values) return xp_error_memory(error, "the search");
  status = xp_standing_start(&s->standing, s->settings, s->space, error);
  if (status == XP_OK) status = open_journal(s, journal_path, error);
  return status == XP_OK ? replay(s, error) : status;
}

static xp_status summarise(const search *s, xp_stop_cause cause, xp_search_summary *summary, xp_error *error) {
  const xp_search_progress *progress = &s->standing.progress;
  *summary = (xp_search_summary){.progress = *progress, .cause = cause, .resumed = s->resumed};
  if (progress->best_trial == 0) return XP_OK;
  size_t size = (size_t)xp_space_count(s->space) * sizeof *summary->best_values;
  summary->best_values = malloc(size);
  if (!summary->best_values) return xp_error_memory(error, "the best trial");
  memcpy(summary->best_values, xp_journal_values(s->journal, progress->best_trial), size);
  return XP_OK;
}

xp_status xp_search_execute(const xp_search_settings *settings, const xp_space *space, const xp_executor *executor,
                            const char *journal_path, xp_search_summary *summary, xp_error *error) {
  search s = {.settings = settings, .space = space, .executor = executor, .start = xp_report_clock()};
  xp_stop_cause cause = XP_STOP_NONE;
  *summary = (xp_search_summary){0};
  xp_status status = prepare(&s, journal_path, error);
  if (status == XP_OK) status = run_trials(&s, &cause, error);
  if (status == XP_OK) status = summarise(&s, cause, summary, error);
  xp_standing_clear(&s.standing);
  xp_journal_free(s.journal);
  free(s.values);
  return status;
}

void xp_search_summary_clear(xp_search_summary *summary) {
  free(summary->best_values);
  *summary = (xp_search_summary){0};
}
