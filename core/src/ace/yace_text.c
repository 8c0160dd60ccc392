/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/yace_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"

enum {
  INDENT_MAX = 32,
  DIGITS_MAX = 9 /* of an integer that fits whatever they are */
};

/* One past the closing brace of a function's line; NULL when the line at a position is something else. brace is filled. */
static const char *function_line(const char *at, const char *end, const char **brace) {
  static const char start[] = "- {mu0:";
  const char *item = at;
  while (*item == ' ') ++item;
  if (item - at > INDENT_MAX || strncmp(item, start, sizeof start - 1) != 0) return NULL;
  *brace = strchr(item, '{');
  const char *last = memchr(item, '\n', (size_t)(end - item));
  if (!last) last = end;
  if (last[-1] == '\r') --last;
  while (last[-1] == ' ') --last;
  return last[-1] == '}' ? last : NULL;
}

static void next_piece(xp_yace_text *text) {
  const char *data = text->bytes->data, *end = data + text->bytes->size, *at = data + text->at, *brace;
  bool line_start = text->at == 0 || at[-1] == '\n';
  const char *after = text->abridged && line_start ? function_line(at, end, &brace) : NULL;
  if (after) {
    int used = snprintf(text->note, sizeof text->note, "%.*s" XP_YACE_NOTE ": %zu}", (int)(brace + 1 - at), at,
                        (size_t)(brace - data));
    text->piece = text->note;
    text->left = (size_t)used;
    text->nlines++;
  } else {
    const char *newline = text->abridged ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    after = newline ? newline + 1 : end;
    text->piece = at;
    text->left = (size_t)(after - at);
  }
  text->at = (size_t)(after - data);
}

size_t xp_yace_text_read(void *state, char *buffer, size_t size) {
  xp_yace_text *text = state;
  size_t used = 0;
  while (used < size && (text->left > 0 || text->at < text->bytes->size)) {
    if (text->left == 0) next_piece(text);
    size_t part = text->left < size - used ? text->left : size - used;
    memcpy(buffer + used, text->piece, part);
    text->piece += part;
    text->left -= part;
    used += part;
  }
  return used;
}

/* A cursor in a line. All reading returns false when something else stands there. */
typedef const char *cursor;

static void skip_blanks(cursor *at) {
  while (**at == ' ') ++*at;
}

static bool skip(cursor *at, const char *text) {
  size_t length = strlen(text);
  if (strncmp(*at, text, length) != 0) return false;
  *at += length;
  return true;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool read_int(cursor *at, int *value) {
  skip_blanks(at);
  bool negative = skip(at, "-");
  int number = 0;
  cursor first = *at;
  for (; is_digit(**at) && *at - first < DIGITS_MAX; ++*at) number = 10 * number + (**at - '0');
  *value = negative ? -number : number;
  return *at > first && !is_digit(**at);
}

static bool read_double(cursor *at, double *value) {
  skip_blanks(at);
  if (!is_digit(**at) && **at != '-' && **at != '+' && **at != '.') return false;
  char *end;
  *value = strtod(*at, &end);
  bool found = end > *at && isfinite(*value);
  *at = end;
  return found;
}

/* Between the entries of a list and behind the last one. */
static bool separator(cursor *at, bool last) {
  skip_blanks(at);
  return skip(at, last ? "]" : ",");
}

static bool read_ints(cursor *at, const char *key, int *list, size_t count) {
  if (!skip(at, key)) return false;
  for (size_t i = 0; i < count; ++i)
    if (!read_int(at, &list[i]) || !separator(at, i + 1 == count)) return false;
  return count > 0 || separator(at, true);
}

static bool read_doubles(cursor *at, const char *key, double *list, size_t count) {
  if (!skip(at, key)) return false;
  for (size_t i = 0; i < count; ++i)
    if (!read_double(at, &list[i]) || !separator(at, i + 1 == count)) return false;
  return count > 0 || separator(at, true);
}

static bool read_number(cursor *at, const char *key, int *value) {
  return skip(at, key) && read_int(at, value);
}

/* Room for the arrays, unless the counts ask for more entries than the line can hold. */
static bool allocate(xp_ace_function *f, size_t line_length) {
  if (f->rank < 1 || f->rank > XP_ACE_RANK_MAX || f->ndensity < 1 || f->ndensity > XP_ACE_DENSITIES_MAX) return false;
  if (f->num_ms_combs < 0 || (size_t)f->num_ms_combs * (size_t)(f->rank + f->ndensity) > line_length) return false;
  return xp_ace_function_allocate(f, f->rank, f->ndensity, f->num_ms_combs, NULL) == XP_OK;
}

bool xp_yace_line_read(const xp_bytes *bytes, size_t offset, xp_yace_line *line, xp_ace_function *f) {
  if (offset >= bytes->size) return false;
  cursor at = bytes->data + offset, brace = at, end = bytes->data + bytes->size;
  const char *newline = memchr(at, '\n', (size_t)(end - at));
  if (newline) end = newline;
  if (!read_number(&at, "{mu0: ", &line->mu0) || !read_number(&at, ", rank: ", &f->rank) ||
      !read_number(&at, ", ndensity: ", &f->ndensity) || !read_number(&at, ", num_ms_combs: ", &f->num_ms_combs) ||
      !allocate(f, (size_t)(end - at)))
    return false;
  size_t rank = (size_t)f->rank, tuples = (size_t)f->num_ms_combs;
  if (!read_ints(&at, ", mus: [", f->mus, rank) || !read_ints(&at, ", ns: [", f->ns, rank) ||
      !read_ints(&at, ", ls: [", f->ls, rank))
    return false;
  line->ms_column = at - brace + (long)strlen(", ms_combs: ");
  if (!read_ints(&at, ", ms_combs: [", f->ms_combs, tuples * rank) ||
      !read_doubles(&at, ", ctildes: [", f->ctildes, tuples * (size_t)f->ndensity) || !skip(&at, "}"))
    return false;
  skip_blanks(&at);
  if (*at == '\r') ++at;
  return at == end;
}
