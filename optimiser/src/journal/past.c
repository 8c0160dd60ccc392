/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal/past.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

#include "space/parse.h"
#include "xpot/file.h"

#define NEWEST_FORMAT 2

void xp_past_free(xp_past *past) {
  if (!past) return;
  for (int t = 0; t < past->count; ++t) {
    xp_trial_clear(&past->trials[t].result);
    free(past->trials[t].values);
  }
  free(past->trials);
  xp_space_free(past->space);
  free(past->second);
  cJSON_Delete(past->bounds);
  free(past->path);
  free(past);
}

static const cJSON *member(const cJSON *object, const char *key) {
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

static int whole(const cJSON *item) {
  return cJSON_IsNumber(item) ? item->valueint : 0;
}

/* With a "-" in front where more is better. */
static xp_status read_second(xp_past *past, const cJSON *settings, xp_error *error) {
  const char *metric = cJSON_GetStringValue(member(settings, "second_metric"));
  if (!metric) return XP_OK;
  past->second = malloc(strlen(metric) + 2);
  if (!past->second) return xp_error_memory(error, "the journal");
  sprintf(past->second, "%s%s", cJSON_IsTrue(member(settings, "second_rises")) ? "-" : "", metric);
  return XP_OK;
}

static xp_status read_header(xp_past *past, const cJSON *line, xp_place place, xp_error *error) {
  const cJSON *format = member(line, "xpot_journal"), *settings = member(line, "settings");
  if (!cJSON_IsNumber(format))
    return xp_error_at(error, place, "expected the header of a journal with \"xpot_journal\", found none");
  if (format->valuedouble < 1 || format->valuedouble > NEWEST_FORMAT)
    return xp_error_at(error, place, "expected a journal of format 1 to %d, found format %g; use a newer xpot-opt",
                       NEWEST_FORMAT, format->valuedouble);
  past->initial = whole(member(settings, "initial"));
  xp_status status = read_second(past, settings, error);
  if (status != XP_OK) return status;
  const cJSON *bounds = member(settings, "bounds");
  if (bounds && !(past->bounds = cJSON_Duplicate(bounds, true))) return xp_error_memory(error, "the journal");
  return xp_space_parse(&past->space, member(line, "space"), place, error);
}

/* Where the next trial goes; room is made in powers of two. */
static xp_status add_trial(xp_past *past, xp_error *error) {
  if ((past->count & (past->count - 1)) == 0) {
    size_t room = past->count ? 2 * (size_t)past->count : 1;
    xp_past_trial *trials = realloc(past->trials, room * sizeof *trials);
    if (!trials) return xp_error_memory(error, "the trials of the journal");
    past->trials = trials;
  }
  xp_past_trial *trial = &past->trials[past->count];
  *trial = (xp_past_trial){.result = {.status = XP_TRIAL_PENDING, .fidelity = 1.0}};
  trial->values = calloc((size_t)xp_space_count(past->space) + 1, sizeof *trial->values);
  if (!trial->values) return xp_error_memory(error, "the trials of the journal");
  ++past->count;
  return XP_OK;
}

static xp_status read_point(xp_past *past, const cJSON *line, int number, xp_place place, xp_error *error) {
  if (number != past->count + 1)
    return xp_error_at(error, place, "expected trial %d, found trial %d", past->count + 1, number);
  xp_status status = add_trial(past, error);
  if (status != XP_OK) return status;
  xp_past_trial *trial = &past->trials[past->count - 1];
  const cJSON *values = member(line, "values"), *fidelity = member(line, "fidelity");
  if (cJSON_IsNumber(fidelity)) trial->result.fidelity = fidelity->valuedouble;
  for (int d = 0; d < xp_space_count(past->space); ++d) {
    const xp_range *range = xp_space_range(past->space, d);
    const cJSON *item = member(values, range->name);
    if (cJSON_IsNull(item))
      trial->values[d] = NAN;
    else if (!xp_range_parse_value(range, item, &trial->values[d]))
      return xp_error_at(error, place, "expected a value of \"%s\", found none", range->name);
  }
  return XP_OK;
}

/* A metric that was not measured is outside. */
static bool is_within(const xp_past_trial *trial, const cJSON *bounds) {
  const cJSON *bound;
  cJSON_ArrayForEach(bound, bounds) {
    const char *metric = cJSON_GetStringValue(member(bound, "metric"));
    const cJSON *least = member(bound, "min"), *most = member(bound, "max");
    double value = metric ? xp_past_metric(trial, metric) : NAN;
    if (isnan(value) || (least && value < least->valuedouble) || (most && value > most->valuedouble)) return false;
  }
  return true;
}

static xp_status read_result(xp_past_trial *trial, const cJSON *line, xp_place place, xp_error *error) {
  const cJSON *loss = member(line, "loss");
  const char *reason = cJSON_GetStringValue(member(line, "failed"));
  trial->result.status = XP_TRIAL_OK;
  if (reason)
    xp_trial_fail(&trial->result, "%s", reason);
  else if (cJSON_IsNumber(loss) && isfinite(loss->valuedouble))
    trial->result.loss = loss->valuedouble;
  else
    return xp_error_at(error, place,
                       "expected a finite \"loss\" or the reason why the trial \"failed\", found neither");
  const cJSON *metric;
  cJSON_ArrayForEach(metric, member(line, "metrics")) {
    double value = cJSON_IsNumber(metric) ? metric->valuedouble : NAN;
    xp_status status = xp_trial_add_metric(&trial->result, metric->string ? metric->string : "", value, error);
    if (status != XP_OK) return status;
  }
  return XP_OK;
}

/* {"start":k,"values":...}, {"trial":k,"loss":...} or, in format 1, both in one. */
static xp_status read_event(xp_past *past, const cJSON *line, xp_place place, xp_error *error) {
  const cJSON *start = member(line, "start"), *number = member(line, "trial");
  xp_status status = XP_OK;
  if (start || member(line, "values")) status = read_point(past, line, whole(start ? start : number), place, error);
  if (status != XP_OK || start) return status;
  int k = whole(number);
  if (k < 1 || k > past->count || past->trials[k - 1].result.status != XP_TRIAL_PENDING)
    return xp_error_at(error, place, "expected the result of a trial that was started and has none, found trial %d", k);
  status = read_result(&past->trials[k - 1], line, place, error);
  past->trials[k - 1].within = is_within(&past->trials[k - 1], past->bounds);
  return status;
}

static xp_status read_line(xp_past *past, const char *text, size_t size, xp_place place, xp_error *error) {
  cJSON *line = cJSON_ParseWithLength(text, size);
  if (!line || !cJSON_IsObject(line)) {
    cJSON_Delete(line);
    return xp_error_at(error, place, "expected a line of a journal, one JSON object, found something else");
  }
  xp_status status = past->space ? read_event(past, line, place, error) : read_header(past, line, place, error);
  cJSON_Delete(line);
  return status;
}

static xp_status read_lines(xp_past *past, const xp_bytes *bytes, xp_error *error) {
  const char *text = bytes->data, *end = bytes->data + bytes->size, *newline;
  xp_place place = {past->path, 1, 0};
  xp_status status = XP_OK;
  for (; status == XP_OK && (newline = memchr(text, '\n', (size_t)(end - text))); text = newline + 1, ++place.line)
    status = read_line(past, text, (size_t)(newline - text), place, error);
  if (status == XP_OK && !past->space)
    return xp_error_at(error, place, "expected the journal of a search, found no whole line");
  return status;
}

/* The journal itself, or its name in a folder. Caller frees; NULL: out of memory. */
static char *find_path(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return strdup(path);
  char *joined = malloc(strlen(path) + sizeof "/" XP_JOURNAL_NAME);
  if (joined) sprintf(joined, "%s/%s", path, XP_JOURNAL_NAME);
  return joined;
}

xp_status xp_past_read(xp_past **past, const char *path, xp_error *error) {
  *past = NULL;
  xp_bytes bytes = {0};
  xp_past *made = calloc(1, sizeof *made);
  if (made) made->path = find_path(path);
  xp_status status = made && made->path ? XP_OK : xp_error_memory(error, "the journal");
  if (status == XP_OK) status = xp_bytes_read(&bytes, made->path, error);
  if (status == XP_OK) status = read_lines(made, &bytes, error);
  xp_bytes_free(&bytes);
  if (status == XP_OK)
    *past = made;
  else
    xp_past_free(made);
  return status;
}

bool xp_past_counts(const xp_past_trial *trial) {
  return trial->result.status == XP_TRIAL_OK && trial->result.fidelity >= 1.0;
}

static bool some_within(const xp_past *past) {
  bool some = false;
  for (int t = 0; t < past->count; ++t) some |= xp_past_counts(&past->trials[t]) && past->trials[t].within;
  return some;
}

int xp_past_next_best(const xp_past *past, int behind) {
  int next = 0;
  bool within = some_within(past);
  double limit = behind ? past->trials[behind - 1].result.loss : -INFINITY;
  for (int t = 1; t <= past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t - 1];
    double loss = trial->result.loss;
    if (!xp_past_counts(trial) || (within && !trial->within)) continue;
    if (loss < limit || (loss == limit && t <= behind)) continue;
    if (!next || loss < past->trials[next - 1].result.loss) next = t;
  }
  return next;
}

int xp_past_best(const xp_past *past) {
  return xp_past_next_best(past, 0);
}

double xp_past_metric(const xp_past_trial *trial, const char *name) {
  for (int m = 0; m < trial->result.nmetrics; ++m)
    if (strcmp(trial->result.metrics[m].name, name) == 0) return trial->result.metrics[m].value;
  return NAN;
}
