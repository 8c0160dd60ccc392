/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal/line.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "space/number.h"

/* ---- writing ---- */

/* Prints object with a newline into *text; frees object. complete false: it could not be built. */
static xp_status finish_line(cJSON *object, bool complete, char **text, xp_error *error) {
  char *json = complete ? cJSON_PrintUnformatted(object) : NULL;
  cJSON_Delete(object);
  size_t length = json ? strlen(json) : 0;
  *text = json ? malloc(length + 2) : NULL;
  if (*text) {
    memcpy(*text, json, length);
    memcpy(*text + length, "\n", 2);
  }
  cJSON_free(json);
  return *text ? XP_OK : xp_error_memory(error, "a line of the journal");
}

xp_status xp_line_header(const xp_journal_header *header, char **text, xp_error *error) {
  *text = NULL;
  char *space = NULL;
  xp_status status = xp_space_text(header->space, &space, error);
  if (status != XP_OK) return status;
  cJSON *object = cJSON_CreateObject();
  bool complete = cJSON_AddNumberToObject(object, "xpot_journal", XP_JOURNAL_VERSION) &&
                  cJSON_AddRawToObject(object, "space", space) &&
                  cJSON_AddRawToObject(object, "settings", header->settings) &&
                  cJSON_AddStringToObject(object, "fingerprint", header->fingerprint);
  free(space);
  return finish_line(object, complete, text, error);
}

static bool add_value(cJSON *object, const xp_space *space, int index, const double *values) {
  const xp_range *range = xp_space_range(space, index);
  double value = values[index];
  if (!xp_space_active(space, values, index)) return cJSON_AddNullToObject(object, range->name) != NULL;
  if (range->choices) return cJSON_AddStringToObject(object, range->name, range->choices[(int)value]);
  return xp_number_add(object, range->name, value);
}

static bool add_start(cJSON *object, const xp_space *space, const xp_event *event) {
  if (!xp_number_add(object, "start", event->number)) return false;
  cJSON *point = cJSON_AddObjectToObject(object, "values");
  bool complete = point;
  for (int index = 0; complete && index < xp_space_count(space); ++index)
    complete = add_value(point, space, index, event->values);
  if (complete && event->trial.fidelity < 1.0) complete = xp_number_add(object, "fidelity", event->trial.fidelity);
  if (complete && event->trial.of) complete = xp_number_add(object, "of", event->trial.of);
  return complete;
}

bool xp_line_add_result(cJSON *object, const xp_trial *trial) {
  bool complete = trial->status == XP_TRIAL_OK ? xp_number_add(object, "loss", trial->loss)
                                               : cJSON_AddStringToObject(object, "failed", trial->reason) != NULL;
  cJSON *metrics = complete ? cJSON_AddObjectToObject(object, "metrics") : NULL;
  complete = metrics;
  for (int metric = 0; complete && metric < trial->nmetrics; ++metric)
    complete = xp_number_add(metrics, trial->metrics[metric].name, trial->metrics[metric].value);
  return complete;
}

xp_status xp_line_event(const xp_space *space, const xp_event *event, char **text, xp_error *error) {
  *text = NULL;
  cJSON *object = cJSON_CreateObject();
  bool complete = object;
  if (complete && event->start)
    complete = add_start(object, space, event);
  else if (complete)
    complete = xp_number_add(object, "trial", event->number) && xp_line_add_result(object, &event->trial);
  return finish_line(object, complete, text, error);
}

/* ---- reading ---- */

/* Parses one line as a JSON object, nothing behind it. NULL after setting the error. */
static cJSON *parse_object(const char *line, size_t size, const char *expected, xp_place place, xp_error *error) {
  const char *end = NULL;
  cJSON *object = cJSON_ParseWithLengthOpts(line, size, &end, false);
  size_t used = end ? (size_t)(end - line) : 0;
  if (object && cJSON_IsObject(object) && used == size) return object;
  place.column = (long)used + 1;
  xp_error_at(error, place, "expected %s as one JSON object, found something else here; " XP_JOURNAL_RESTORE, expected);
  cJSON_Delete(object);
  return NULL;
}

