/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a journal as text. */
#ifndef XPOT_OPTIMISER_LINE_H
#define XPOT_OPTIMISER_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "journal/journal.h"

/* What to do about any line that is not as this program wrote it. */
#define XP_JOURNAL_RESTORE "restore the file from a copy or start in a new output folder"

/* What a line behind the header says. */
typedef struct xp_event {
  bool start;     /* a trial starts; otherwise it has a result */
  int number;     /* of the trial */
  double *values; /* [xp_space_count] of the trial, to be filled by reading; only of starts */
  xp_trial trial; /* of a start: fidelity and of; otherwise the result; owned */
} xp_event;

/* The header, or an event, as one line with its newline. Caller frees. */
xp_status xp_line_header(const xp_journal_header *header, char **text, xp_error *error);
xp_status xp_line_event(const xp_space *space, const xp_event *event, char **text, xp_error *error);

/* The header found (size bytes without the newline) must be the expected one (with newline); if not, the sentence names what
 * differs. */
xp_status xp_line_check_header(const char *line, size_t size, const char *expected, xp_place place, xp_error *error);

/* Reads an event from a line of size bytes without the newline; event->values has room. On error event->trial is empty. */
xp_status xp_line_read_event(const xp_space *space, const char *line, size_t size, xp_place place, xp_event *event,
                             xp_error *error);

/* A trial's result as members of a JSON object: "loss" or "failed", and "metrics". false: out of memory. */
bool xp_line_add_result(cJSON *object, const xp_trial *trial);

/* And back. trial is empty before. */
xp_status xp_line_read_result(const cJSON *object, xp_place place, xp_trial *trial, xp_error *error);

#endif
