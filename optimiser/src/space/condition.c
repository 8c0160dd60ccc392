/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "config/words.h"
#include "space/space_data.h"

/* A dimension that is not active rests here, in coordinates. */
static const double RESTING = 0.5;

static void condition_clear(xp_condition *condition) {
  xp_texts_free(condition->texts, condition->nvalues);
  free(condition->name);
  free(condition->values);
  *condition = (xp_condition){0};
}

void xp_conditions_clear(xp_range *range) {
  for (int c = 0; c < range->nconditions; ++c) condition_clear(&range->conditions[c]);
  free(range->conditions);
}

/* ---- adding ---- */

static xp_status add(xp_space *space, const char *name, const char *const *texts, int nvalues, bool implied,
                     xp_place place, xp_error *error) {
  xp_range *range = &space->ranges[space->count - 1];
  xp_condition *more = realloc(range->conditions, (size_t)(range->nconditions + 1) * sizeof *more);
  if (!more) return xp_error_memory(error, "the conditions of a range");
  range->conditions = more;
  xp_condition *condition = &range->conditions[range->nconditions++];
  *condition = (xp_condition){.name = strdup(name),
                              .texts = xp_texts_copy(texts, nvalues),
                              .nvalues = nvalues,
                              .implied = implied,
                              .place = place,
                              .values = calloc((size_t)nvalues + 1, sizeof *condition->values)};
  return condition->name && condition->texts && condition->values ? XP_OK
                                                                  : xp_error_memory(error, "the conditions of a range");
}

xp_status xp_space_add_condition(xp_space *space, const char *name, const char *const *texts, int nvalues,
                                 xp_place place, xp_error *error) {
  if (nvalues < 1) return xp_error_at(error, place, "when: expected at least one value of \"%s\", found none", name);
  return add(space, name, texts, nvalues, false, place, error);
}

xp_status xp_space_imply_condition(xp_space *space, const char *name, const char *const *texts, int nvalues,
                                   xp_error *error) {
  return add(space, name, texts, nvalues, true, (xp_place){0}, error);
}

void xp_space_set_otherwise(xp_space *space, double otherwise) {
  space->ranges[space->count - 1].otherwise = otherwise;
}

/* ---- finishing ---- */

static xp_status unknown(const xp_space *space, const xp_condition *condition, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  int n = 0;
  for (; n < space->count && n < XP_WORDS_MOST; ++n) names[n] = space->ranges[n].name;
  char advice[512];
  xp_word_advice(condition->name, names, n, advice, sizeof advice);
  return xp_error_at(error, condition->place, "when: \"%s\" is not the name of a range%s", condition->name, advice);
}

static xp_status impossible(const xp_condition *condition, const xp_range *other, const char *text, xp_error *error) {
  char advice[512] = "";
  if (other->choices) xp_word_advice(text, (const char *const *)other->choices, other->nchoices, advice, sizeof advice);
  return xp_error_at(error, condition->place, "when: \"%s\" never is %s%s", condition->name, text, advice);
}

/* Values that are possible, in the order given. */
static xp_status find_values(xp_condition *condition, const xp_range *other, xp_error *error) {
  int found = 0;
  if (other->kind == XP_RANGE_REAL)
    return xp_error_at(error, condition->place,
                       "when: \"%s\" is a range of real numbers, expected one of choices or whole numbers; use "
                       "\"constraints\" for limits",
                       condition->name);
  for (int v = 0; v < condition->nvalues; ++v) {
    if (xp_range_read(other, condition->texts[v], &condition->values[found])) {
      char *text = condition->texts[v];
      condition->texts[v] = condition->texts[found];
      condition->texts[found++] = text;
    } else if (!condition->implied)
      return impossible(condition, other, condition->texts[v], error);
  }
  for (int v = found; v < condition->nvalues; ++v) free(condition->texts[v]);
  condition->nvalues = found;
  return XP_OK;
}

static bool always(const xp_condition *condition, const xp_space *space) {
  if (!condition->implied) return false;
  return condition->dimension < 0 || condition->nvalues == space->ranges[condition->dimension].nchoices;
}