/* The name of the first dimension in which two spaces differ. */
static const char *differing_range(const cJSON *was, const cJSON *now) {
  int count = cJSON_GetArraySize(now);
  for (int index = 0; index < count; ++index) {
    const cJSON *range = cJSON_GetArrayItem(now, index);
    if (!cJSON_Compare(cJSON_GetArrayItem(was, index), range, true))
      return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(range, "name"));
  }
  return "the number of ranges";
}

/* Says in which of the settings two headers differ; false when in none. */
static bool report_setting(const cJSON *was, const cJSON *now, xp_place place, xp_error *error) {
  const cJSON *setting;
  cJSON_ArrayForEach(setting, now) {
    const cJSON *old = cJSON_GetObjectItemCaseSensitive(was, setting->string);
    if (cJSON_Compare(old, setting, true)) continue;
    char *before = old ? cJSON_PrintUnformatted(old) : NULL, *after = cJSON_PrintUnformatted(setting);
    xp_error_at(error, place,
                "the journal belongs to a search with %s %s, found %s now; go on with the input that began it or "
                "start in a new output folder",
                setting->string, before ? before : "not given", after ? after : "another");
    cJSON_free(before);
    cJSON_free(after);
    return true;
  }
  return false;
}

static xp_status report_difference(const cJSON *was, const cJSON *now, xp_place place, xp_error *error) {
  const cJSON *version = cJSON_GetObjectItemCaseSensitive(was, "xpot_journal");
  if (!cJSON_IsNumber(version))
    return xp_error_at(error, place,
                       "expected the header of a journal with \"xpot_journal\", found none; " XP_JOURNAL_RESTORE);
  if (version->valuedouble != XP_JOURNAL_VERSION)
    return xp_error_at(error, place,
                       "expected a journal of format %d, found format %g; use the version of xpot-opt that began it or "
                       "start in a new output folder",
                       XP_JOURNAL_VERSION, version->valuedouble);
  const cJSON *old_space = cJSON_GetObjectItemCaseSensitive(was, "space");
  const cJSON *new_space = cJSON_GetObjectItemCaseSensitive(now, "space");
  if (!cJSON_Compare(old_space, new_space, true))
    return xp_error_at(error, place,
                       "the journal belongs to a search over another space, which differs in %s; go on with the input "
                       "that began it or start in a new output folder",
                       differing_range(old_space, new_space));
  if (report_setting(cJSON_GetObjectItemCaseSensitive(was, "settings"),
                     cJSON_GetObjectItemCaseSensitive(now, "settings"), place, error))
    return XP_ERROR_INPUT;
  return xp_error_at(
      error, place,
      "the journal belongs to a search with another input or other data (the fingerprint differs); go on "
      "with the input that began it or start in a new output folder");
}

xp_status xp_line_check_header(const char *line, size_t size, const char *expected, xp_place place, xp_error *error) {
  if (size + 1 == strlen(expected) && !memcmp(line, expected, size)) return XP_OK;
  cJSON *was = parse_object(line, size, "the header of a journal", place, error);
  if (!was) return XP_ERROR_INPUT;
  cJSON *now = cJSON_Parse(expected);
  xp_status status = now ? report_difference(was, now, place, error) : xp_error_memory(error, "a line of the journal");
  cJSON_Delete(now);
  cJSON_Delete(was);
  return status;
}

static bool read_value(const xp_range *range, const cJSON *item, double *value) {
  if (!range->choices) {
    if (!cJSON_IsNumber(item)) return false;
    *value = item->valuedouble;
    return xp_range_contains(range, *value);
  }
  const char *text = cJSON_GetStringValue(item);
  for (int choice = 0; text && choice < range->nchoices; ++choice)
    if (!strcmp(text, range->choices[choice])) {
      *value = choice;
      return true;
    }
  return false;
}

static xp_status read_values(const xp_space *space, const cJSON *object, xp_place place, double *values,
                             xp_error *error) {
  const cJSON *point = cJSON_GetObjectItemCaseSensitive(object, "values");
  for (int index = 0; index < xp_space_count(space); ++index) {
    const xp_range *range = xp_space_range(space, index);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(point, range->name);
    values[index] = xp_space_resting(space, index);
    if (!cJSON_IsNull(item) && !read_value(range, item, &values[index]))
      return xp_error_at(error, place, "expected a value of \"%s\" from its range, found none; " XP_JOURNAL_RESTORE,
                         range->name);
  }
  return XP_OK;
}

