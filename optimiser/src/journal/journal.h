/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only state of a search: a text file of events, each of which is appended and synced to disk before it takes effect.
 * Line 1 is the header; then each trial has a line when it starts and another one when its result is there. With one trial
 * at a time they alternate; with several, results come as they come:
 *
 *   {"xpot_journal":2,"space":[...],"settings":{"initial":8,"seed":42,...},"fingerprint":"..."}
 *   {"start":1,"values":{"rcutfac":4.5,"radbase":"SBessel"},"fidelity":0.1}
 *   {"start":2,"values":{"rcutfac":3.75,"radbase":null},"fidelity":0.1}
 *   {"trial":2,"failed":"reason","metrics":{}}
 *   {"trial":1,"loss":0.0633,"metrics":{"energy_rmse_mev_per_atom":4.2}}
 *   {"start":3,"values":{"rcutfac":4.5,"radbase":"SBessel"},"of":1}
 *
 * Trials are numbered as they start. A value is null where its dimension is inactive; "fidelity" is absent at 1; "of" is the
 * trial whose point is repeated at a higher fidelity. There is no time, host or path in it and every number reads back
 * exactly, so a search with one trial at a time that was killed and resumed leaves the same bytes as one that was not. A
 * last line without its newline was cut by a kill and is dropped, with a notice; anything else that is not as above is an
 * error that names the line. A process that writes holds a lock (flock). */
#ifndef XPOT_OPTIMISER_JOURNAL_H
#define XPOT_OPTIMISER_JOURNAL_H

#include "journal/trial.h"
#include "space/space.h"
#include "xpot/error.h"

#define XP_JOURNAL_VERSION 2

/* All that decides which points a search tries, and what their losses mean. All borrowed. */
typedef struct xp_journal_header {
  const xp_space *space;
  const char *settings;    /* of the search, a JSON object in one line */
  const char *fingerprint; /* checksum of all else that changes a loss (data, model, weights; not the stop rules) */
} xp_journal_header;

typedef struct xp_journal xp_journal;

/* Creates the journal at path or resumes it: takes the lock, checks the header against the one given, reads the trials, and
 * cuts off a half-written last line. notice (may be NULL) receives a sentence about that. The header's space must outlive
 * the journal. */
xp_status xp_journal_open(xp_journal **journal, const char *path, const xp_journal_header *header,
                          void (*notice)(void *user, const char *sentence), void *user, xp_error *error);

/* Reads a journal for reports, also while another process writes it: no lock, nothing is changed, a half-written last line
 * is passed over. The header must agree as for xp_journal_open. */
xp_status xp_journal_read(xp_journal **journal, const char *path, const xp_journal_header *header, xp_error *error);

/* Closes the file, drops the lock. NULL is allowed. */
void xp_journal_free(xp_journal *journal);

/* Trials started, with or without a result. */
int xp_journal_count(const xp_journal *journal);

/* Trial 1 <= number <= count (XP_TRIAL_PENDING without a result), and its values; borrowed until the next start. */
const xp_trial *xp_journal_trial(const xp_journal *journal, int number);
const double *xp_journal_values(const xp_journal *journal, int number);

/* Results recorded, and the trial of each, 1 <= result <= results, in their order in time. */
int xp_journal_results(const xp_journal *journal);
int xp_journal_result(const xp_journal *journal, int result);

/* Appends the start of the next trial, number count + 1, and syncs. When the disk is full the file is cut back to its last
 * whole line; so it is for results. */
xp_status xp_journal_start(xp_journal *journal, const double *values, double fidelity, int of, xp_error *error);

/* Appends the result of a trial without one, and syncs. Takes over result's members (leaves it zeroed) when it succeeds. */
xp_status xp_journal_finish(xp_journal *journal, int number, xp_trial *result, xp_error *error);

#endif
