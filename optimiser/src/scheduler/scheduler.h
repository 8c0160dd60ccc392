/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search as it runs: which trial starts when, on whom, and when it is over. Every decision is a function of the settings, the
 * space and the events recorded in the journal, of nothing else: a search may be killed at any instant and run again. Trials
 * that had started without a result are then made again first. README.md in this folder has the rules; ../search chooses
 * points. */
#ifndef XPOT_OPTIMISER_SCHEDULER_H
#define XPOT_OPTIMISER_SCHEDULER_H

#include <signal.h>
#include <stdbool.h>

#include "journal/trial.h"
#include "search/proposal.h"
#include "space/space.h"
#include "xpot/error.h"

/* When to stop; the first rule that holds ends the search: no further trial starts, those that run are waited for. None of them
 * changes which trials are made, so each may differ when a search is resumed. Start from xp_stop_default. */
typedef struct xp_stop {
  int trials;                             /* to start in all, of whatever fidelity, with those of earlier runs; > 0 */
  double seconds;                         /* wall time of this run; INFINITY: no limit */
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

/* Where a search stands, for the stop rules and for a progress line. The best trial is one of the highest fidelity that any has
 * succeeded at, within the limits where there is such a one, with the lowest loss. */
typedef struct xp_search_progress {
  int trial;            /* trials finished */
  int started;          /* trials started, the finished ones among them */
  int running;          /* trials being made */
  int trials;           /* trials wanted */
  int failed;           /* of the finished ones */
  int ended;            /* the trial that ended last; 0: none in this run */
  bool ended_well;      /* it succeeded */
  int best_trial;       /* from 1; 0 while none has succeeded */
  double best_loss;     /* INFINITY while none has succeeded */
  double best_fidelity; /* 0 while none has succeeded */
  bool best_within;     /* it is within the limits */
  int since_best;       /* trials finished behind it, those of lower fidelity not counted */
  double seconds;       /* wall time of this run */
  double
      seconds_left; /* to the last trial or the time limit at the pace so far; NaN until a trial of this run is done */
} xp_search_progress;

xp_stop xp_stop_default(void);

/* The one test of all rules but exhaustion. */
xp_stop_cause xp_stop_test(const xp_stop *stop, const xp_search_progress *progress);

/* "60 trials done", "interrupted", ...: words for a cause. */
const char *xp_stop_cause_text(xp_stop_cause cause);

/* A metric that must stay on one side of a number. */
typedef struct xp_bound {
  const char *metric; /* borrowed */
  double value;
  bool least; /* the number is the least allowed; otherwise the most */
} xp_bound;

typedef struct xp_search_settings {
  xp_proposal_settings proposal; /* of these, second, nlimits and fidelity follow from the next members */
  const char *second;            /* metric of a second objective; NULL: none; borrowed */
  bool second_rises;             /* it is maximised */
  const xp_bound *bounds;        /* [nbounds]; borrowed */
  int nbounds;
  const double *fidelities; /* [nfidelities] ascending, the last is 1: successive halving; borrowed */
  int nfidelities;          /* 0: every trial is a whole one */
  double keep;              /* share of the trials of one fidelity that go on to the next */
  const char *fingerprint;  /* see xp_journal_header; borrowed */
  xp_stop stop;
  /* Both may be NULL; hook_user is their first argument. message: a sentence for a log. progress: after each trial, and
   * once before the first. */
  void (*message)(void *hook_user, const char *sentence);
  void (*progress)(void *hook_user, const xp_search_progress *progress);
  void *hook_user;
} xp_search_settings;

/* Those of xp_proposal_settings_default and xp_stop_default, whole trials, a third kept. */
xp_search_settings xp_search_settings_default(const xp_space *space);

/* The settings that decide trials as a JSON object in one line, for the header of a journal. Caller frees. */
xp_status xp_search_settings_text(const xp_search_settings *settings, const xp_space *space, char **text,
                                  xp_error *error);

/* Who makes the trials; user is the first argument. */
typedef struct xp_executor {
  void *user;
  /* Trials that could be taken now. */
  int (*idle)(void *user);
  /* Begins trial number at values[xp_space_count] and returns. */
  xp_status (*submit)(void *user, int number, const double *values, double fidelity, xp_error *error);
  /* Waits for a result for so many seconds at most: *number 0 when there is none, otherwise its trial; result is zeroed
   * before. An error ends the search; nothing is recorded for trials that run. */
  xp_status (*wait)(void *user, double seconds, int *number, xp_trial *result, xp_error *error);
} xp_executor;

typedef struct xp_search_summary {
  xp_search_progress progress;
  xp_stop_cause cause;
  int resumed; /* results found in the journal at the start */
  double
      *best_values; /* [xp_space_count]; NULL when no trial has succeeded; owned, free with xp_search_summary_clear */
} xp_search_summary;

/* Runs or resumes the search whose journal is at journal_path. summary is filled on XP_OK, empty otherwise. */
xp_status xp_search_execute(const xp_search_settings *settings, const xp_space *space, const xp_executor *executor,
                            const char *journal_path, xp_search_summary *summary, xp_error *error);

/* Frees the members and zeroes the struct. */
void xp_search_summary_clear(xp_search_summary *summary);

/* Evaluates one point: values[xp_space_count], trial counts from 1. A fit that fails is result->status XP_TRIAL_FAILED with a
 * reason (xp_trial_fail) and XP_OK returned: it is recorded and the search goes on. So is a loss that is not finite. Any other
 * status than XP_OK ends the search with that error; nothing is recorded for this trial. */
typedef xp_status (*xp_search_objective)(void *user, int trial, const double *values, xp_trial *result,
                                         xp_error *error);

/* The same in this process, one trial at a time, all of them whole ones. */
xp_status xp_search_run(const xp_search_settings *settings, const xp_space *space, xp_search_objective objective,
                        void *user, const char *journal_path, xp_search_summary *summary, xp_error *error);

#endif
