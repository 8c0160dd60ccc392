/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "snap/snap_keywords.h"
#include "snap/snap_parse.h"

static xp_status parse_flag(const xp_snap_word *word, const char *name, bool *flag, xp_error *error) {
  int value = 0;
  xp_status status = xp_snap_word_integer(word, name, &value, error);
  if (status != XP_OK) return status;
  if (value != 0 && value != 1) return xp_error_at(error, word->place, "%s: expected 0 or 1, found %d", name, value);
  *flag = value == 1;
  return XP_OK;
}

/* sinner and dinner: as many numbers as the line has, the same in both. */
static xp_status parse_list(const xp_snap_lines *lines, const char *name, double **list, int *count, xp_error *error) {
  int n = lines->nwords - 1;
  if (n >= XP_SNAP_WORDS)
    return xp_error_at(error, lines->words[0].place, "%s has %d values, more than there are elements", name, n);
  if (*count && *count != n)
    return xp_error_at(error, lines->words[0].place,
                       "%s has %d values, but sinner and dinner must have equally many, here %d: one an element", name,
                       n, *count);
  *list = calloc((size_t)n, sizeof(double));
  if (!*list) return xp_error_memory(error, name);
  *count = n;
  xp_status status = XP_OK;
  for (int i = 0; i < n && status == XP_OK; ++i)
    status = xp_snap_word_real(&lines->words[i + 1], name, &(*list)[i], error);
  return status;
}

static xp_status parse_value(const xp_snap_lines *lines, const xp_snap_keyword *keyword, xp_snap_parameters *parameters,
                             xp_error *error) {
  void *member = (char *)parameters + keyword->offset;
  const xp_snap_word *value = &lines->words[1];
  if (lines->nwords < 2)
    return xp_error_at(error, lines->words[0].place, "%s: expected a value behind the keyword", keyword->name);
  if (keyword->kind == XP_SNAP_LIST) return parse_list(lines, keyword->name, member, &parameters->ninner, error);
  if (lines->nwords > 2)
    return xp_error_at(error, lines->words[2].place, "%s: expected one value, found %d; comments begin with #",
                       keyword->name, lines->nwords - 1);
  if (keyword->kind == XP_SNAP_REAL) return xp_snap_word_real(value, keyword->name, member, error);
  if (keyword->kind == XP_SNAP_INTEGER) return xp_snap_word_integer(value, keyword->name, member, error);
  return parse_flag(value, keyword->name, member, error);
}

static xp_status unknown(const xp_snap_word *word, xp_error *error) {
  if (xp_snap_word_is(word, "diagonalstyle"))
    return xp_error_at(
        error, word->place,
        "diagonalstyle was removed from SNAP in 2019: delete the line if its value is 3 (j1 <= j2 <= j), "
        "the only style there is; files fitted with another value cannot be used");
  return xp_error_at(error, word->place, "unknown keyword \"%.*s\": did you mean %s?", word->size, word->text,
                     xp_snap_keyword_nearest(word));
}

/* The line of the keyword that a sentence begins with, else the last one of the file. */
static xp_place place_of(const char *sentence, const long *seen, const xp_snap_lines *lines) {
  xp_place place = {.file = lines->bytes->name, .line = lines->line > 0 ? lines->line : 1};
  for (int k = 0; k < XP_SNAP_NKEYWORDS; ++k) {
    size_t size = strlen(xp_snap_keywords[k].name);
    if (seen[k] && strncmp(sentence, xp_snap_keywords[k].name, size) == 0 && sentence[size] == ' ')
      place.line = seen[k];
  }
  return place;
}

xp_status xp_snap_parse_parameters(xp_snap_parameters *parameters, const xp_bytes *bytes, xp_error *error) {
  long seen[XP_SNAP_NKEYWORDS] = {0};
  xp_snap_lines lines;
  xp_snap_lines_start(&lines, bytes);
  while (xp_snap_lines_next_data(&lines)) {
    const xp_snap_word *word = &lines.words[0];
    int k = xp_snap_keyword_find(word);
    if (k < 0) return unknown(word, error);
    if (seen[k])
      return xp_error_at(error, word->place, "%s is given a second time (first in line %ld): remove one",
                         xp_snap_keywords[k].name, seen[k]);
    seen[k] = lines.line;
    xp_status status = parse_value(&lines, &xp_snap_keywords[k], parameters, error);
    if (status != XP_OK) return status;
  }
  for (int k = 0; k < XP_SNAP_NKEYWORDS; ++k)
    if (xp_snap_keywords[k].required && !seen[k])
      return xp_error_at(error, place_of("", seen, &lines), "the file ends without the keyword %s: add it",
                         xp_snap_keywords[k].name);
  xp_error cause = {0};
  if (xp_snap_parameters_check(parameters, -1, &cause) == XP_OK) return XP_OK;
  return xp_error_at(error, place_of(cause.message, seen, &lines), "%s", cause.message);
}
