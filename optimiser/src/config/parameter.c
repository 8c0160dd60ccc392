/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"
#include "space/number.h"

double xp_parameter_at(const xp_parameter *parameter, const double *values) {
  if (parameter->dimension < 0 || !values) return parameter->value;
  double value = values[parameter->dimension];
  return parameter->choices ? parameter->choices[(int)value] : value;
}

void xp_parameter_clear(xp_parameter *parameter) {
  free(parameter->choices);
  *parameter = (xp_parameter){.dimension = -1};
}

void xp_parameter_format(const xp_option *option, double value, char *text, int size) {
  char number[XP_NUMBER_SIZE];
  xp_number_format(value, number);
  if (option->type == XP_OPTION_FLAG)
    snprintf(text, (size_t)size, "%s", value != 0.0 ? "true" : "false");
  else if (option->type == XP_OPTION_WORD)
    snprintf(text, (size_t)size, "\"%s\"", option->words[(int)value]);
  else
    snprintf(text, (size_t)size, "%s", number);
}

static xp_status mistyped(const xp_option *option, const xp_json *json, const cJSON *item, xp_error *error) {
  char range[128], found[64] = "";
  xp_option_range(option, range, sizeof range);
  if (cJSON_IsNumber(item)) snprintf(found, sizeof found, "%.16g", item->valuedouble);
  if (cJSON_IsString(item)) snprintf(found, sizeof found, "\"%.40s\"", item->valuestring);
  if (cJSON_IsBool(item)) snprintf(found, sizeof found, "%s", cJSON_IsTrue(item) ? "true" : "false");
  return xp_error_at(error, xp_json_place(json, item), "%s: expected %s%s, found %s", option->name, range,
                     option->traits & XP_OPTION_TUNABLE ? " (or a range, see xpot-opt init --help)" : "",
                     found[0] ? found : xp_json_kind(item));
}

bool xp_parameter_is_range(const cJSON *item) {
  return cJSON_IsObject(item) &&
         (cJSON_GetObjectItemCaseSensitive(item, "min") || cJSON_GetObjectItemCaseSensitive(item, "max") ||
          cJSON_GetObjectItemCaseSensitive(item, "choices"));
}

/* One plain value. */
static xp_status parse_value(double *value, const xp_option *option, const xp_json *json, const cJSON *item,
                             xp_error *error) {
  bool number = option->type == XP_OPTION_INTEGER || option->type == XP_OPTION_REAL;
  *value = -1.0;
  if (option->type == XP_OPTION_FLAG && cJSON_IsBool(item))
    *value = cJSON_IsTrue(item) ? 1.0 : 0.0;
  else if (option->type == XP_OPTION_WORD && cJSON_IsString(item))
    *value = xp_option_word(option, item->valuestring);
  else if (number && cJSON_IsNumber(item))
    *value = item->valuedouble;
  else
    return mistyped(option, json, item, error);
  return xp_option_allows(option, *value) ? XP_OK : mistyped(option, json, item, error);
}

static xp_status parse_choices(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                               const cJSON *list, xp_space *space, xp_error *error) {
  enum { TEXT = 64 };
  if (!cJSON_IsArray(list))
    return xp_error_at(error, xp_json_place(json, list), "choices: expected a list, found %s", xp_json_kind(list));
  int n = cJSON_GetArraySize(list), i = 0;
  xp_status status = XP_OK;
  char(*texts)[TEXT] = calloc((size_t)n + 1, sizeof *texts);
  const char **pointers = calloc((size_t)n + 1, sizeof *pointers);
  parameter->choices = calloc((size_t)n + 1, sizeof *parameter->choices);
  if (!texts || !pointers || !parameter->choices) status = xp_error_memory(error, "a list of choices");
  for (const cJSON *item = list->child; item && status == XP_OK; item = item->next, ++i) {
    status = parse_value(&parameter->choices[i], option, json, item, error);
    if (status != XP_OK) break;
    xp_parameter_format(option, parameter->choices[i], texts[i], TEXT);
    char *text = texts[i];
    if (text[0] == '"') { /* a word: the space has its own quotes */
      text[strlen(text) - 1] = '\0';
      ++text;
    }
    pointers[i] = text;
  }
  if (status == XP_OK) status = xp_space_add_choice(space, name, pointers, n, xp_json_place(json, list), error);
  parameter->nchoices = n;
  free(pointers);
  free(texts);
  return status;
}

