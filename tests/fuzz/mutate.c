/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz/mutate.h"

#include <ctype.h>

/* A piece of a text. */
typedef struct span {
  size_t begin, end;
} span;

/* bytes with the span replaced by size bytes of text. */
static xp_bytes replaced(const xp_bytes *bytes, span piece, const char *text, size_t size) {
  xp_error error = {0};
  xp_bytes result;
  size_t total = bytes->size - (piece.end - piece.begin) + size;
  char *data = malloc(total + 1);
  assert_non_null(data);
  memcpy(data, bytes->data, piece.begin);
  memcpy(data + piece.begin, text, size);
  memcpy(data + piece.begin + size, bytes->data + piece.end, bytes->size - piece.end);
  xp_assert_ok(xp_bytes_copy(&result, bytes->name, data, total, &error), &error);
  free(data);
  return result;
}

static size_t position(const xp_bytes *bytes, xp_test_random *random) {
  return (size_t)xp_test_integer(random, (int)bytes->size);
}

static span line_at(const xp_bytes *bytes, size_t at) {
  span line = {at, at};
  while (line.begin > 0 && bytes->data[line.begin - 1] != '\n') --line.begin;
  while (line.end < bytes->size && bytes->data[line.end] != '\n') ++line.end;
  if (line.end < bytes->size) ++line.end;
  return line;
}

static bool separates(char c) {
  return isspace((unsigned char)c) || (c && strchr(",[]{}()<>:=\"", c));
}

/* The word at or after a position; empty at the end. */
static span word_after(const xp_bytes *bytes, size_t at) {
  while (at > 0 && !separates(bytes->data[at - 1])) --at;
  while (at < bytes->size && separates(bytes->data[at])) ++at;
  span word = {at, at};
  while (word.end < bytes->size && !separates(bytes->data[word.end])) ++word.end;
  return word;
}

static bool is_number(const xp_bytes *bytes, span word) {
  char *end;
  if (word.end == word.begin) return false;
  strtod(bytes->data + word.begin, &end);
  return end == bytes->data + word.end;
}

static bool in_comment(const xp_bytes *bytes, size_t at) {
  for (; at > 0 && bytes->data[at - 1] != '\n'; --at)
    if (bytes->data[at - 1] == '#') return true;
  return false;
}

xp_bytes xp_mutate_truncate(const xp_bytes *bytes, xp_test_random *random) {
  return replaced(bytes, (span){position(bytes, random), bytes->size}, "", 0);
}

xp_bytes xp_mutate_flip(const xp_bytes *bytes, xp_test_random *random) {
  xp_bytes result = replaced(bytes, (span){0, 0}, "", 0);
  for (int count = 1 + xp_test_integer(random, 4); count > 0; --count)
    result.data[position(bytes, random)] = (char)xp_test_integer(random, 256);
  return result;
}

xp_bytes xp_mutate_repeat_line(const xp_bytes *bytes, xp_test_random *random) {
  span line = line_at(bytes, position(bytes, random));
  size_t to = xp_test_integer(random, 2) ? line.end : line_at(bytes, position(bytes, random)).begin;
  return replaced(bytes, (span){to, to}, bytes->data + line.begin, line.end - line.begin);
}

xp_bytes xp_mutate_remove_line(const xp_bytes *bytes, xp_test_random *random) {
  return replaced(bytes, line_at(bytes, position(bytes, random)), "", 0);
}

xp_bytes xp_mutate_repeat_word(const xp_bytes *bytes, xp_test_random *random) {
  span word = word_after(bytes, position(bytes, random));
  size_t end = word.end < bytes->size ? word.end + 1 : word.end; /* with its separator */
  return replaced(bytes, (span){word.begin, word.begin}, bytes->data + word.begin, end - word.begin);
}

xp_bytes xp_mutate_remove_word(const xp_bytes *bytes, xp_test_random *random) {
  return replaced(bytes, word_after(bytes, position(bytes, random)), "", 0);
}

xp_bytes xp_mutate_number(const xp_bytes *bytes, xp_test_random *random, const char *text) {
  static const char *const awkward[] = {"nan",
                                        ".nan",
                                        "-nan",
                                        "inf",
                                        "-.inf",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "-1",
                                        "0",
                                        "1.5",
                                        "1e9",
                                        "1e300",
                                        "2147483647",
                                        "2147483648",
                                        "-2147483649",
                                        "x",
                                        "''",
                                        "~",
                                        "true",
                                        "1 1",
                                        "0x10",
                                        "99999999999999999999"};
  if (!text) text = awkward[xp_test_integer(random, (int)(sizeof awkward / sizeof *awkward))];
  for (;;) {
    span word = word_after(bytes, position(bytes, random));
    if (is_number(bytes, word) && !in_comment(bytes, word.begin)) return replaced(bytes, word, text, strlen(text));
  }
}
