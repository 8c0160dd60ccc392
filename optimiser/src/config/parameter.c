/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"
#include "space/number.h"

double xp_parameter_at(const xp_parameter *parameter, const double *values) {
  if (parameter->dimension < 0 || !values) return parameter->value;
  if (!xp_space_active(parameter->space, values, parameter->dimension)) return parameter->value;
  double value = values[parameter->dimension];
  return parameter->choices ? parameter->choices[(int)value] : value;
}

bool xp_parameter_conditional(const xp_parameter *parameter) {
  return parameter->dimension >= 0 && xp_space_range(parameter->space, parameter->dimension)->nconditions > 0;
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

/* What an object that stands for a value may hold: one of the shapes, and what goes with any of them. */
static const char *const range_keys[] = {"min", "max", "scale", "choices", "ordered", "tune", "when", "otherwise"};
enum { RANGE_KEYS = sizeof range_keys / sizeof *range_keys, CONDITION_KEYS = 6 };

bool xp_parameter_is_range(const cJSON *item) {
  bool found = false;
  for (int k = 0; k < RANGE_KEYS && cJSON_IsObject(item); ++k)
    found |= cJSON_GetObjectItemCaseSensitive(item, range_keys[k]) != NULL;
  return found;
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
  xp_place place = xp_json_place(json, list);
  if (!cJSON_IsArray(list))
    return xp_error_at(error, place, "%s: expected a list, found %s", list->string, xp_json_kind(list));
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
  bool ordered = strcmp(list->string, "ordered") == 0;
  if (status == XP_OK)
    status = (ordered ? xp_space_add_ordered : xp_space_add_choice)(space, name, pointers, n, place, error);
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
    return xp_error_at(error, place,
                       "%s: a range needs both \"min\" and \"max\" (or \"choices\", \"ordered\" or \"tune\")",
                       option->name);
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

/* min, max and scale belong together; choices, ordered and tune stand alone. */
static bool belongs(const xp_option *option, const cJSON *shape, const char *key) {
  if (shape) return strcmp(key, shape->string) == 0;
  if (strcmp(key, "whole") == 0) return option->traits & XP_OPTION_FREE;
  return strcmp(key, "min") == 0 || strcmp(key, "max") == 0 || strcmp(key, "scale") == 0;
}

static xp_status check_keys(const xp_option *option, const xp_json *json, const cJSON *item, const cJSON *shape,
                            xp_error *error) {
  for (const cJSON *child = item->child; child; child = child->next) {
    bool known = belongs(option, shape, child->string), condition = false;
    for (int k = CONDITION_KEYS; k < RANGE_KEYS; ++k) condition |= strcmp(child->string, range_keys[k]) == 0;
    if (known || condition) continue;
    char advice[256];
    xp_word_advice(child->string, range_keys, RANGE_KEYS, advice, sizeof advice);
    if (shape)
      snprintf(advice, sizeof advice, "; beside \"%s\" only \"when\" and \"otherwise\" are allowed", shape->string);
    return xp_error_at(error, xp_json_place(json, child), "%s: unknown key \"%s\" in a range%s", option->name,
                       child->string, advice);
  }
  return XP_OK;
}

/* The range that the table has for "tune". */
static xp_status parse_tune(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                            const cJSON *item, xp_space *space, xp_error *error) {
  const char *text = xp_option_tune(option);
  if (cJSON_IsFalse(item) || (!cJSON_IsBool(item) && !cJSON_IsString(item)))
    return xp_error_at(error, xp_json_place(json, item), "tune: expected true");
  if (!text)
    return xp_error_at(
        error, xp_json_place(json, item),
        "%s has no default range for \"tune\"; give one as {\"min\": ..., \"max\": ...} or {\"choices\": "
        "[...]}",
        option->name);
  cJSON *range = cJSON_Parse(text);
  if (!range) return xp_error_memory(error, "a default range");
  const cJSON *choices = cJSON_GetObjectItemCaseSensitive(range, "choices");
  xp_status status = choices ? parse_choices(parameter, option, name, json, choices, space, error)
                             : parse_ends(option, name, json, range, space, error);
  cJSON_Delete(range);
  return status;
}

/* ---- conditions ---- */

/* One value of another range, or a list of them. */
static xp_status parse_condition(const xp_json *json, const cJSON *item, xp_space *space, xp_error *error) {
  enum { MOST = 64, TEXT = 64 };
  char texts[MOST][TEXT];
  const char *pointers[MOST];
  int n = 0;
  if (cJSON_GetArraySize(item) > MOST)
    return xp_error_at(error, xp_json_place(json, item), "when: expected at most %d values of \"%s\", found %d", MOST,
                       item->string, cJSON_GetArraySize(item));
  for (const cJSON *value = cJSON_IsArray(item) ? item->child : item; value; value = value->next) {
    if (!xp_json_text(value, texts[n], TEXT))
      return xp_error_at(error, xp_json_place(json, value), "when: expected a value of \"%s\", or a list, found %s",
                         item->string, xp_json_kind(value));
    pointers[n] = texts[n];
    ++n;
    if (value == item) break;
  }
  return xp_space_add_condition(space, item->string, pointers, n, xp_json_place(json, item), error);
}

static xp_status parse_conditions(const xp_json *json, const cJSON *when, xp_space *space, xp_error *error) {
  if (!cJSON_IsObject(when) || !when->child)
    return xp_error_at(error, xp_json_place(json, when),
                       "when: expected an object, {\"potential.kind\": [\"ace\"]}, found %s",
                       cJSON_IsObject(when) ? "an empty one" : xp_json_kind(when));
  xp_status status = XP_OK;
  for (const cJSON *item = when->child; item && status == XP_OK; item = item->next)
    status = parse_condition(json, item, space, error);
  return status;
}

/* What acts for some kinds of potential only is active for those. */
static xp_status imply_kind(const xp_option *option, xp_space *space, xp_error *error) {
  static const char *const snap[] = {"snap", "qsnap"}, *const ace[] = {"ace"};
  if (option->traits & XP_OPTION_SNAP) return xp_space_imply_condition(space, "potential.kind", snap, 2, error);
  return option->traits & XP_OPTION_ACE ? xp_space_imply_condition(space, "potential.kind", ace, 1, error) : XP_OK;
}

/* The value while the range is not active: the one given, the standard, the low end. */
static xp_status parse_otherwise(xp_parameter *parameter, const xp_option *option, const xp_json *json,
                                 const cJSON *item, const xp_space *space, xp_error *error) {
  const cJSON *otherwise = cJSON_GetObjectItemCaseSensitive(item, "otherwise");
  const cJSON *when = cJSON_GetObjectItemCaseSensitive(item, "when");
  if (otherwise && !when)
    return xp_error_at(error, xp_json_place(json, otherwise), "%s: \"otherwise\" acts only beside \"when\"; remove it",
                       option->name);
  if (otherwise) return parse_value(&parameter->value, option, json, otherwise, error);
  if (when && strcmp(option->section, "weights") == 0)
    return xp_error_at(error, xp_json_place(json, when),
                       "%s: expected \"otherwise\" beside \"when\", the weight while the range is not active",
                       option->name);
  if (option->standard && option->standard[0] && !(option->traits & XP_OPTION_LIST))
    parameter->value = xp_parameter_standard(option).value;
  else
    parameter->value = parameter->choices ? parameter->choices[0] : xp_space_range(space, parameter->dimension)->low;
  return XP_OK;
}

static xp_status parse_range(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                             const cJSON *item, xp_space *space, xp_error *error) {
  const cJSON *when = cJSON_GetObjectItemCaseSensitive(item, "when");
  const cJSON *shape = cJSON_IsString(item) ? item : NULL;
  for (const char *const *key = (const char *const[]){"choices", "ordered", "tune", NULL}; *key && !shape; ++key)
    shape = cJSON_GetObjectItemCaseSensitive(item, *key);
  bool tune = shape && (shape == item || strcmp(shape->string, "tune") == 0);
  xp_status status = check_keys(option, json, item, shape, error);
  if (status != XP_OK) return status;
  parameter->dimension = xp_space_count(space);
  parameter->space = space;
  if (tune)
    status = parse_tune(parameter, option, name, json, shape, space, error);
  else if (shape)
    status = parse_choices(parameter, option, name, json, shape, space, error);
  else
    status = parse_ends(option, name, json, item, space, error);
  if (status == XP_OK) status = imply_kind(option, space, error);
  if (status == XP_OK && when) status = parse_conditions(json, when, space, error);
  if (status == XP_OK) status = parse_otherwise(parameter, option, json, item, space, error);
  if (status == XP_OK) xp_space_set_otherwise(space, option->type == XP_OPTION_WORD ? NAN : parameter->value);
  return status;
}

static bool stands_for_range(const xp_option *option, const cJSON *item) {
  if (!(option->traits & XP_OPTION_TUNABLE)) return false;
  return cJSON_IsObject(item) || (cJSON_IsString(item) && strcmp(item->valuestring, "tune") == 0);
}

xp_status xp_parameter_parse(xp_parameter *parameter, const xp_option *option, const char *name, const xp_json *json,
                             const cJSON *item, xp_space *space, xp_error *error) {
  *parameter = (xp_parameter){.dimension = -1};
  xp_status status = stands_for_range(option, item) ? parse_range(parameter, option, name, json, item, space, error)
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
