/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool/message.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/line.h"
#include "space/number.h"

void xp_message_clear(xp_message *message) {
  free(message->values);
  xp_trial_clear(&message->trial);
  *message = (xp_message){0};
}

/* ---- writing ---- */

static bool add_task(cJSON *object, const xp_message *message) {
  if (!xp_number_add(object, "task", message->number) || !xp_number_add(object, "fidelity", message->fidelity))
    return false;
  cJSON *values = cJSON_AddArrayToObject(object, "values");
  for (int d = 0; values && d < message->nvalues; ++d) {
    char text[XP_NUMBER_SIZE];
    xp_number_format(message->values[d], text);
    if (!cJSON_AddItemToArray(values, cJSON_CreateRaw(text))) return false;
  }
  return values;
}

static bool add_members(cJSON *object, const xp_message *message) {
  switch (message->kind) {
  case XP_MESSAGE_READY:
    return cJSON_AddTrueToObject(object, "ready");
  case XP_MESSAGE_TASK:
    return add_task(object, message);
  case XP_MESSAGE_RESULT:
    return xp_number_add(object, "trial", message->number) && xp_line_add_result(object, &message->trial) &&
           xp_number_add(object, "seconds", message->seconds) &&
           xp_number_add(object, "peak_memory_mb", message->peak_memory_mb);
  case XP_MESSAGE_ERROR:
    return xp_number_add(object, "error", message->error.status) &&
           cJSON_AddStringToObject(object, "message", message->error.message);
  }
  return false;
}

xp_status xp_message_text(const xp_message *message, char **text, xp_error *error) {
  cJSON *object = cJSON_CreateObject();
  char *json = object && add_members(object, message) ? cJSON_PrintUnformatted(object) : NULL;
  cJSON_Delete(object);
  size_t length = json ? strlen(json) : 0;
  *text = json ? realloc(json, length + 2) : NULL;
  if (!*text) {
    cJSON_free(json);
    return xp_error_memory(error, "a message about a trial");
  }
  memcpy(*text + length, "\n", 2);
  return XP_OK;
}

/* ---- reading ---- */

static const cJSON *member(const cJSON *object, const char *key) {
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

static xp_status read_task(xp_message *message, const cJSON *object, xp_error *error) {
  const cJSON *values = member(object, "values");
  message->kind = XP_MESSAGE_TASK;
  message->fidelity = cJSON_GetNumberValue(member(object, "fidelity"));
  message->values = malloc((size_t)cJSON_GetArraySize(values) * sizeof *message->values + 1);
  if (!message->values) return xp_error_memory(error, "a message about a trial");
  const cJSON *item;
  cJSON_ArrayForEach(item, values) message->values[message->nvalues++] = cJSON_GetNumberValue(item);
  return XP_OK;
}

static xp_status read_result(xp_message *message, const cJSON *object, xp_error *error) {
  xp_place place = {"a worker", 0, 0};
  message->kind = XP_MESSAGE_RESULT;
  message->seconds = cJSON_GetNumberValue(member(object, "seconds"));
  message->peak_memory_mb = cJSON_GetNumberValue(member(object, "peak_memory_mb"));
  return xp_line_read_result(object, place, &message->trial, error);
}

static xp_status read_error(xp_message *message, const cJSON *object) {
  const char *sentence = cJSON_GetStringValue(member(object, "message"));
  message->kind = XP_MESSAGE_ERROR;
  message->error.status = (xp_status)member(object, "error")->valuedouble;
  snprintf(message->error.message, sizeof message->error.message, "%s", sentence ? sentence : "");
  return XP_OK;
}

static xp_status read_members(xp_message *message, const cJSON *object, const char *line, xp_error *error) {
  const cJSON *task = member(object, "task"), *trial = member(object, "trial");
  message->kind = XP_MESSAGE_READY;
  if (cJSON_IsTrue(member(object, "ready"))) return XP_OK;
  if (cJSON_IsNumber(member(object, "error"))) return read_error(message, object);
  if (cJSON_IsNumber(task)) message->number = (int)task->valuedouble;
  if (cJSON_IsNumber(trial)) message->number = (int)trial->valuedouble;
  if (cJSON_IsNumber(task)) return read_task(message, object, error);
  if (cJSON_IsNumber(trial)) return read_result(message, object, error);
  return xp_error_set(error, XP_ERROR_IO, "expected a message about a trial from another process, found \"%.80s\"",
                      line);
}

xp_status xp_message_read(xp_message *message, const char *line, xp_error *error) {
  *message = (xp_message){0};
  cJSON *object = cJSON_Parse(line);
  xp_status status = read_members(message, object, line, error);
  cJSON_Delete(object);
  if (status != XP_OK) xp_message_clear(message);
  return status;
}
