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

static xp_status add_choices(xp_space *space, const char *name, const cJSON *array, xp_place place, xp_error *error) {
  int count = 0;
  const char **choices = calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof *choices);
  if (!choices) return xp_error_memory(error, "the search space");
  const cJSON *item;
  cJSON_ArrayForEach(item, array) choices[count++] = cJSON_IsString(item) ? item->valuestring : "";
  xp_status status = xp_space_add_choice(space, name, choices, count, place, error);
  free(choices);
  return status;
}

static xp_status add_range(xp_space *space, const cJSON *object, xp_place place, xp_error *error) {
  const char *name = text_of(object, "name"), *kind = text_of(object, "kind");
  const cJSON *choices = cJSON_GetObjectItemCaseSensitive(object, "choices");
  double low = number_of(object, "low"), high = number_of(object, "high");
  bool logarithmic = strcmp(text_of(object, "scale"), "log") == 0;
  if (choices) return add_choices(space, name, choices, place, error);
  if (strcmp(kind, "real") == 0) return xp_space_add_real(space, name, low, high, logarithmic, place, error);
  if (strcmp(kind, "integer") == 0) return xp_space_add_integer(space, name, low, high, logarithmic, place, error);
  return xp_error_at(error, place, "expected ranges of kind real, integer or choice, found \"%s\" for \"%s\"", kind,
                     name);
}

xp_status xp_space_parse(xp_space **space, const cJSON *array, xp_place place, xp_error *error) {
  *space = NULL;
  if (!cJSON_IsArray(array)) return xp_error_at(error, place, "expected the list of ranges \"space\", found none");
  xp_space *made = NULL;
  xp_status status = xp_space_new(&made, error);
  for (const cJSON *object = array->child; object && status == XP_OK; object = object->next)
    status = add_range(made, object, place, error);
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
