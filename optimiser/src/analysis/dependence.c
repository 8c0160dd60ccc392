/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/dependence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sequence.h"

/* ---- grids ---- */

static void choose_values(xp_grid *grid, const xp_range *range) {
  bool whole = range->kind != XP_RANGE_REAL;
  double width = range->high - range->low;
  if (whole && (range->choices || width < XP_GRID_POINTS)) {
    for (; grid->count <= (int)width; ++grid->count) grid->values[grid->count] = range->low + grid->count;
    return;
  }
  for (int i = 0; i < XP_GRID_POINTS; ++i) {
    double value = xp_range_decode(range, i / (XP_GRID_POINTS - 1.0));
    if (grid->count == 0 || value > grid->values[grid->count - 1]) grid->values[grid->count++] = value;
  }
}

/* point: one of the space, of which only the coordinate of this dimension is used. */
static void find_coords(xp_grid *grid, const xp_space *space, double *point, double *coords) {
  for (int d = 0; d < xp_space_count(space); ++d) point[d] = xp_space_range(space, d)->low;
  for (int i = 0; i < grid->count; ++i) {
    point[grid->dim] = grid->values[i];
    xp_space_encode(space, point, coords);
    grid->coords[i] = coords[grid->dim];
  }
}

xp_status xp_grid_new(xp_grid *grid, const xp_space *space, int dim, xp_error *error) {
  const xp_range *range = xp_space_range(space, dim);
  size_t ndims = (size_t)xp_space_count(space), room = XP_GRID_POINTS;
  if ((size_t)range->nchoices > room) room = (size_t)range->nchoices;
  *grid = (xp_grid){.dim = dim, .values = calloc(room, sizeof(double)), .coords = calloc(room, sizeof(double))};
  double *work = calloc(2 * ndims, sizeof *work);
  if (!grid->values || !grid->coords || !work) {
    free(work);
    xp_grid_clear(grid);
    return xp_error_memory(error, "the analysis");
  }
  choose_values(grid, range);
  find_coords(grid, space, work, work + ndims);
  free(work);
  return XP_OK;
}

void xp_grid_clear(xp_grid *grid) {
  free(grid->values);
  free(grid->coords);
  *grid = (xp_grid){0};
}

/* ---- averages ---- */

/* What is the same for all values of the grids. */
typedef struct average {
  const xp_surrogate *surrogate;
  const xp_grid *a, *b;
  int npoints;
  double *others; /* [XP_DEPENDENCE_POINTS][npoints] squares of the dimensions that are averaged over */
  double *second; /* [b->count][npoints] squares of b */
  double *work;   /* [a->count][2 * npoints] */
} average;

static void add_others(average *m, double *unit, double *values, double *coords) {
  const xp_space *space = xp_surrogate_space(m->surrogate);
  int ndims = xp_space_count(space);
  for (int p = 0; p < XP_DEPENDENCE_POINTS; ++p) {
    xp_sequence_point(p, ndims, unit);
    xp_space_sample(space, unit, values);
    xp_space_encode(space, values, coords);
    for (int d = 0; d < ndims; ++d)
      if (d != m->a->dim && (!m->b || d != m->b->dim))
        xp_surrogate_add(m->surrogate, d, coords[d], m->others + (size_t)p * (size_t)m->npoints);
  }
  for (int j = 0; m->b && j < m->b->count; ++j)
    xp_surrogate_add(m->surrogate, m->b->dim, m->b->coords[j], m->second + (size_t)j * (size_t)m->npoints);
}

/* All of one value of a: sums over the points in their order, whatever the threads. */
static void find_row(const average *m, int i, double *losses) {
  size_t n = (size_t)m->npoints;
  double *first = m->work + 2 * n * (size_t)i, *squares = first + n;
  int columns = m->b ? m->b->count : 1;
  memset(first, 0, n * sizeof *first);
  xp_surrogate_add(m->surrogate, m->a->dim, m->a->coords[i], first);
  for (int j = 0; j < columns; ++j) {
    double sum = 0.0;
    for (size_t p = 0; p < XP_DEPENDENCE_POINTS; ++p) {
      const double *others = m->others + p * n, *second = m->second + (size_t)j * n;
      for (size_t k = 0; k < n; ++k) squares[k] = others[k] + first[k] + second[k];
      sum += xp_surrogate_mean(m->surrogate, squares);
    }
    losses[j] = xp_surrogate_loss(m->surrogate, sum / XP_DEPENDENCE_POINTS);
  }
}

xp_status xp_dependence_find(const xp_surrogate *surrogate, const xp_grid *a, const xp_grid *b, double *losses,
                             xp_error *error) {
  size_t n = (size_t)xp_surrogate_points(surrogate), ndims = (size_t)xp_space_count(xp_surrogate_space(surrogate));
  int columns = b ? b->count : 1;
  average m = {.surrogate = surrogate, .a = a, .b = b, .npoints = (int)n};
  m.others = calloc(XP_DEPENDENCE_POINTS * n, sizeof *m.others);
  m.second = calloc((size_t)columns * n, sizeof *m.second);
  m.work = calloc((size_t)a->count * 2 * n, sizeof *m.work);
  double *point = calloc(3 * ndims, sizeof *point);
  bool complete = m.others && m.second && m.work && point;
  if (complete) {
    add_others(&m, point, point + ndims, point + 2 * ndims);
#pragma omp parallel for schedule(static)
    for (int i = 0; i < a->count; ++i) find_row(&m, i, losses + i * columns);
  }
  free(m.others);
  free(m.second);
  free(m.work);
  free(point);
  return complete ? XP_OK : xp_error_memory(error, "the analysis");
}
