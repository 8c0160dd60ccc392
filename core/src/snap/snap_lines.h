/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files a line at a time, words with their place, as SNAP's two formats need them: '#' starts a comment, quotes are
 * blanks. */
#ifndef XPOT_SNAP_LINES_H
#define XPOT_SNAP_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"
#include "xpot/file.h"

typedef struct xp_snap_word {
  const char *text; /* not terminated */
  int size;
  xp_place place;
} xp_snap_word;

/* Words of a line that are kept; more are only counted. */
enum { XP_SNAP_WORDS = 256 };

typedef struct xp_snap_lines {
  const xp_bytes *bytes;
  size_t offset; /* of the next line */
  long line;     /* number of the current line, 0 before the first */
  xp_snap_word words[XP_SNAP_WORDS];
  int nwords;
} xp_snap_lines;

void xp_snap_lines_start(xp_snap_lines *lines, const xp_bytes *bytes);

/* Reads the next line into words; false at the end of the file. */
bool xp_snap_lines_next(xp_snap_lines *lines);

/* The same for the next line that has a word. */
bool xp_snap_lines_next_data(xp_snap_lines *lines);

/* The start of the current line. */
xp_place xp_snap_lines_place(const xp_snap_lines *lines);

bool xp_snap_word_is(const xp_snap_word *word, const char *text);

/* A decimal number within the range of a double, not NaN or infinity. what names it in the message. */
xp_status xp_snap_word_real(const xp_snap_word *word, const char *what, double *value, xp_error *error);

xp_status xp_snap_word_integer(const xp_snap_word *word, const char *what, int *value, xp_error *error);

#endif
