/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "external/template.h"

#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* Longest name in braces. */
#define NAME_SIZE 128

static int find_name(const xp_template_names *names, const char *name) {
  for (int n = 0; n < names->count; ++n)
    if (strcmp(names->names[n], name) == 0) return n;
  return -1;
}

/* The name between the braces that text[size] begins with; returns the length with them, 0 when there is none. */
static size_t read_name(const char *text, size_t size, char name[NAME_SIZE]) {
  size_t at = 2, used = 0;
  while (at < size && text[at] == ' ') ++at;
  while (at < size && text[at] != ' ' && text[at] != '}' && text[at] != '\n' && used < NAME_SIZE - 1)
    name[used++] = text[at++];
  name[used] = '\0';
  while (at < size && text[at] == ' ') ++at;
  bool closed = at + 1 < size && text[at] == '}' && text[at + 1] == '}';
  return closed && used > 0 ? at + 2 : 0;
}

static xp_status unknown_name(const char *name, xp_place place, const xp_template_names *names, xp_error *error) {
  char advice[512];
  xp_word_advice(name, names->names, names->count, advice, sizeof advice);
  return xp_error_at(error, place, "{{%s}} is no parameter of the input%s", name, advice);
}

/* One placeholder or escape at text[size]; *used: its length. */
static xp_status write_braces(const char *text, size_t size, size_t *used, xp_place place,
                              const xp_template_names *names, const char *const *values, FILE *stream,
                              xp_error *error) {
  char name[NAME_SIZE];
  if (size >= 4 && memcmp(text, "{{{{", 4) == 0) {
    *used = 4;
    if (stream) fputs("{{", stream);
    return XP_OK;
  }
  *used = read_name(text, size, name);
  if (*used == 0)
    return xp_error_at(error, place,
                       "expected {{NAME}} with the name of a parameter, found {{ alone; write {{{{ for two braces");
  int n = find_name(names, name);
  if (n < 0) return unknown_name(name, place, names, error);
  if (stream) fputs(values[n], stream);
  return XP_OK;
}

/* Of three braces the first is one of the text: {{{NAME}} puts a value behind a brace. */
static bool begins_braces(const char *text, size_t size) {
  size_t count = 0;
  while (count < size && text[count] == '{') ++count;
  return count >= 2 && count != 3;
}

xp_status xp_template_write(const char *text, size_t size, xp_place place, const xp_template_names *names,
                            const char *const *values, FILE *stream, xp_error *error) {
  size_t used;
  for (size_t at = 0; at < size; at += used) {
    used = 1;
    if (begins_braces(text + at, size - at)) {
      xp_status status = write_braces(text + at, size - at, &used, place, names, values, stream, error);
      if (status != XP_OK) return status;
    } else if (stream)
      fputc(text[at], stream);
    place.column += (long)used;
    if (text[at] == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return XP_OK;
}

xp_status xp_template_fill(char **filled, const char *text, const xp_template_names *names, const char *const *values,
                           xp_error *error) {
  size_t size = 0;
  *filled = NULL;
  FILE *stream = open_memstream(filled, &size);
  if (!stream) return xp_error_memory(error, "a command");
  xp_status status = xp_template_write(text, strlen(text), (xp_place){0}, names, values, stream, error);
  if (fclose(stream) != 0 && status == XP_OK) status = xp_error_memory(error, "a command");
  if (status == XP_OK) return XP_OK;
  free(*filled);
  *filled = NULL;
  return status;
}
