/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bayesian optimisation: a Hammersley design, then a Gaussian process (Matern 5/2) and expected improvement. Every step is
 * a function of the settings, the space and the trials recorded in the journal, of nothing else: a search may be killed at
 * any instant and run again. README.md in this folder has papers, equations and cost. */
#ifndef XPOT_OPTIMISER_SEARCH_H
#define XPOT_OPTIMISER_SEARCH_H

#include <signal.h>
#include <stdint.h>

#include "journal/trial.h"
#include "space/space.h"
#include "xpot/error.h"

/* When to stop; the first rule that holds ends the search. None of them changes which trials are made, so each may differ
 * when a search is resumed. Start from xp_stop_default. */
typedef struct xp_stop {
  int trials;                             /* in all, with those of earlier runs; > 0 */
  double seconds;                         /* wall time of this run, tested between trials; INFINITY: no limit */
  double target_loss;                     /* stop at this loss or less; -INFINITY: none */
  int plateau;                            /* stop after so many trials in a row without a better loss; 0: never */
  const volatile sig_atomic_t *interrupt; /* stop when it becomes non-zero (set by a signal handler); NULL: none */
} xp_stop;

typedef enum xp_stop_cause {
  XP_STOP_NONE, /* go on */
  XP_STOP_TRIALS,
  XP_STOP_SECONDS,
  XP_STOP_TARGET,
  XP_STOP_PLATEAU,
  XP_STOP_INTERRUPT,
  XP_STOP_EXHAUSTED /* every point of a discrete space has been tried */
} xp_stop_cause;

/* Where a search stands, for the stop rules and for a progress line. */
typedef struct xp_search_progress {
  int trial;        /* trials finished */
  int trials;       /* trials wanted */
  int failed;       /* of the finished ones */
  int best_trial;   /* from 1; 0 while none has succeeded */
  double best_loss; /* INFINITY while none has succeeded */
  double seconds;   /* wall time of this run */
  double
      seconds_left; /* to the last trial or the time limit at the pace so far; NaN until a trial of this run is done */
} xp_search_progress;

xp_stop xp_stop_default(void);

/* The one test of all rules but exhaustion. */
xp_stop_cause xp_stop_test(const xp_stop *stop, const xp_search_progress *progress);

/* "60 trials done", "interrupted", ...: words for a cause. */
const char *xp_stop_cause_text(xp_stop_cause cause);

typedef struct xp_search_settings {
  int initial;             /* points of the initial design; > 0 */
  uint64_t seed;           /* at most 2^53 */
  double xi;               /* improvement asked for, in standard deviations of the losses; >= 0 */
  const char *fingerprint; /* see xp_journal_header; borrowed */
  xp_stop stop;
  /* Both may be NULL; hook_user is their first argument. message: a sentence for a log. progress: after each trial, and
   * once before the first. */
  void (*message)(void *hook_user, const char *sentence);
  void (*progress)(void *hook_user, const xp_search_progress *progress);
  void *hook_user;
} xp_search_settings;

/* Seed 42, xi 0.01, 60 trials, twice as many initial points as dimensions and two more (at most half the trials). */
xp_search_settings xp_search_settings_default(const xp_space *space);

/* Evaluates one point: values[xp_space_count], trial counts from 1. A fit that fails is result->status XP_TRIAL_FAILED with a
 * reason (xp_trial_fail) and XP_OK returned: it is recorded and the search goes on. So is a loss that is not finite. Any other
 * status than XP_OK ends the search with that error; nothing is recorded for this trial. */
typedef xp_status (*xp_search_objective)(void *user, int trial, const double *values, xp_trial *result,
                                         xp_error *error);

typedef struct xp_search_summary {
  xp_search_progress progress;
  xp_stop_cause cause;
  int resumed; /* trials found in the journal at the start */
  double
      *best_values; /* [xp_space_count]; NULL when no trial has succeeded; owned, free with xp_search_summary_clear */
} xp_search_summary;

/* Runs or resumes the search whose journal is at journal_path. summary is filled on XP_OK, empty otherwise. */
xp_status xp_search_run(const xp_search_settings *settings, const xp_space *space, xp_search_objective objective,
                        void *user, const char *journal_path, xp_search_summary *summary, xp_error *error);

/* Frees the members and zeroes the struct. */
void xp_search_summary_clear(xp_search_summary *summary);

#endif