static xp_status read_number(const cJSON *item, xp_place place, int *number, xp_error *error) {
  double value = cJSON_IsNumber(item) ? item->valuedouble : 0.0;
  if (!(value >= 1.0 && value <= INT_MAX && value == floor(value)))
    return xp_error_at(error, place, "expected the number of a trial, found none; " XP_JOURNAL_RESTORE);
  *number = (int)value;
  return XP_OK;
}

static xp_status read_start(const xp_space *space, const cJSON *object, xp_place place, xp_event *event,
                            xp_error *error) {
  const cJSON *fidelity = cJSON_GetObjectItemCaseSensitive(object, "fidelity");
  const cJSON *of = cJSON_GetObjectItemCaseSensitive(object, "of");
  event->trial.status = XP_TRIAL_PENDING;
  event->trial.fidelity = fidelity ? cJSON_GetNumberValue(fidelity) : 1.0;
  if (!(event->trial.fidelity > 0.0 && event->trial.fidelity <= 1.0))
    return xp_error_at(error, place, "expected a \"fidelity\" above 0, at most 1; " XP_JOURNAL_RESTORE);
  xp_status status = of ? read_number(of, place, &event->trial.of, error) : XP_OK;
  return status == XP_OK ? read_values(space, object, place, event->values, error) : status;
}

xp_status xp_line_read_result(const cJSON *object, xp_place place, xp_trial *trial, xp_error *error) {
  const cJSON *loss = cJSON_GetObjectItemCaseSensitive(object, "loss");
  const char *reason = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "failed"));
  if (reason)
    xp_trial_fail(trial, "%s", reason);
  else if (cJSON_IsNumber(loss) && isfinite(loss->valuedouble))
    trial->loss = loss->valuedouble;
  else
    return xp_error_at(error, place,
                       "expected a finite \"loss\" or the reason why the trial \"failed\"; " XP_JOURNAL_RESTORE);
  const cJSON *metric;
  cJSON_ArrayForEach(metric, cJSON_GetObjectItemCaseSensitive(object, "metrics")) {
    double value = cJSON_IsNumber(metric) ? metric->valuedouble : NAN;
    xp_status status = xp_trial_add_metric(trial, metric->string ? metric->string : "", value, error);
    if (status != XP_OK) return status;
  }
  return XP_OK;
}

/* Whatever the checks above let pass (unknown or repeated keys, blanks, digits changed in the last place) shows here: the
 * line must be the one that this program would write. */
static xp_status check_rewritten(const xp_space *space, const char *line, size_t size, xp_place place,
                                 const xp_event *event, xp_error *error) {
  char *text = NULL;
  xp_status status = xp_line_event(space, event, &text, error);
  if (status != XP_OK) return status;
  if (strlen(text) != size + 1 || memcmp(text, line, size))
    status = xp_error_at(error, place, "trial %d was changed after it was written; " XP_JOURNAL_RESTORE, event->number);
  free(text);
  return status;
}

static xp_status read_fields(const xp_space *space, const cJSON *object, xp_place place, xp_event *event,
                             xp_error *error) {
  const cJSON *start = cJSON_GetObjectItemCaseSensitive(object, "start");
  event->start = start;
  const cJSON *number = start ? start : cJSON_GetObjectItemCaseSensitive(object, "trial");
  xp_status status = read_number(number, place, &event->number, error);
  if (status != XP_OK) return status;
  return start ? read_start(space, object, place, event, error)
               : xp_line_read_result(object, place, &event->trial, error);
}

xp_status xp_line_read_event(const xp_space *space, const char *line, size_t size, xp_place place, xp_event *event,
                             xp_error *error) {
  event->trial = (xp_trial){0};
  cJSON *object = parse_object(line, size, "a trial", place, error);
  if (!object) return XP_ERROR_INPUT;
  xp_status status = read_fields(space, object, place, event, error);
  cJSON_Delete(object);
  if (status == XP_OK) status = check_rewritten(space, line, size, place, event, error);
  if (status != XP_OK) xp_trial_clear(&event->trial);
  return status;
}
