/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "space/space.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "space/space_data.h"

/* Real values are rounded to this part of their range: finer than any loss can tell apart. */
static const double RESOLUTION = 1e-6;

/* Whole numbers up to here are exact as double. */
static const double LARGEST_INTEGER = 0x1p53;

xp_status xp_space_new(xp_space **space, xp_error *error) {
  *space = calloc(1, sizeof **space);
  return *space ? XP_OK : xp_error_memory(error, "the search space");
}

char **xp_texts_copy(const char *const *texts, int count) {
  char **copy = calloc((size_t)count + 1, sizeof *copy);
  bool complete = copy;
  for (int i = 0; complete && i < count; ++i) complete = (copy[i] = strdup(texts[i]));
  if (complete) return copy;
  xp_texts_free(copy, count);
  return NULL;
}

void xp_texts_free(char **texts, int count) {
  for (int i = 0; texts && i < count; ++i) free(texts[i]);
  free(texts);
}

static void range_clear(xp_range *range) {
  xp_conditions_clear(range);
  xp_texts_free(range->choices, range->nchoices);
  free(range->name);
  *range = (xp_range){0};
}

void xp_space_free(xp_space *space) {
  if (!space) return;
  for (int index = 0; index < space->count; ++index) range_clear(&space->ranges[index]);
  free(space->ranges);
  xp_constraints_clear(space);
  free(space);
}

int xp_space_count(const xp_space *space) {
  return space->count;
}

const xp_range *xp_space_range(const xp_space *space, int index) {
  return &space->ranges[index];
}

int xp_space_find(const xp_space *space, const char *name) {
  for (int index = 0; index < space->count; ++index)
    if (!strcmp(space->ranges[index].name, name)) return index;
  return -1;
}

double xp_space_size(const xp_space *space) {
  double size = 1.0;
  for (int index = 0; index < space->count; ++index) {
    const xp_range *range = &space->ranges[index];
    if (range->kind == XP_RANGE_REAL) return INFINITY;
    size *= range->high - range->low + 1.0;
  }
  return size;
}

/* ---- adding dimensions ---- */

static xp_status check_name(const xp_space *space, const char *name, xp_place place, xp_error *error) {
  if (!name[0]) return xp_error_at(error, place, "expected a name for the search range, found an empty one");
  if (xp_space_find(space, name) >= 0)
    return xp_error_at(error, place, "the search range \"%s\" is given twice; remove one of them", name);
  return XP_OK;
}

static xp_status check_ends(const xp_range *range, xp_place place, xp_error *error) {
  const char *name = range->name;
  double low = range->low, high = range->high;
  if (!isfinite(low) || !isfinite(high) || !isfinite(high - low))
    return xp_error_at(error, place, "%s: expected finite ends of the range, found %g and %g", name, low, high);
  if (low >= high)
    return xp_error_at(error, place,
                       "%s: expected low below high, found low %g and high %g; a fixed value belongs into the model's "
                       "settings, not into the search space",
                       name, low, high);
  if (range->logarithmic && low <= 0.0)
    return xp_error_at(error, place, "%s: expected ends above 0 for a logarithmic range, found low %g", name, low);
  if (range->kind != XP_RANGE_INTEGER) return XP_OK;
  if (low != floor(low) || high != floor(high) || fabs(low) > LARGEST_INTEGER || fabs(high) > LARGEST_INTEGER)
    return xp_error_at(error, place, "%s: expected whole numbers as ends of an integer range, found %.17g and %.17g",
                       name, low, high);
  return XP_OK;
}

static xp_status check_choices(const char *name, const char *const *choices, int nchoices, xp_place place,
                               xp_error *error) {
  if (nchoices < 2)
    return xp_error_at(error, place,
                       "%s: expected at least two choices, found %d; a fixed value belongs into the model's settings, "
                       "not into the search space",
                       name, nchoices);
  for (int a = 0; a < nchoices; ++a)
    for (int b = a + 1; b < nchoices; ++b)
      if (!strcmp(choices[a], choices[b]))
        return xp_error_at(error, place, "%s: the choice \"%s\" is given twice; remove one of them", name, choices[a]);
  return XP_OK;
}

/* Takes over the range's members, also when it fails. */
static xp_status append(xp_space *space, xp_range *range, xp_error *error) {
  if (space->count == space->capacity) {
    int capacity = space->capacity ? 2 * space->capacity : 8;
    xp_range *ranges = realloc(space->ranges, (size_t)capacity * sizeof *ranges);
    if (!ranges) {
      range_clear(range);
      return xp_error_memory(error, "the search space");
    }
    space->ranges = ranges;
    space->capacity = capacity;
  }
  space->ranges[space->count++] = *range;
  return XP_OK;
}

static xp_status add_interval(xp_space *space, const char *name, xp_range range, xp_place place, xp_error *error) {
  xp_status status = check_name(space, name, place, error);
  if (status != XP_OK) return status;
  range.name = strdup(name);
  if (!range.name) return xp_error_memory(error, "the search space");
  status = check_ends(&range, place, error);
  if (status == XP_OK) return append(space, &range, error);
  range_clear(&range);
  return status;
}

xp_status xp_space_add_real(xp_space *space, const char *name, double low, double high, bool logarithmic,
                            xp_place place, xp_error *error) {
  xp_range range = {.kind = XP_RANGE_REAL, .logarithmic = logarithmic, .low = low, .high = high};
  return add_interval(space, name, range, place, error);
}

