/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a .yace file for the YAML parser, abridged. A large file is nearly all functions, and programs write each on
 * a line of its own:
 *
 *     - {mu0: 0, rank: 1, ndensity: 1, num_ms_combs: 1, mus: [0], ns: [2], ls: [0], ms_combs: [0], ctildes: [0.5]}
 *
 * libyaml needs many times the time and memory for such a line that its numbers need. So what stands between the braces
 * is replaced by a note, an offset into the file, and read directly. Anything unusual in a line is a reason to give up; the
 * caller then parses the text in full, and all error messages come from there. */
#ifndef XPOT_ACE_YACE_TEXT_H
#define XPOT_ACE_YACE_TEXT_H

#include <stdbool.h>

#include "xpot/ace.h"

/* The note's key. A file that holds this word anywhere cannot be abridged. */
#define XP_YACE_NOTE "xpot-function-line"

enum { XP_YACE_NOTE_SIZE = 96 };

typedef struct xp_yace_text {
  const xp_bytes *bytes;
  bool abridged;
  int nlines;        /* lines replaced so far */
  size_t at;         /* next byte of the file */
  const char *piece; /* being handed out */
  size_t left;       /* of the piece */
  char note[XP_YACE_NOTE_SIZE];
} xp_yace_text;

/* Hands out at most size bytes of the text; 0 at its end. */
size_t xp_yace_text_read(void *text, char *buffer, size_t size);

typedef struct xp_yace_line {
  int mu0;
  long ms_column; /* of the list ms_combs, from the opening brace */
} xp_yace_line;

/* Reads the function whose opening brace stands at an offset, arrays included. False: the line is not plain, or out of
 * memory. What is in the function must be cleared in any case. */
bool xp_yace_line_read(const xp_bytes *bytes, size_t offset, xp_yace_line *line, xp_ace_function *function);

#endif
