/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot_input/translation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xp_translation_note(xp_translation *t, const char *format, ...) {
  char sentence[XP_ERROR_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  t->note(t->user, sentence);
}

static bool says_nothing(const cJSON *item) {
  return cJSON_IsNull(item) || (cJSON_IsString(item) && !item->valuestring[0]) ||
         (cJSON_IsObject(item) && !item->child);
}

cJSON *xp_translation_take(cJSON *object, const char *key) {
  cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(object, key);
  if (!item || !says_nothing(item)) return item;
  cJSON_Delete(item);
  return NULL;
}

char *xp_translation_take_text(cJSON *object, const char *key) {
  cJSON *item = xp_translation_take(object, key);
  if (!item) return NULL;
  char *text = strdup(cJSON_IsString(item) ? item->valuestring : "");
  cJSON_Delete(item);
  return text;
}

static bool is_number(const char *text, double *number) {
  char *end;
  *number = strtod(text, &end);
  return end != text && !end[strspn(end, " \t")];
}

double xp_translation_take_number(cJSON *object, const char *key, double standard) {
  cJSON *item = xp_translation_take(object, key);
  double number = standard;
  if (cJSON_IsNumber(item)) number = item->valuedouble;
  if (cJSON_IsBool(item)) number = cJSON_IsTrue(item);
  if (cJSON_IsString(item) && !is_number(item->valuestring, &number)) number = standard;
  cJSON_Delete(item);
  return number;
}

void xp_translation_drop(cJSON *object, const char *const *names) {
  for (; *names; ++names) cJSON_DeleteItemFromObjectCaseSensitive(object, *names);
}

cJSON *xp_translation_section(xp_translation *t, cJSON *parent, const char *name) {
  cJSON *section = cJSON_GetObjectItemCaseSensitive(parent, name);
  if (!section) section = cJSON_AddObjectToObject(parent, name);
  t->failed |= !section;
  return section;
}

/* Makes a value ours: numbers out of text, ranges without what only parameters of other codes need. */
static cJSON *settle(xp_translation *t, cJSON *value) {
  double number;
  if (cJSON_IsString(value) && is_number(value->valuestring, &number)) {
    cJSON_Delete(value);
    return cJSON_CreateNumber(number);
  }
  if (cJSON_IsObject(value) && !t->whole) cJSON_DeleteItemFromObjectCaseSensitive(value, "whole");
  if (!cJSON_IsArray(value)) return value;
  cJSON *list = cJSON_CreateArray();
  while (value->child) {
    cJSON *element = settle(t, cJSON_DetachItemFromArray(value, 0));
    t->failed |= !element || !cJSON_AddItemToArray(list, element);
  }
  cJSON_Delete(value);
  return list;
}

void xp_translation_put(xp_translation *t, cJSON *object, const char *key, cJSON *value) {
  if (!value) return;
  value = settle(t, value);
  t->failed |= !value || !cJSON_AddItemToObject(object, key, value);
}

/* 0 or 1, as a number or text; takes the value over. */
static bool take_flag(xp_translation *t, cJSON *value) {
  cJSON *holder = cJSON_CreateObject();
  t->failed |= !holder || !cJSON_AddItemToObject(holder, "flag", value);
  bool flag = xp_translation_take_number(holder, "flag", 0.0) != 0.0;
  cJSON_Delete(holder);
  return flag;
}

void xp_translation_put_flag(xp_translation *t, cJSON *object, const char *key, cJSON *value) {
  if (!value) return;
  cJSON *choices = cJSON_DetachItemFromObjectCaseSensitive(value, "choices");
  if (!choices) {
    t->failed |= !cJSON_AddBoolToObject(object, key, take_flag(t, value));
    return;
  }
  cJSON *flags = cJSON_AddArrayToObject(value, "choices");
  while (choices->child)
    t->failed |= !cJSON_AddItemToArray(flags, cJSON_CreateBool(take_flag(t, cJSON_DetachItemFromArray(choices, 0))));
  cJSON_Delete(choices);
  t->failed |= !cJSON_AddItemToObject(object, key, value);
}
