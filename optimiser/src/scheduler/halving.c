/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scheduler/halving.h"

#include <math.h>
#include <stddef.h>

#include "scheduler/standing.h"

/* Makes a third of three one, whatever the rounding of a third. */
static const double ROUNDING = 1e-9;

/* Trials of one fidelity. */
typedef struct rung {
  const xp_journal *journal;
  const xp_history *history;
  double fidelity;
} rung;

static const xp_observation *member(const rung *r, int number) {
  const xp_observation *observation = &r->history->observations[number - 1];
  bool belongs = observation->fidelity == r->fidelity && observation->state != XP_OBSERVED_PENDING;
  return belongs ? observation : NULL;
}

static bool is_promoted(const rung *r, int number) {
  for (int later = number + 1; later <= r->history->count; ++later)
    if (xp_journal_trial(r->journal, later)->of == number) return true;
  return false;
}

/* Lower is better: within the limits first, then by loss, then by age. */
static bool precedes(const rung *r, int a, int b) {
  const xp_observation *first = member(r, a), *second = member(r, b);
  bool first_within = xp_standing_within(first, r->history->nlimits);
  bool second_within = xp_standing_within(second, r->history->nlimits);
  if (first_within != second_within) return first_within;
  return first->loss != second->loss ? first->loss < second->loss : a < b;
}

/* How many successes are better. */
static int rank_of(const rung *r, int number) {
  int rank = 0;
  for (int other = 1; other <= r->history->count; ++other) {
    const xp_observation *o = member(r, other);
    rank += o && o->state == XP_OBSERVED_OK && precedes(r, other, number);
  }
  return rank;
}

/* The best one that belongs to the share that is kept and has not gone on yet; 0: none. */
static int find_candidate(const rung *r, double keep) {
  int finished = 0, best = 0;
  for (int number = 1; number <= r->history->count; ++number) finished += member(r, number) != NULL;
  int kept = (int)floor(finished * keep + ROUNDING);
  for (int number = 1; number <= r->history->count; ++number) {
    const xp_observation *o = member(r, number);
    if (!o || o->state != XP_OBSERVED_OK || is_promoted(r, number)) continue;
    if (rank_of(r, number) < kept && (best == 0 || precedes(r, number, best))) best = number;
  }
  return best;
}

int xp_halving_promote(const xp_search_settings *settings, const xp_journal *journal, const xp_history *history,
                       double *fidelity) {
  for (int level = settings->nfidelities - 2; level >= 0; --level) {
    rung r = {journal, history, settings->fidelities[level]};
    int number = find_candidate(&r, settings->keep);
    *fidelity = settings->fidelities[level + 1];
    if (number) return number;
  }
  return 0;
}
