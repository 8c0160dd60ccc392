/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void xp_history_start(xp_history *history, const xp_space *space, int nlimits) {
  *history = (xp_history){.space = space, .ndims = xp_space_count(space), .nlimits = nlimits};
}

void xp_history_clear(xp_history *history) {
  free(history->values);
  free(history->coords);
  free(history->observations);
  free(history->limits);
  *history = (xp_history){0};
}

static bool grow(double **numbers, int capacity, int width) {
  double *grown = realloc(*numbers, ((size_t)capacity * (size_t)width + 1) * sizeof *grown);
  if (!grown) return false;
  *numbers = grown;
  return true;
}

static xp_status reserve(xp_history *history, xp_error *error) {
  if (history->count < history->capacity) return XP_OK;
  int capacity = history->capacity ? 2 * history->capacity : FIRST_CAPACITY;
  xp_observation *grown = realloc(history->observations, (size_t)capacity * sizeof *grown);
  if (grown) history->observations = grown;
  if (!grown || !grow(&history->values, capacity, history->ndims) ||
      !grow(&history->coords, capacity, history->ndims) || !grow(&history->limits, capacity, history->nlimits))
    return xp_error_memory(error, "the trials of the search");
  for (int i = 0; i < history->count; ++i) /* the numbers may have moved */
    history->observations[i].limits = history->limits + (size_t)i * (size_t)history->nlimits;
  history->capacity = capacity;
  return XP_OK;
}

xp_status xp_history_append(xp_history *history, const double *values, const xp_observation *observation,
                            xp_error *error) {
  xp_status status = reserve(history, error);
  if (status != XP_OK) return status;
  size_t offset = (size_t)history->count * (size_t)history->ndims;
  memcpy(history->values + offset, values, (size_t)history->ndims * sizeof *values);
  xp_space_encode(history->space, values, history->coords + offset);
  xp_history_set(history, history->count++, observation);
  return XP_OK;
}

void xp_history_set(xp_history *history, int index, const xp_observation *observation) {
  double *limits = history->limits + (size_t)index * (size_t)history->nlimits;
  for (int i = 0; i < history->nlimits; ++i) limits[i] = observation->limits ? observation->limits[i] : NAN;
  history->observations[index] = *observation;
  history->observations[index].limits = limits;
}

/* Index of the first of the first count trials with these values, or count. */
static int find(const xp_history *history, int count, const double *values) {
  size_t ndims = (size_t)history->ndims;
  int index = 0;
  while (index < count && memcmp(history->values + (size_t)index * ndims, values, ndims * sizeof *values)) ++index;
  return index;
}

bool xp_history_contains(const xp_history *history, const double *values) {
  return find(history, history->count, values) < history->count;
}

int xp_history_points(const xp_history *history) {
  int points = 0;
  for (int i = 0; i < history->count; ++i)
    points += find(history, i, history->values + (size_t)i * (size_t)history->ndims) == i;
  return points;
}
