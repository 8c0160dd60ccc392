/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/candidates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A space of at most so many points is listed, a larger one sampled. */
enum { LISTED = 4096 };

/* Points drawn from the whole space, and around each of the best points told. Where constraints refuse most points, draws
 * from the whole space go on until so many have been tried. */
enum { GLOBAL_DRAWS = 2000, BEST_POINTS = 5, LOCAL_DRAWS = 150, MOST_DRAWS = 200000 };

/* Local draws move about half the dimensions by one of these parts of their range, and a choice now and then. */
static const double LOCAL_REACH[] = {0.2, 0.05, 0.01};
static const double LOCAL_SHARE = 0.5, CHOICE_SHARE = 0.2;

xp_status xp_points_new(xp_points *points, const xp_space *space, int capacity, xp_error *error) {
  int ndims = xp_space_count(space);
  size_t size = (size_t)capacity * (size_t)ndims * sizeof(double);
  *points = (xp_points){.space = space,
                        .ndims = ndims,
                        .values = malloc(size),
                        .coords = malloc(size),
                        .losses = malloc((size_t)capacity * sizeof(double))};
  if (points->values && points->coords && points->losses) return XP_OK;
  xp_points_clear(points);
  return xp_error_memory(error, "the points of the search");
}

void xp_points_clear(xp_points *points) {
  free(points->values);
  free(points->coords);
  free(points->losses);
  *points = (xp_points){0};
}

void xp_points_append(xp_points *points, const double *values, double loss) {
  size_t offset = (size_t)points->count * (size_t)points->ndims;
  memcpy(points->values + offset, values, (size_t)points->ndims * sizeof *values);
  xp_space_encode(points->space, values, points->coords + offset);
  points->losses[points->count++] = loss;
}

bool xp_points_contain(const xp_points *points, const double *values) {
  size_t size = (size_t)points->ndims * sizeof *values;
  for (int i = 0; i < points->count; ++i)
    if (!memcmp(points->values + (size_t)i * (size_t)points->ndims, values, size)) return true;
  return false;
}

static void append_new(xp_points *candidates, const xp_points *told, const double *values) {
  if (xp_space_feasible(told->space, values) && !xp_points_contain(told, values))
    xp_points_append(candidates, values, NAN);
}

static bool is_normal(const xp_space *space, const double *values) {
  for (int d = 0; d < xp_space_count(space); ++d)
    if (values[d] != xp_space_resting(space, d) && !xp_space_active(space, values, d)) return false;
  return true;
}

/* Every point of a discrete space: its number written with one digit a dimension. Those that mean the same have one that is
 * normalised among them. */
static void list_all(xp_points *candidates, const xp_points *told, int size, double *values) {
  for (int point = 0; point < size; ++point) {
    int rest = point;
    for (int d = 0; d < told->ndims; ++d) {
      const xp_range *range = xp_space_range(told->space, d);
      int count = (int)(range->high - range->low) + 1;
      values[d] = range->low + rest % count;
      rest /= count;
    }
    if (is_normal(told->space, values)) append_new(candidates, told, values);
  }
}

static void draw_global(xp_points *candidates, const xp_points *told, xp_random *random, double *values) {
  double *unit = values + told->ndims;
  for (int draw = 0, feasible = 0; feasible < GLOBAL_DRAWS && draw < MOST_DRAWS; ++draw) {
    for (int d = 0; d < told->ndims; ++d) unit[d] = xp_random_uniform(random);
    xp_space_sample(told->space, unit, values);
    if (!xp_space_feasible(told->space, values)) continue;
    ++feasible;
    append_new(candidates, told, values);
  }
}

int xp_points_rank(int count, const double *keys, int wanted, int *indices) {
  int found = 0;
  for (int i = 0; i < count; ++i) {
    if (isnan(keys[i]) || (found == wanted && keys[i] >= keys[indices[wanted - 1]])) continue;
    int place = found < wanted ? found++ : wanted - 1;
    for (; place > 0 && keys[indices[place - 1]] > keys[i]; --place) indices[place] = indices[place - 1];
    indices[place] = i;
  }
  return found;
}

static double move(const xp_range *range, double coord, double reach, xp_random *random) {
  if (range->kind == XP_RANGE_ORDERED) reach = fmax(reach, 1.0 / (range->nchoices - 1));
  if (range->kind != XP_RANGE_CHOICE)
    return xp_range_decode(range, fmin(fmax(coord + reach * xp_random_normal(random), 0.0), 1.0));
  return xp_random_uniform(random) < CHOICE_SHARE ? xp_random_below(random, range->nchoices) : coord;
}

static void draw_local(xp_points *candidates, const xp_points *told, int parent, xp_random *random, double *values) {
  size_t offset = (size_t)parent * (size_t)told->ndims;
  for (int draw = 0; draw < LOCAL_DRAWS; ++draw) {
    double reach = LOCAL_REACH[draw % (int)(sizeof LOCAL_REACH / sizeof *LOCAL_REACH)];
    memcpy(values, told->values + offset, (size_t)told->ndims * sizeof *values);
    for (int d = 0; d < told->ndims; ++d) {
      const xp_range *range = xp_space_range(told->space, d);
      if (!xp_space_active(told->space, told->values + offset, d)) /* another choice may wake it up */
        values[d] = xp_range_sample(range, xp_random_uniform(random));
      else if (xp_random_uniform(random) < LOCAL_SHARE)
        values[d] = move(range, told->coords[offset + (size_t)d], reach, random);
    }
    xp_space_normalise(told->space, values);
    append_new(candidates, told, values);
  }
}

xp_status xp_candidates_draw(xp_points *candidates, const xp_points *told, xp_random random, xp_error *error) {
  double size = xp_space_size(told->space);
  int capacity = size <= LISTED ? (int)size : GLOBAL_DRAWS + BEST_POINTS * LOCAL_DRAWS;
  double *work = malloc(2 * (size_t)told->ndims * sizeof *work);
  if (!work) return xp_error_memory(error, "the points of the search");
  xp_status status = xp_points_new(candidates, told->space, capacity, error);
  if (status == XP_OK && size <= LISTED) {
    list_all(candidates, told, (int)size, work);
  } else if (status == XP_OK) {
    int best[BEST_POINTS];
    draw_global(candidates, told, &random, work);
    int nbest = xp_points_rank(told->count, told->losses, BEST_POINTS, best);
    for (int b = 0; b < nbest; ++b) draw_local(candidates, told, best[b], &random, work);
  }
  free(work);
  return status;
}
