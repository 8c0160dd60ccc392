/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "space/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const cJSON *object, const char *key) {
  const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
  return text ? text : "";
}

static double number_of(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

/* Texts of an array, borrowed from it; *count of them. Caller frees; NULL: out of memory. */
static const char **texts_of(const cJSON *array, int *count) {
  const char **texts = calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof *texts);
  const cJSON *item;
  *count = 0;
  cJSON_ArrayForEach(item, array) if (texts) texts[(*count)++] = cJSON_IsString(item) ? item->valuestring : "";
  return texts;
}

static xp_status add_choices(xp_space *space, const char *name, const cJSON *array, bool ordered, xp_place place,
                             xp_error *error) {
  int count;
  const char **choices = texts_of(array, &count);
  if (!choices) return xp_error_memory(error, "the search space");
  xp_status status = ordered ? xp_space_add_ordered(space, name, choices, count, place, error)
                             : xp_space_add_choice(space, name, choices, count, place, error);
  free(choices);
  return status;
}

static xp_status add_conditions(xp_space *space, const cJSON *object, xp_place place, xp_error *error) {
  const cJSON *when = cJSON_GetObjectItemCaseSensitive(object, "when"), *condition;
  xp_status status = XP_OK;
  cJSON_ArrayForEach(condition, when) {
    int count;
    const char **texts = texts_of(condition, &count);
    if (!texts) return xp_error_memory(error, "the search space");
    status = xp_space_add_condition(space, condition->string, texts, count, place, error);
    free(texts);
    if (status != XP_OK) return status;
  }
  if (when) xp_space_set_otherwise(space, number_of(object, "otherwise"));
  return XP_OK;
}

static xp_status add_constraints(xp_space *space, const cJSON *texts, xp_place place, xp_error *error) {
  const cJSON *text;
  cJSON_ArrayForEach(text, texts) {
    const char *expression = cJSON_IsString(text) ? text->valuestring : "";
    xp_status status = xp_space_add_constraint(space, expression, place, error);
    if (status != XP_OK) return status;
  }
  return XP_OK;
}

static xp_status add_kind(xp_space *space, const cJSON *object, xp_place place, xp_error *error) {
  const char *name = text_of(object, "name"), *kind = text_of(object, "kind");
  const cJSON *choices = cJSON_GetObjectItemCaseSensitive(object, "choices");
  double low = number_of(object, "low"), high = number_of(object, "high");
  bool logarithmic = strcmp(text_of(object, "scale"), "log") == 0;
  if (choices) return add_choices(space, name, choices, strcmp(kind, "ordered") == 0, place, error);
  if (strcmp(kind, "real") == 0) return xp_space_add_real(space, name, low, high, logarithmic, place, error);
  if (strcmp(kind, "integer") == 0) return xp_space_add_integer(space, name, low, high, logarithmic, place, error);
  return xp_error_at(error, place, "expected ranges of kind real, integer, choice or ordered, found \"%s\" for \"%s\"",
                     kind, name);
}

static xp_status add_entry(xp_space *space, const cJSON *object, xp_place place, xp_error *error) {
  const cJSON *constraints = cJSON_GetObjectItemCaseSensitive(object, "texts");
  if (constraints) return add_constraints(space, constraints, place, error);
  xp_status status = add_kind(space, object, place, error);
  return status == XP_OK ? add_conditions(space, object, place, error) : status;
}

xp_status xp_space_parse(xp_space **space, const cJSON *array, xp_place place, xp_error *error) {
  *space = NULL;
  if (!cJSON_IsArray(array)) return xp_error_at(error, place, "expected the list of ranges \"space\", found none");
  xp_space *made = NULL;
  xp_status status = xp_space_new(&made, error);
  for (const cJSON *object = array->child; object && status == XP_OK; object = object->next)
    status = add_entry(made, object, place, error);
  if (status == XP_OK) status = xp_space_finish(made, error);
  if (status == XP_OK)
    *space = made;
  else
    xp_space_free(made);
  return status;
}

bool xp_range_parse_value(const xp_range *range, const cJSON *item, double *value) {
  if (range->choices) {
    const char *text = cJSON_GetStringValue(item);
    for (int choice = 0; text && choice < range->nchoices; ++choice)
      if (strcmp(text, range->choices[choice]) == 0) {
        *value = choice;
        return true;
      }
    return false;
  }
  if (!cJSON_IsNumber(item)) return false;
  *value = item->valuedouble;
  return true;
}
