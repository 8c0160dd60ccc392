/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "extxyz/fields.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A position in the comment line. */
typedef struct scanner {
  const char *start, *at, *end;
  xp_fields *fields;
  xp_error *error;
} scanner;

static xp_place place_at(const scanner *s, const char *where) {
  xp_place place = s->fields->place;
  place.column = (long)(where - s->start) + 1;
  return place;
}

static void skip_blanks(scanner *s) {
  while (s->at < s->end && isspace((unsigned char)*s->at)) ++s->at;
}

/* Takes ownership of key and value, which may be NULL when out of memory. */
static xp_status append(scanner *s, const char *where, char *key, char *value) {
  xp_fields *fields = s->fields;
  xp_status status = XP_OK;
  if (!key || !value) {
    status = xp_error_memory(s->error, "the keys of a comment line");
  } else if (!*key) {
    status = xp_error_at(s->error, place_at(s, where), "expected a key before '=', found none; the form is key=value");
  } else if (xp_fields_find(fields, key)) {
    status = xp_error_at(s->error, place_at(s, where), "the key '%.100s' is given twice; remove one of them", key);
  } else if ((fields->count & (fields->count - 1)) == 0) { /* full at every power of two */
    size_t capacity = fields->count ? 2 * (size_t)fields->count : 1;
    xp_field *items = realloc(fields->items, capacity * sizeof *items);
    if (items)
      fields->items = items;
    else
      status = xp_error_memory(s->error, "the keys of a comment line");
  }
  if (status == XP_OK) {
    fields->items[fields->count++] = (xp_field){.key = key, .value = value, .column = (long)(where - s->start) + 1};
  } else {
    free(key);
    free(value);
  }
  return status;
}

/* "..." or '...'; the scanner stands on the quote. */
static xp_status quoted_value(scanner *s, char **value) {
  const char *open = s->at++;
  char *text = malloc((size_t)(s->end - s->at) + 1);
  if (!text) return xp_error_memory(s->error, "a value of a comment line");
  size_t size = 0;
  while (s->at < s->end && *s->at != *open) {
    if (*s->at == '\\' && s->at + 1 < s->end) {
      ++s->at;
      text[size++] = *s->at == 'n' ? '\n' : *s->at;
      ++s->at;
    } else {
      text[size++] = *s->at++;
    }
  }
  if (s->at == s->end) {
    free(text);
    return xp_error_at(s->error, place_at(s, open), "the quote that opens here is not closed on this line; add a %c",
                       *open);
  }
  ++s->at;
  text[size] = '\0';
  *value = text;
  return XP_OK;
}

/* [...] or {...}, nested; kept with its inner brackets. */
static xp_status bracketed_value(scanner *s, char **value) {
  const char *open = s->at;
  int depth = 0;
  for (; s->at < s->end; ++s->at) {
    if (*s->at == '[' || *s->at == '{') ++depth;
    if ((*s->at == ']' || *s->at == '}') && --depth == 0) break;
  }
  if (s->at == s->end)
    return xp_error_at(s->error, place_at(s, open), "the bracket '%c' that opens here is not closed on this line",
                       *open);
  *value = strndup(open + 1, (size_t)(s->at - open - 1));
  ++s->at;
  return XP_OK;
}

static void bare_value(scanner *s, char **value) {
  const char *begin = s->at;
  while (s->at < s->end && !isspace((unsigned char)*s->at)) ++s->at;
  *value = strndup(begin, (size_t)(s->at - begin));
}

static xp_status value_of(scanner *s, char **value) {
  if (s->at < s->end && (*s->at == '"' || *s->at == '\'')) return quoted_value(s, value);
  if (s->at < s->end && (*s->at == '[' || *s->at == '{')) return bracketed_value(s, value);
  bare_value(s, value);
  return XP_OK;
}

static xp_status key_of(scanner *s, char **key) {
  const char *begin = s->at;
  if (*s->at == '"' || *s->at == '\'') return quoted_value(s, key);
  while (s->at < s->end && !isspace((unsigned char)*s->at) && *s->at != '=') ++s->at;
  *key = strndup(begin, (size_t)(s->at - begin));
  return XP_OK;
}

static xp_status field_of(scanner *s) {
  char *key = NULL, *value = NULL;
  const char *begin = s->at;
  xp_status status = key_of(s, &key);
  if (status != XP_OK) return status;
  const char *after = s->at;
  skip_blanks(s);
  if (s->at < s->end && *s->at == '=') {
    ++s->at;
    skip_blanks(s);
    status = value_of(s, &value);
  } else {
    s->at = after;
    value = strdup("T");
  }
  if (status == XP_OK) return append(s, begin, key, value);
  free(key);
  return status;
}

xp_status xp_fields_parse(xp_fields *fields, const char *line, size_t size, xp_place place, xp_error *error) {
  *fields = (xp_fields){.place = place};
  scanner s = {.start = line, .at = line, .end = line + size, .fields = fields, .error = error};
  for (skip_blanks(&s); s.at < s.end; skip_blanks(&s)) {
    xp_status status = field_of(&s);
    if (status != XP_OK) {
      xp_fields_free(fields);
      return status;
    }
  }
  return XP_OK;
}

void xp_fields_free(xp_fields *fields) {
  for (int i = 0; i < fields->count; ++i) {
    free(fields->items[i].key);
    free(fields->items[i].value);
  }
  free(fields->items);
  fields->items = NULL;
  fields->count = 0;
}

xp_field *xp_fields_find(const xp_fields *fields, const char *key) {
  for (int i = 0; i < fields->count; ++i)
    if (strcmp(fields->items[i].key, key) == 0) return &fields->items[i];
  return NULL;
}

xp_place xp_field_place(const xp_fields *fields, const xp_field *field) {
  xp_place place = fields->place;
  place.column = field->column;
  return place;
}

static bool separates(char c) {
  return isspace((unsigned char)c) || (c && strchr(",[]{}", c));
}

xp_status xp_field_numbers(const xp_fields *fields, const xp_field *field, double *numbers, int limit, int *found,
                           xp_error *error) {
  const char *at = field->value;
  for (*found = 0;; ++*found) {
    while (separates(*at)) ++at;
    if (!*at) return XP_OK;
    if (*found == limit)
      return xp_error_at(error, xp_field_place(fields, field), "'%.60s' has more than %d numbers", field->key, limit);
    char *end;
    double number = strtod(at, &end);
    if (end == at || (*end && !separates(*end)) || !isfinite(number))
      return xp_error_at(error, xp_field_place(fields, field),
                         "'%.60s' holds '%.40s' where a finite number is expected", field->key, at);
    numbers[*found] = number;
    at = end;
  }
}