static xp_status parse_scale(bool *logarithmic, const xp_json *json, const cJSON *item, xp_error *error) {
  *logarithmic = cJSON_IsString(item) && strcmp(item->valuestring, "log") == 0;
  if (!item || *logarithmic || (cJSON_IsString(item) && strcmp(item->valuestring, "linear") == 0)) return XP_OK;
  return xp_error_at(error, xp_json_place(json, item), "scale: expected \"linear\" or \"log\", found %s",
                     cJSON_IsString(item) ? item->valuestring : xp_json_kind(item));
}

static xp_status parse_ends(const xp_option *option, const char *name, const xp_json *json, const cJSON *item,
                            xp_space *space, xp_error *error) {
  xp_place place = xp_json_place(json, item);
  const cJSON *low = cJSON_GetObjectItemCaseSensitive(item, "min");
  const cJSON *high = cJSON_GetObjectItemCaseSensitive(item, "max");
  bool logarithmic;
  double ends[2];
  if (option->type != XP_OPTION_INTEGER && option->type != XP_OPTION_REAL)
    return xp_error_at(error, place, "%s is not a number: give its {\"choices\": [...]}", option->name);
  if (!low || !high)
    return xp_error_at(error, place, "%s: a range needs both \"min\" and \"max\" (or \"choices\")", option->name);
  xp_status status = parse_value(&ends[0], option, json, low, error);
  if (status == XP_OK) status = parse_value(&ends[1], option, json, high, error);
  if (status == XP_OK) status = parse_scale(&logarithmic, json, cJSON_GetObjectItemCaseSensitive(item, "scale"), error);
  if (status != XP_OK) return status;
  const cJSON *whole = cJSON_GetObjectItemCaseSensitive(item, "whole");
  if (whole && !cJSON_IsBool(whole))
    return xp_error_at(error, xp_json_place(json, whole), "whole: expected true or false, found %s",
                       xp_json_kind(whole));
  return option->type == XP_OPTION_INTEGER || cJSON_IsTrue(whole)
             ? xp_space_add_integer(space, name, ends[0], ends[1], logarithmic, place, error)
             : xp_space_add_real(space, name, ends[0], ends[1], logarithmic, place, error);
}

static xp_status parse_range(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                             const cJSON *item, xp_space *space, xp_error *error) {
  static const char *const keys[] = {"min", "max", "scale", "whole", "choices"};
  int nkeys = option->traits & XP_OPTION_FREE ? 4 : 3;
  const cJSON *choices = cJSON_GetObjectItemCaseSensitive(item, "choices");
  for (const cJSON *child = item->child; child; child = child->next) {
    bool known = choices ? child == choices : false;
    for (int i = 0; i < nkeys && !choices; ++i) known |= strcmp(child->string, keys[i]) == 0;
    if (known) continue;
    char advice[256];
    xp_word_advice(child->string, keys, 5, advice, sizeof advice);
    if (choices) snprintf(advice, sizeof advice, "; beside \"choices\" nothing else is allowed");
    return xp_error_at(error, xp_json_place(json, child), "%s: unknown key \"%s\" in a range%s", option->name,
                       child->string, advice);
  }
  parameter->dimension = xp_space_count(space);
  if (choices) return parse_choices(parameter, option, name, json, choices, space, error);
  return parse_ends(option, name, json, item, space, error);
}

xp_status xp_parameter_parse(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                             const cJSON *item, xp_space *space, xp_error *error) {
  *parameter = (xp_parameter){.dimension = -1};
  xp_status status = cJSON_IsObject(item) && (option->traits & XP_OPTION_TUNABLE)
                         ? parse_range(parameter, option, name, json, item, space, error)
                         : parse_value(&parameter->value, option, json, item, error);
  if (status != XP_OK) xp_parameter_clear(parameter);
  parameter->given = status == XP_OK;
  return status;
}

xp_parameter xp_parameter_standard(const xp_option *option) {
  xp_parameter parameter = {.dimension = -1};
  if (option->type == XP_OPTION_FLAG)
    parameter.value = strcmp(option->standard, "true") == 0;
  else if (option->type == XP_OPTION_WORD) {
    char word[32] = "";
    sscanf(option->standard, "\"%31[^\"]", word);
    parameter.value = xp_option_word(option, word);
  } else
    parameter.value = strtod(option->standard, NULL);
  return parameter;
}