xp_status xp_space_add_integer(xp_space *space, const char *name, double low, double high, bool logarithmic,
                               xp_place place, xp_error *error) {
  xp_range range = {.kind = XP_RANGE_INTEGER, .logarithmic = logarithmic, .low = low, .high = high};
  return add_interval(space, name, range, place, error);
}

static xp_status add_choices(xp_space *space, xp_range_kind kind, const char *name, const char *const *choices,
                             int nchoices, xp_place place, xp_error *error) {
  xp_status status = check_name(space, name, place, error);
  if (status == XP_OK) status = check_choices(name, choices, nchoices, place, error);
  if (status != XP_OK) return status;
  xp_range range = {.kind = kind, .low = 0.0, .high = nchoices - 1.0, .nchoices = nchoices};
  range.name = strdup(name);
  range.choices = xp_texts_copy(choices, nchoices);
  if (range.name && range.choices) return append(space, &range, error);
  range_clear(&range);
  return xp_error_memory(error, "the search space");
}

xp_status xp_space_add_choice(xp_space *space, const char *name, const char *const *choices, int nchoices,
                              xp_place place, xp_error *error) {
  return add_choices(space, XP_RANGE_CHOICE, name, choices, nchoices, place, error);
}

xp_status xp_space_add_ordered(xp_space *space, const char *name, const char *const *choices, int nchoices,
                               xp_place place, xp_error *error) {
  return add_choices(space, XP_RANGE_ORDERED, name, choices, nchoices, place, error);
}

/* ---- points ---- */

/* The sum turns a negative zero into the zero it equals: one value, one text. */
static double clamp(double value, double low, double high) {
  return fmin(fmax(value, low), high) + 0.0;
}

/* Powers of ten up to here are exact as double, and so is the quotient of a whole number by one rounded correctly. */
enum { EXACT_POWER = 22 };

/* value to the nearest multiple of the power of ten at or below step, as a decimal text would give it. */
static double round_decimal(double value, double step) {
  int power = (int)floor(log10(step));
  if (power >= 0) {
    double unit = pow(10.0, power);
    return round(value / unit) * unit;
  }
  if (power >= -EXACT_POWER && fabs(value) < 0.1 / step) {
    double scale = pow(10.0, -power);
    return round(value * scale) / scale;
  }
  char text[700]; /* 309 digits before the point and 324 behind it, at most */
  snprintf(text, sizeof text, "%.*f", -power, value);
  return strtod(text, NULL);
}

static double real_decode(const xp_range *range, double coord) {
  double width = range->high - range->low;
  double value = range->low + coord * width;
  if (range->logarithmic) {
    double ratio = log(range->high / range->low);
    value = range->low * exp(coord * ratio);
    width = value * ratio;
  }
  return clamp(round_decimal(value, width * RESOLUTION), range->low, range->high);
}

double xp_range_decode(const xp_range *range, double coord) {
  if (range->kind == XP_RANGE_CHOICE) return clamp(round(coord), range->low, range->high);
  if (range->kind == XP_RANGE_REAL) return real_decode(range, clamp(coord, 0.0, 1.0));
  double value = range->logarithmic ? range->low * exp(coord * log(range->high / range->low))
                                    : range->low + coord * (range->high - range->low);
  return clamp(round(value), range->low, range->high);
}

double xp_range_sample(const xp_range *range, double unit) {
  if (range->kind == XP_RANGE_REAL) return real_decode(range, unit);
  if (range->logarithmic) {
    /* each whole number owns the interval that rounds to it */
    double low = range->low - 0.5, high = range->high + 0.5;
    return clamp(round(low * exp(unit * log(high / low))), range->low, range->high);
  }
  return clamp(range->low + floor(unit * (range->high - range->low + 1.0)), range->low, range->high);
}

void xp_space_sample(const xp_space *space, const double *unit, double *values) {
  for (int index = 0; index < space->count; ++index)
    values[index] = xp_range_sample(&space->ranges[index], unit[index]);
  xp_space_normalise(space, values);
}

static double range_encode(const xp_range *range, double value) {
  if (range->kind == XP_RANGE_CHOICE) return value;
  if (range->logarithmic) return log(value / range->low) / log(range->high / range->low);
  return (value - range->low) / (range->high - range->low);
}

void xp_space_encode(const xp_space *space, const double *values, double *coords) {
  for (int index = 0; index < space->count; ++index) coords[index] = range_encode(&space->ranges[index], values[index]);
}

bool xp_range_contains(const xp_range *range, double value) {
  if (!(value >= range->low && value <= range->high)) return false;
  return range->kind == XP_RANGE_REAL || value == floor(value);
}

bool xp_range_read(const xp_range *range, const char *text, double *value) {
  char *end;
  for (int choice = 0; choice < range->nchoices; ++choice)
    if (strcmp(text, range->choices[choice]) == 0) {
      *value = choice;
      return true;
    }
  *value = strtod(text, &end);
  return !range->choices && end != text && !*end && xp_range_contains(range, *value);
}

double xp_range_number(const xp_range *range, double value) {
  if (!range->choices) return value;
  const char *text = range->choices[(int)value];
  char *end;
  double number = strtod(text, &end);
  if (strcmp(text, "true") == 0) return 1.0;
  if (strcmp(text, "false") == 0) return 0.0;
  return end != text && !*end ? number : NAN;
}
