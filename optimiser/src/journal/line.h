/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the journal: its lines as text. */
#ifndef XPOT_OPTIMISER_LINE_H
#define XPOT_OPTIMISER_LINE_H

#include <stddef.h>

#include "journal/journal.h"

/* The header, or trial number with its values, as one line with its newline. Caller frees. */
xp_status xp_line_header(const xp_journal_header *header, char **text, xp_error *error);
xp_status xp_line_trial(const xp_space *space, int number, const double *values, const xp_trial *trial, char **text,
                        xp_error *error);

/* The header found (size bytes without the newline) must be the expected one (with newline); if not, the sentence names what
 * differs. */
xp_status xp_line_check_header(const char *line, size_t size, const char *expected, xp_place place, xp_error *error);

/* Reads trial number from a line of size bytes without the newline. values[xp_space_count]; trial is zeroed before and, on
 * error, empty afterwards. */
xp_status xp_line_read_trial(const xp_space *space, int number, const char *line, size_t size, xp_place place,
                             double *values, xp_trial *trial, xp_error *error);

#endif
