/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot_input/hjson.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Deeper nesting is no input. */
#define DEPTH_MOST 64

typedef struct scanner {
  const xp_bytes *bytes;
  const char *at, *end;
  int depth;
  xp_error *error;
} scanner;

static cJSON *parse_value(scanner *s);

/* Sets the error with its place; NULL. */
static cJSON *complain(scanner *s, const char *expected) {
  xp_place place = {s->bytes->name, 1, 1};
  for (const char *c = s->bytes->data; c < s->at; ++c) {
    ++place.column;
    if (*c == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  size_t length = strcspn(s->at, "\r\n");
  xp_error_at(s->error, place, "expected %s, found %s%.*s%s", expected, s->at < s->end ? "\"" : "the end of the file",
              (int)(length < 40 ? length : 40), s->at, s->at < s->end ? "\"" : "");
  return NULL;
}

static cJSON *out_of_memory(scanner *s) {
  xp_error_memory(s->error, "an input of XPOT");
  return NULL;
}

/* Blanks, line ends and comments; commas, too, between members. */
static void skip(scanner *s, bool commas) {
  for (;;) {
    if (isspace((unsigned char)*s->at) || (commas && *s->at == ','))
      ++s->at;
    else if (*s->at == '#' || strncmp(s->at, "//", 2) == 0)
      s->at += strcspn(s->at, "\n");
    else if (strncmp(s->at, "/*", 2) == 0) {
      const char *close = strstr(s->at, "*/");
      s->at = close ? close + 2 : s->end;
    } else
      return;
  }
}

static cJSON *make_text(scanner *s, const char *start, size_t size) {
  char *copy = malloc(size + 1);
  if (!copy) return out_of_memory(s);
  memcpy(copy, start, size);
  copy[size] = '\0';
  cJSON *item = cJSON_CreateString(copy);
  free(copy);
  return item ? item : out_of_memory(s);
}

/* ''' ... ''': lines as they are, without the first line end. */
static cJSON *parse_lines(scanner *s) {
  const char *start = s->at + 3, *close = strstr(start, "'''");
  if (!close) return complain(s, "text that ends in three quotes");
  s->at = close + 3;
  if (*start == '\n') ++start;
  return make_text(s, start, (size_t)(close - start));
}

static char unescape(char c) {
  static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
  const char *found = c ? strchr(names, c) : NULL;
  return found ? values[found - names] : c;
}

/* Between quotes of either kind. A character that is written \uXXXX stays as it is written: no name in an input has one. */
static cJSON *parse_quoted(scanner *s) {
  if (strncmp(s->at, "'''", 3) == 0) return parse_lines(s);
  char quote = *s->at, *copy = malloc(strlen(s->at) + 1);
  if (!copy) return out_of_memory(s);
  size_t used = 0;
  const char *c = s->at + 1;
  for (; c < s->end && *c != quote && *c != '\n'; ++c) {
    bool escaped = *c == '\\' && c + 1 < s->end && c[1] != 'u';
    copy[used++] = escaped ? unescape(*++c) : *c;
  }
  if (c >= s->end || *c != quote) {
    free(copy);
    return complain(s, "text that ends in a quote on its line");
  }
  s->at = c + 1;
  cJSON *item = make_text(s, copy, used);
  free(copy);
  return item;
}

/* Behind a number or word of JSON nothing may follow but what ends a value. */
static bool ends_here(const char *text) {
  text += strspn(text, " \t\r");
  return !*text || strchr(",]}#\n", *text) || strncmp(text, "//", 2) == 0 || strncmp(text, "/*", 2) == 0;
}

/* A number, true, false, null, or text up to the end of the line. */
static cJSON *parse_plain(scanner *s) {
  static const char *const words[] = {"true", "false", "null"};
  for (int w = 0; w < 3; ++w) {
    size_t length = strlen(words[w]);
    if (strncmp(s->at, words[w], length) != 0 || !ends_here(s->at + length)) continue;
    s->at += length;
    cJSON *item = w == 2 ? cJSON_CreateNull() : cJSON_CreateBool(w == 0);
    return item ? item : out_of_memory(s);
  }
  size_t digits = strspn(s->at, "+-0123456789.eE");
  char *end;
  double number = strtod(s->at, &end);
  if (digits > 0 && end == s->at + digits && ends_here(end)) {
    s->at = end;
    cJSON *item = cJSON_CreateNumber(number);
    return item ? item : out_of_memory(s);
  }
  size_t length = strcspn(s->at, "\r\n");
  const char *start = s->at;
  s->at += length;
  while (length > 0 && isspace((unsigned char)start[length - 1])) --length;
  return length > 0 ? make_text(s, start, length) : complain(s, "a value");
}

/* The key at the scanner, owned by the caller; behind it stands a colon, which is passed. */
static char *parse_key(scanner *s) {
  char *key = NULL;
  if (*s->at == '"' || *s->at == '\'') {
    cJSON *text = parse_quoted(s);
    if (!text) return NULL;
    key = strdup(text->valuestring);
    cJSON_Delete(text);
  } else {
    size_t length = strcspn(s->at, ",:[]{} \t\r\n");
    if (length > 0) key = strndup(s->at, length);
    if (length == 0) {
      complain(s, "a key");
      return NULL;
    }
    s->at += length;
  }
  if (!key) out_of_memory(s);
  skip(s, false);
  if (key && *s->at != ':') {
    free(key);
    complain(s, "a colon behind a key");
    return NULL;
  }
  ++s->at;
  return key;
}

/* Members up to the closing brace, or to the end of a file that has no braces. */
static cJSON *parse_members(scanner *s, char close) {
  cJSON *object = cJSON_CreateObject();
  if (!object) return out_of_memory(s);
  for (skip(s, true); *s->at != close; skip(s, true)) {
    char *key = s->at < s->end ? parse_key(s) : (char *)complain(s, "a closing brace");
    cJSON *value = key ? parse_value(s) : NULL;
    if (key) cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    bool added = value && cJSON_AddItemToObject(object, key, value);
    free(key);
    if (added) continue;
    cJSON_Delete(object);
    return NULL;
  }
  if (close) ++s->at;
  return object;
}

static cJSON *parse_elements(scanner *s) {
  cJSON *array = cJSON_CreateArray();
  if (!array) return out_of_memory(s);
  for (skip(s, true); *s->at != ']'; skip(s, true)) {
    cJSON *value = s->at < s->end ? parse_value(s) : complain(s, "a closing bracket");
    if (value && cJSON_AddItemToArray(array, value)) continue;
    cJSON_Delete(array);
    return NULL;
  }
  ++s->at;
  return array;
}

static cJSON *parse_value(scanner *s) {
  cJSON *value;
  skip(s, false);
  if (++s->depth > DEPTH_MOST) return complain(s, "less nesting");
  if (*s->at == '{') {
    ++s->at;
    value = parse_members(s, '}');
  } else if (*s->at == '[') {
    ++s->at;
    value = parse_elements(s);
  } else
    value = *s->at == '"' || *s->at == '\'' ? parse_quoted(s) : parse_plain(s);
  --s->depth;
  return value;
}

xp_status xp_hjson_parse(cJSON **root, const xp_bytes *bytes, xp_error *error) {
  const char *byte_order_mark = "\xEF\xBB\xBF";
  scanner s = {bytes, bytes->data, bytes->data + bytes->size, 0, error};
  if (strncmp(s.at, byte_order_mark, 3) == 0) s.at += 3;
  skip(&s, false);
  bool braces = *s.at == '{' || *s.at == '[';
  *root = braces ? parse_value(&s) : parse_members(&s, '\0');
  if (!*root) return error->status;
  skip(&s, true);
  if (s.at >= s.end) return XP_OK;
  complain(&s, "the end of the file");
  cJSON_Delete(*root);
  *root = NULL;
  return error->status;
}
