/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <cjson/cJSON.h>

#include "space/number.h"
#include "space/space_data.h"

static bool add_texts(cJSON *object, const char *key, char *const *texts, int count) {
  cJSON *array = cJSON_CreateStringArray((const char *const *)texts, count);
  return array && cJSON_AddItemToObject(object, key, array);
}

static bool add_interval(cJSON *object, const xp_range *range) {
  const char *kind = range->kind == XP_RANGE_REAL ? "real" : "integer";
  return cJSON_AddStringToObject(object, "kind", kind) && xp_number_add(object, "low", range->low) &&
         xp_number_add(object, "high", range->high) &&
         cJSON_AddStringToObject(object, "scale", range->logarithmic ? "log" : "linear");
}

static bool add_choices(cJSON *object, const xp_range *range) {
  const char *kind = range->kind == XP_RANGE_CHOICE ? "choice" : "ordered";
  return cJSON_AddStringToObject(object, "kind", kind) && add_texts(object, "choices", range->choices, range->nchoices);
}

static bool add_conditions(cJSON *object, const xp_range *range) {
  if (range->nconditions == 0) return true;
  cJSON *when = cJSON_AddObjectToObject(object, "when");
  bool complete = when;
  for (int c = 0; complete && c < range->nconditions; ++c) {
    const xp_condition *condition = &range->conditions[c];
    complete = add_texts(when, condition->name, condition->texts, condition->nvalues);
  }
  return complete && xp_number_add(object, "otherwise", range->otherwise);
}

static bool add_range(cJSON *array, const xp_range *range) {
  cJSON *object = cJSON_CreateObject();
  if (!object || !cJSON_AddItemToArray(array, object)) return false;
  return cJSON_AddStringToObject(object, "name", range->name) &&
         (range->choices ? add_choices(object, range) : add_interval(object, range)) && add_conditions(object, range);
}

static bool add_constraints(cJSON *array, const xp_space *space) {
  if (space->nconstraints == 0) return true;
  cJSON *object = cJSON_CreateObject();
  if (!object || !cJSON_AddItemToArray(array, object)) return false;
  cJSON *texts =
      cJSON_AddStringToObject(object, "name", "constraints") ? cJSON_AddArrayToObject(object, "texts") : NULL;
  bool complete = texts;
  for (int c = 0; complete && c < space->nconstraints; ++c) {
    cJSON *text = cJSON_CreateString(space->constraints[c].text);
    complete = text && cJSON_AddItemToArray(texts, text);
  }
  return complete;
}

xp_status xp_space_text(const xp_space *space, char **text, xp_error *error) {
  *text = NULL;
  cJSON *array = cJSON_CreateArray();
  bool complete = array;
  for (int index = 0; complete && index < space->count; ++index) complete = add_range(array, &space->ranges[index]);
  if (complete) complete = add_constraints(array, space);
  if (complete) *text = cJSON_PrintUnformatted(array);
  cJSON_Delete(array);
  return *text ? XP_OK : xp_error_memory(error, "the text of the search space");
}
