/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "external/reading.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "report/folder.h"

/* Longest text of a number with what may stand around it. */
#define NUMBER_SIZE 256

static xp_status not_found(const xp_bytes *bytes, const char *what, const char *which, xp_error *error) {
  return xp_error_at(error, (xp_place){bytes->name, 0, 0}, "%s \"%.200s\" was not found", what, which);
}

/* text[length], blanks and quotes around it aside, is all of a finite number. */
static xp_status to_number(const char *text, size_t length, const xp_metric_source *source, const xp_bytes *bytes,
                           double *number, xp_error *error) {
  char copy[NUMBER_SIZE] = "";
  while (length > 0 && strchr(" \t\r\"'", *text)) ++text, --length;
  while (length > 0 && strchr(" \t\r\"'", text[length - 1])) --length;
  snprintf(copy, sizeof copy, "%.*s", (int)(length < NUMBER_SIZE ? length : NUMBER_SIZE - 1), text);
  char *end;
  *number = strtod(copy, &end);
  if (end != copy && !*end && isfinite(*number)) return XP_OK;
  return xp_error_at(error, (xp_place){bytes->name, 0, 0}, "%s: expected a finite number, found \"%.60s\"",
                     source->name, copy);
}

/* ---- text ---- */

xp_status xp_reading_check(const xp_metric_source *source, xp_error *error) {
  regex_t expression;
  if (!source->pattern) return XP_OK;
  int code = regcomp(&expression, source->pattern, REG_EXTENDED | REG_NEWLINE);
  if (code == 0) {
    regfree(&expression);
    return XP_OK;
  }
  char reason[200];
  regerror(code, &expression, reason, sizeof reason);
  return xp_error_at(error, source->place, "pattern: \"%s\" is no extended regular expression: %s", source->pattern,
                     reason);
}

static xp_status read_pattern(const xp_metric_source *source, const xp_bytes *bytes, double *number, xp_error *error) {
  regex_t expression;
  regmatch_t match[2];
  xp_status status = xp_reading_check(source, error);
  if (status != XP_OK) return status;
  regcomp(&expression, source->pattern, REG_EXTENDED | REG_NEWLINE);
  const char *found = NULL;
  size_t length = 0;
  for (const char *at = bytes->data; regexec(&expression, at, 2, match, at == bytes->data ? 0 : REG_NOTBOL) == 0;) {
    int group = match[1].rm_so >= 0;
    found = at + match[group].rm_so;
    length = (size_t)(match[group].rm_eo - match[group].rm_so);
    at += match[0].rm_eo > 0 ? match[0].rm_eo : 1;
    if (at > bytes->data + bytes->size) break;
  }
  regfree(&expression);
  if (!found) return not_found(bytes, "the pattern", source->pattern, error);
  return to_number(found, length, source, bytes, number, error);
}

/* ---- JSON ---- */

/* The member or element that the reference token text[length] names; ~1 is / and ~0 is ~ (RFC 6901). */
static const cJSON *step(const cJSON *item, const char *text, size_t length) {
  char key[NUMBER_SIZE];
  size_t used = 0;
  for (size_t i = 0; i < length && used < sizeof key - 1; ++i) {
    bool escaped = text[i] == '~' && i + 1 < length;
    key[used++] = escaped ? (text[++i] == '1' ? '/' : '~') : text[i];
  }
  key[used] = '\0';
  if (!cJSON_IsArray(item)) return cJSON_GetObjectItemCaseSensitive(item, key);
  char *end;
  long index = strtol(key, &end, 10);
  return end != key && !*end ? cJSON_GetArrayItem(item, (int)index) : NULL;
}

static xp_status read_pointer(const xp_metric_source *source, const xp_bytes *bytes, double *number, xp_error *error) {
  cJSON *root = cJSON_ParseWithLength(bytes->data, bytes->size);
  if (!root) return xp_error_at(error, (xp_place){bytes->name, 0, 0}, "expected JSON, found other text");
  const cJSON *item = root;
  for (const char *at = source->pointer; item && *at;) {
    at += *at == '/';
    size_t length = strcspn(at, "/");
    item = step(item, at, length);
    at += length;
  }
  xp_status status = XP_OK;
  if (!cJSON_IsNumber(item))
    status = not_found(bytes, "a number at", source->pointer, error);
  else
    *number = item->valuedouble;
  cJSON_Delete(root);
  return status;
}

/* ---- tables ---- */

/* The field of a line after so many others; fields are separated by commas, or by blanks where the header has no comma. Returns its
 * length, -1: there is none. */
static int find_field(const char *line, bool commas, int number, const char **field) {
  const char *at = line;
  for (;; --number) {
    if (!commas) at += strspn(at, " \t");
    size_t length = strcspn(at, commas ? ",\n" : " \t\r\n");
    if (!commas && length == 0) return -1;
    *field = at;
    if (number == 0) return (int)length;
    at += length;
    if (!*at || *at == '\n') return -1;
    at += commas;
  }
}

static bool field_is(const char *field, int length, const char *text, size_t size) {
  while (length > 0 && strchr(" \t\"#", *field)) ++field, --length;
  while (length > 0 && strchr(" \t\r\"", field[length - 1])) --length;
  return (size_t)length == size && strncmp(field, text, size) == 0;
}

static int find_column(const char *header, bool commas, const char *name, size_t size) {
  const char *field;
  for (int column = 0;; ++column) {
    int length = find_field(header, commas, column, &field);
    if (length < 0) return -1;
    if (field_is(field, length, name, size)) return column;
  }
}

static xp_status read_column(const xp_metric_source *source, const xp_bytes *bytes, double *number, xp_error *error) {
  const char *header = bytes->data + (bytes->data[0] == '#'), *field = NULL, *found = NULL;
  bool commas = memchr(header, ',', strcspn(header, "\n")) != NULL;
  size_t key = source->where ? strcspn(source->where, "=") : 0;
  const char *wanted = source->where ? source->where + key + 1 : "";
  int column = find_column(header, commas, source->column, strlen(source->column)), found_length = -1;
  int filter = source->where ? find_column(header, commas, source->where, key) : -1;
  if (column < 0) return not_found(bytes, "the column", source->column, error);
  if (source->where && filter < 0) return not_found(bytes, "the column of", source->where, error);
  for (const char *line = strchr(header, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
    int length = filter >= 0 ? find_field(line + 1, commas, filter, &field) : 0;
    if (filter >= 0 && (length < 0 || !field_is(field, length, wanted, strlen(wanted)))) continue;
    length = find_field(line + 1, commas, column, &field);
    if (length < 0) continue;
    found = field;
    found_length = length;
  }
  if (!found) return not_found(bytes, "a row for the column", source->column, error);
  return to_number(found, (size_t)found_length, source, bytes, number, error);
}

xp_status xp_reading_number(const xp_metric_source *source, const char *folder, double *number, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_bytes bytes = {0};
  xp_status status = xp_folder_join(path, folder, source->file, error);
  if (status == XP_OK) status = xp_bytes_read(&bytes, path, error);
  if (status == XP_ERROR_IO) {
    error->status = XP_ERROR_INPUT; /* the fitting code's failure, not the machine's */
    return XP_ERROR_INPUT;
  }
  if (status != XP_OK) return status;
  if (source->pattern)
    status = read_pattern(source, &bytes, number, error);
  else
    status = source->pointer ? read_pointer(source, &bytes, number, error) : read_column(source, &bytes, number, error);
  xp_bytes_free(&bytes);
  if (status == XP_OK && !isfinite(*number))
    return xp_error_at(error, (xp_place){path, 0, 0}, "%s is not a finite number", source->name);
  return status;
}
