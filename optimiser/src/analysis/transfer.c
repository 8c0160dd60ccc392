/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/transfer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/option.h"
#include "journal/past.h"

/* ---- names ---- */

/* Parts of a name, borrowed from it; section and option with the index of a list. block is empty where all are meant. */
typedef struct parts {
  const char *section, *block, *option;
  int section_size, block_size, option_size;
} parts;

/* In sections of groups or blocks the option is the last part, in others the second, and an element may follow. */
static parts split(const char *name) {
  const char *first = strchr(name, '.'), *last = strrchr(name, '.');
  char section[64];
  if (!first) return (parts){"", "", name, 0, 0, (int)strlen(name)};
  snprintf(section, sizeof section, "%.*s", (int)(first - name), name);
  int index = xp_section_find(section);
  parts p = {.section = name, .section_size = (int)(first - name)};
  if (index >= 0 && xp_sections[index].keys == XP_KEYS_NAMES && first != last) {
    p.option = first + 1;
    p.option_size = (int)strcspn(p.option, ".");
    p.block = p.option + p.option_size + 1;
    p.block_size = (int)strlen(p.block);
    return p;
  }
  p.option = last + 1;
  p.option_size = (int)strlen(p.option);
  p.block = first + 1;
  p.block_size = first == last ? 0 : (int)(last - p.block);
  return p;
}

static bool same(const char *a, int a_size, const char *b, int b_size) {
  return a_size == b_size && strncmp(a, b, (size_t)a_size) == 0;
}

static bool is_general(const parts *p) {
  return p->block_size == 0 || same(p->block, p->block_size, "ALL", 3) || same(p->block, p->block_size, "default", 7);
}

int xp_transfer_counterpart(const xp_space *from, const char *name) {
  int exact = xp_space_find(from, name), only = -1, candidates = 0;
  parts wanted = split(name);
  if (exact >= 0) return exact;
  for (int d = 0; d < xp_space_count(from); ++d) {
    parts found = split(xp_space_range(from, d)->name);
    if (!same(found.section, found.section_size, wanted.section, wanted.section_size)) continue;
    if (!same(found.option, found.option_size, wanted.option, wanted.option_size)) continue;
    if (is_general(&found)) return d;
    only = d;
    ++candidates;
  }
  return candidates == 1 ? only : -1;
}

/* ---- values ---- */

static bool is_number(const char *text, double *number) {
  char *end;
  *number = strtod(text, &end);
  return end != text && !*end;
}

/* The choice of that text; of numbers, the nearest one. -1: none is. */
static int find_choice(const xp_range *to, const char *text, double number) {
  int nearest = -1;
  double distance = INFINITY, other;
  for (int c = 0; c < to->nchoices; ++c) {
    if (text && strcmp(to->choices[c], text) == 0) return c;
    if (!is_number(to->choices[c], &other) || !(fabs(other - number) < distance)) continue;
    nearest = c;
    distance = fabs(other - number);
  }
  return nearest;
}

bool xp_transfer_value(const xp_range *from, double value, const xp_range *to, double *converted) {
  if (!isfinite(value)) return false;
  const char *text = from->choices ? from->choices[(int)value] : NULL;
  double number = value;
  if (text && !is_number(text, &number)) number = NAN;
  if (to->choices) {
    int choice = find_choice(to, text, number);
    *converted = choice;
    return choice >= 0;
  }
  if (!isfinite(number)) return false;
  number = fmin(fmax(number, to->low), to->high);
  *converted = to->kind == XP_RANGE_INTEGER ? round(number) : number;
  return true;
}

/* ---- points ---- */

/* What is needed to map points. */
typedef struct transfer {
  const xp_past *past;
  const xp_space *space;
  int ndims;
  int *counterparts; /* [ndims] */
  double *middle;    /* [ndims] the point in the middle of all ranges */
} transfer;

static void map_point(const transfer *t, const double *values, double *point) {
  for (int d = 0; d < t->ndims; ++d) {
    int from = t->counterparts[d];
    point[d] = t->middle[d];
    if (from < 0) continue;
    double converted;
    const xp_range *range = xp_space_range(t->space, d);
    if (xp_transfer_value(xp_space_range(t->past->space, from), values[from], range, &converted)) point[d] = converted;
  }
  xp_space_normalise(t->space, point);
}

static bool is_new(const transfer *t, const double *points, int count) {
  const double *point = points + (size_t)count * (size_t)t->ndims;
  for (int p = 0; p < count; ++p)
    if (memcmp(points + (size_t)p * (size_t)t->ndims, point, (size_t)t->ndims * sizeof *point) == 0) return false;
  return true;
}

static int map_best(const transfer *t, int wanted, double *points) {
  int count = 0;
  for (int trial = xp_past_next_best(t->past, 0); trial && count < wanted; trial = xp_past_next_best(t->past, trial)) {
    map_point(t, t->past->trials[trial - 1].values, points + (size_t)count * (size_t)t->ndims);
    count += is_new(t, points, count);
  }
  return count;
}

static xp_status find_counterparts(const transfer *t, xp_report *report, xp_error *error) {
  char missing[XP_ERROR_SIZE] = "";
  int found = 0;
  for (int d = 0; d < t->ndims; ++d) {
    const char *name = xp_space_range(t->space, d)->name;
    t->counterparts[d] = xp_transfer_counterpart(t->past->space, name);
    found += t->counterparts[d] >= 0;
    size_t used = strlen(missing);
    if (t->counterparts[d] < 0) snprintf(missing + used, sizeof missing - used, "%s%s", used ? ", " : "", name);
  }
  if (found == 0)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "%s: no range of this search has a counterpart in that one, from which points were to be "
                        "transferred; remove search.transfer",
                        t->past->path);
  if (missing[0])
    xp_report_message(report, "transferred points have the middle of the range of %s, of which %s says nothing",
                      missing, t->past->path);
  return XP_OK;
}

static xp_status transfer_points(transfer *t, int wanted, double **points, int *npoints, xp_report *report,
                                 xp_error *error) {
  size_t n = (size_t)t->ndims;
  double *unit = calloc(n + 1, sizeof *unit);
  t->counterparts = calloc(n + 1, sizeof *t->counterparts);
  t->middle = calloc(n + 1, sizeof *t->middle);
  *points = calloc(((size_t)wanted + 1) * n + 1, sizeof **points);
  bool complete = unit && t->counterparts && t->middle && *points;
  xp_status status = complete ? find_counterparts(t, report, error) : xp_error_memory(error, "the transferred points");
  if (status == XP_OK) {
    for (size_t d = 0; d < n; ++d) unit[d] = 0.5;
    xp_space_sample(t->space, unit, t->middle);
    *npoints = map_best(t, wanted, *points);
    if (*npoints == 0)
      status = xp_error_set(error, XP_ERROR_INPUT, "%s: no trial has succeeded, there is nothing to transfer",
                            t->past->path);
  }
  free(unit);
  free(t->counterparts);
  free(t->middle);
  return status;
}

xp_status xp_transfer_read(const char *source, int wanted, const xp_space *space, double **points, int *npoints,
                           xp_report *report, xp_error *error) {
  xp_past *past = NULL;
  *points = NULL;
  *npoints = 0;
  xp_status status = xp_past_read(&past, source, error);
  if (status == XP_OK) {
    transfer t = {.past = past, .space = space, .ndims = xp_space_count(space)};
    status = transfer_points(&t, wanted, points, npoints, report, error);
  }
  xp_past_free(past);
  if (status == XP_OK) return XP_OK;
  free(*points);
  *points = NULL;
  *npoints = 0;
  return status;
}
