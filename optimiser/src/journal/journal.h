/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only state of a search: a text file to which one line a finished trial is appended and synced to disk before the
 * next trial starts. Line 1 is the header, line k + 1 is trial k, each one JSON object:
 *
 *   {"xpot_journal":1,"space":[...],"settings":{"initial":8,"seed":42,"xi":0.01},"fingerprint":"..."}
 *   {"trial":1,"values":{"rcutfac":4.5,"radbase":"SBessel"},"loss":0.0633,"metrics":{"energy_rmse":0.004}}
 *   {"trial":2,"values":{"rcutfac":3.75,"radbase":"ChebPow"},"failed":"reason","metrics":{}}
 *
 * There is no time, host or path in it and every number reads back exactly, so a search that was killed and resumed leaves
 * the same bytes as one that was not. A last line without its newline was cut by a kill and is dropped, with a notice;
 * anything else that is not as above is an error that names the line. A process that writes holds a lock (flock). */
#ifndef XPOT_OPTIMISER_JOURNAL_H
#define XPOT_OPTIMISER_JOURNAL_H

#include <stdint.h>

#include "journal/trial.h"
#include "space/space.h"
#include "xpot/error.h"

#define XP_JOURNAL_VERSION 1

/* All that decides which points a search tries, and what their losses mean. */
typedef struct xp_journal_header {
  const xp_space *space; /* borrowed */
  int initial;           /* points of the initial design */
  uint64_t seed;         /* at most 2^53, so that it is exact in JSON */
  double xi;             /* of the expected improvement */
  const char
      *fingerprint; /* checksum of all else that changes a loss (data, model, weights; not the stop rules); borrowed */
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

/* Trials recorded. */
int xp_journal_count(const xp_journal *journal);

/* Trial 1 <= number <= count, and its values; borrowed until the next append. */
const xp_trial *xp_journal_trial(const xp_journal *journal, int number);
const double *xp_journal_values(const xp_journal *journal, int number);

/* Appends the next trial, and syncs. Takes over trial's members (leaves it zeroed) when it succeeds. When the disk is full
 * the file is cut back to its last whole line. */
xp_status xp_journal_append(xp_journal *journal, const double *values, xp_trial *trial, xp_error *error);

#endif