static bool allows(const xp_condition *condition, double value) {
  for (int v = 0; v < condition->nvalues; ++v)
    if (condition->values[v] == value) return true;
  return false;
}

static xp_condition *find_given(const xp_range *range, const xp_condition *implied) {
  for (int c = 0; c < range->nconditions; ++c)
    if (!range->conditions[c].implied && range->conditions[c].dimension == implied->dimension)
      return &range->conditions[c];
  return NULL;
}

/* One condition a dimension: what the input says of it, as far as the implied one allows it. */
static xp_status merge(xp_range *range, int c, xp_error *error) {
  xp_condition *implied = &range->conditions[c], *given = find_given(range, implied);
  int kept = 0;
  if (!implied->implied || !given) return XP_OK;
  for (int v = 0; v < given->nvalues; ++v) {
    if (!allows(implied, given->values[v])) {
      free(given->texts[v]);
      continue;
    }
    given->values[kept] = given->values[v];
    given->texts[kept++] = given->texts[v];
  }
  given->nvalues = kept;
  if (kept == 0)
    return xp_error_at(error, given->place, "when: \"%s\" acts only where \"%s\" is %s", range->name, given->name,
                       implied->texts[0]);
  condition_clear(implied);
  *implied = range->conditions[--range->nconditions];
  return XP_OK;
}

static xp_status finish_range(xp_space *space, xp_range *range, xp_error *error) {
  int kept = 0;
  xp_status status = XP_OK;
  for (int c = 0; c < range->nconditions && status == XP_OK; ++c) {
    xp_condition *condition = &range->conditions[c];
    condition->dimension = xp_space_find(space, condition->name);
    if (condition->dimension >= 0)
      status = find_values(condition, &space->ranges[condition->dimension], error);
    else if (!condition->implied)
      status = unknown(space, condition, error);
    if (status != XP_OK) break;
    if (always(condition, space))
      condition_clear(condition);
    else if (kept++ != c) {
      range->conditions[kept - 1] = *condition;
      *condition = (xp_condition){0};
    }
  }
  if (status == XP_OK) range->nconditions = kept;
  for (int c = kept - 1; c >= 0 && status == XP_OK; --c) status = merge(range, c, error);
  return status;
}

/* True when whether dimension is active depends on target; depth ends circles that target is not part of. */
static bool depends(const xp_space *space, int dimension, int target, int depth) {
  const xp_range *range = &space->ranges[dimension];
  for (int c = 0; c < range->nconditions && depth > 0; ++c) {
    int other = range->conditions[c].dimension;
    if (other == target || depends(space, other, target, depth - 1)) return true;
  }
  return false;
}

xp_status xp_conditions_finish(xp_space *space, xp_error *error) {
  xp_status status = XP_OK;
  for (int d = 0; d < space->count && status == XP_OK; ++d) status = finish_range(space, &space->ranges[d], error);
  for (int d = 0; d < space->count && status == XP_OK; ++d)
    if (depends(space, d, d, space->count))
      status =
          xp_error_at(error, space->ranges[d].conditions[0].place,
                      "when: whether \"%s\" is active depends, maybe by way of other ranges, on itself; remove one "
                      "of these conditions",
                      space->ranges[d].name);
  return status;
}

/* ---- points ---- */

static bool holds(const xp_space *space, const xp_condition *condition, const double *values) {
  return xp_space_active(space, values, condition->dimension) && allows(condition, values[condition->dimension]);
}

bool xp_space_active(const xp_space *space, const double *values, int dimension) {
  const xp_range *range = &space->ranges[dimension];
  for (int c = 0; c < range->nconditions; ++c)
    if (!holds(space, &range->conditions[c], values)) return false;
  return true;
}

double xp_space_resting(const xp_space *space, int dimension) {
  const xp_range *range = &space->ranges[dimension];
  return range->kind == XP_RANGE_CHOICE ? 0.0 : xp_range_decode(range, RESTING);
}

/* In any order: whether a dimension is active never depends on the value of one that is not. */
void xp_space_normalise(const xp_space *space, double *values) {
  for (int d = 0; d < space->count; ++d)
    if (!xp_space_active(space, values, d)) values[d] = xp_space_resting(space, d);
}
