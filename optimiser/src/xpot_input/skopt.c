/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "xpot_input/skopt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "skopt.space.";

bool xp_skopt_detect(const char *text) {
  return strstr(text, "skopt") != NULL;
}

static const char *blanks(const char *at) {
  while (isspace((unsigned char)*at)) ++at;
  return at;
}

/* The character, blanks around it aside; NULL when something else stands there. */
static const char *expect(const char *at, char c) {
  if (!at) return NULL;
  at = blanks(at);
  return *at == c ? blanks(at + 1) : NULL;
}

static const char *read_number(const char *at, double *number) {
  char *end;
  if (!at) return NULL;
  *number = strtod(at, &end);
  return end == at ? NULL : blanks(end);
}

/* A word in quotes or a number as an item of its own. */
static const char *read_choice(const char *at, cJSON *list) {
  if (*at == '\'' || *at == '"') {
    const char *close = strchr(at + 1, *at);
    char *word = close ? strndup(at + 1, (size_t)(close - at - 1)) : NULL;
    bool added = word && cJSON_AddItemToArray(list, cJSON_CreateString(word));
    free(word);
    return added ? blanks(close + 1) : NULL;
  }
  double number;
  at = read_number(at, &number);
  if (at) cJSON_AddItemToArray(list, cJSON_CreateNumber(number));
  return at;
}

static const char *read_choices(const char *at, cJSON *range) {
  cJSON *list = cJSON_AddArrayToObject(range, "choices");
  at = expect(at, '[');
  while (at && list && *at != ']') {
    at = read_choice(at, list);
    if (at && *at == ',') at = blanks(at + 1);
  }
  return expect(at, ']');
}

/* , prior='log-uniform' and the like; others than prior have no counterpart. */
static const char *read_options(const char *at, cJSON *range) {
  while (at && *at == ',') {
    at = blanks(at + 1);
    size_t length = strcspn(at, ",)");
    bool prior = strncmp(at, "prior", 5) == 0;
    bool logarithmic = prior && memmem(at, length, "log-uniform", 11);
    bool known = logarithmic || (prior && memmem(at, length, "uniform", 7)) || strncmp(at, "name", 4) == 0;
    if (logarithmic) cJSON_AddStringToObject(range, "scale", "log");
    at = known ? at + length : NULL;
  }
  return at;
}

static const char *read_ends(const char *at, bool whole, cJSON *range) {
  double low = 0.0, high = 0.0;
  at = read_number(at, &low);
  at = read_number(expect(at, ','), &high);
  if (!at) return NULL;
  cJSON_AddNumberToObject(range, "min", low);
  cJSON_AddNumberToObject(range, "max", high);
  if (whole) cJSON_AddBoolToObject(range, "whole", true);
  return read_options(at, range);
}

xp_status xp_skopt_parse(cJSON **range, const char *text, const char *path, xp_error *error) {
  const char *at = blanks(text);
  bool known = strncmp(at, prefix, sizeof prefix - 1) == 0;
  at += known ? sizeof prefix - 1 : 0;
  *range = cJSON_CreateObject();
  if (!*range) return xp_error_memory(error, "a range");
  size_t name = strcspn(at, "(");
  const char *arguments = known && at[name] == '(' ? blanks(at + name + 1) : NULL;
  if (arguments && strncmp(at, "Real", name) == 0)
    arguments = read_ends(arguments, false, *range);
  else if (arguments && strncmp(at, "Integer", name) == 0)
    arguments = read_ends(arguments, true, *range);
  else if (arguments && strncmp(at, "Categorical", name) == 0)
    arguments = read_options(read_choices(arguments, *range), *range);
  else
    arguments = NULL;
  arguments = expect(arguments, ')');
  if (arguments && !*arguments) return XP_OK;
  cJSON_Delete(*range);
  *range = NULL;
  return xp_error_set(
      error, XP_ERROR_INPUT,
      "%s: expected skopt.space.Real(LOW, HIGH), Integer(LOW, HIGH) or Categorical([...]), found \"%s\"", path, text);
}
