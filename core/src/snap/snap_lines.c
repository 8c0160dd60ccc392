/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_lines.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longest number that is read; more digits than any double needs. */
enum { NUMBER_SIZE = 128 };

static bool is_blank(char c) {
  return strchr(" \t\r\f\v\"'", c) != NULL && c != '\0';
}

void xp_snap_lines_start(xp_snap_lines *lines, const xp_bytes *bytes) {
  lines->bytes = bytes;
  lines->offset = 0;
  lines->line = 0;
  lines->nwords = 0;
}

static void split(xp_snap_lines *lines, const char *start, const char *end) {
  lines->nwords = 0;
  for (const char *p = start; p < end;) {
    if (is_blank(*p)) {
      ++p;
      continue;
    }
    const char *word = p;
    while (p < end && !is_blank(*p)) ++p;
    if (lines->nwords < XP_SNAP_WORDS)
      lines->words[lines->nwords] = (xp_snap_word){
          .text = word, .size = (int)(p - word), .place = {lines->bytes->name, lines->line, (long)(word - start) + 1}};
    ++lines->nwords;
  }
}

bool xp_snap_lines_next(xp_snap_lines *lines) {
  const xp_bytes *bytes = lines->bytes;
  if (lines->offset >= bytes->size) return false;
  const char *start = bytes->data + lines->offset;
  const char *newline = memchr(start, '\n', bytes->size - lines->offset);
  const char *end = newline ? newline : bytes->data + bytes->size;
  lines->offset = (size_t)(end - bytes->data) + (newline ? 1 : 0);
  ++lines->line;
  const char *comment = memchr(start, '#', (size_t)(end - start));
  split(lines, start, comment ? comment : end);
  return true;
}

bool xp_snap_lines_next_data(xp_snap_lines *lines) {
  while (xp_snap_lines_next(lines))
    if (lines->nwords > 0) return true;
  return false;
}

xp_place xp_snap_lines_place(const xp_snap_lines *lines) {
  return (xp_place){lines->bytes->name, lines->line, 0};
}

bool xp_snap_word_is(const xp_snap_word *word, const char *text) {
  return strlen(text) == (size_t)word->size && memcmp(word->text, text, (size_t)word->size) == 0;
}

/* Copies a word of characters from the set alone, as LAMMPS demands of numbers: no "inf", "nan" or hexadecimals. */
static bool copy_number(const xp_snap_word *word, const char *set, char number[NUMBER_SIZE]) {
  if (word->size >= NUMBER_SIZE) return false;
  memcpy(number, word->text, (size_t)word->size);
  number[word->size] = '\0';
  return strspn(number, set) == (size_t)word->size;
}

xp_status xp_snap_word_real(const xp_snap_word *word, const char *what, double *value, xp_error *error) {
  char number[NUMBER_SIZE];
  char *end = number;
  if (copy_number(word, "0123456789+-.eE", number)) *value = strtod(number, &end);
  if (end == number || *end != '\0')
    return xp_error_at(error, word->place, "%s: expected a number, found \"%.*s\"", what, word->size, word->text);
  if (!isfinite(*value))
    return xp_error_at(error, word->place, "%s: %s is beyond the range of double precision", what, number);
  return XP_OK;
}

xp_status xp_snap_word_integer(const xp_snap_word *word, const char *what, int *value, xp_error *error) {
  char number[NUMBER_SIZE];
  char *end = number;
  long result = 0;
  errno = 0;
  if (copy_number(word, "0123456789+-", number)) result = strtol(number, &end, 10);
  if (end == number || *end != '\0')
    return xp_error_at(error, word->place, "%s: expected an integer, found \"%.*s\"", what, word->size, word->text);
  if (errno == ERANGE || result > INT_MAX || result < INT_MIN)
    return xp_error_at(error, word->place, "%s: %s is beyond the range of an integer", what, number);
  *value = (int)result;
  return XP_OK;
}
