/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers out of the files that a fitting code leaves. */
#ifndef XPOT_OPTIMISER_READING_H
#define XPOT_OPTIMISER_READING_H

#include "config/external_input.h"

/* The number of a source, from its file in a folder. A missing file, place or finite number is XP_ERROR_INPUT. */
xp_status xp_reading_number(const xp_metric_source *source, const char *folder, double *number, xp_error *error);

/* Checks what can be checked without the file: that the pattern is a regular expression. */
xp_status xp_reading_check(const xp_metric_source *source, xp_error *error);

#endif
