/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/hammersley.h"
#include "search/random.h"
#include "search/sobol.h"

/* Random sets to choose from. */
enum { DRAWS = 64 };

static void draw_random(xp_random random, int npoints, int ndims, double *points) {
  for (int i = 0; i < npoints * ndims; ++i) points[i] = xp_random_uniform(&random);
}

/* In each dimension one point in each of npoints intervals, anywhere in it, in random order. */
static void draw_latin(xp_random random, int npoints, int ndims, double *points) {
  for (int d = 0; d < ndims; ++d)
    for (int i = 0; i < npoints; ++i) {
      int other = xp_random_below(&random, i + 1); /* inside out shuffle */
      points[i * ndims + d] = points[other * ndims + d];
      points[other * ndims + d] = (i + xp_random_uniform(&random)) / npoints;
    }
}

typedef void (*drawer)(xp_random random, int npoints, int ndims, double *points);

/* Of several random sets the one with the smallest centred discrepancy. */
static xp_status most_even(drawer draw, int npoints, int ndims, uint64_t seed, double *points, xp_error *error) {
  size_t size = (size_t)npoints * (size_t)ndims * sizeof *points;
  double *drawn = malloc(size);
  if (!drawn) return xp_error_memory(error, "the initial design");
  double best = INFINITY;
  for (uint64_t stream = 0; stream < DRAWS; ++stream) {
    draw(xp_random_start(seed, stream), npoints, ndims, drawn);
    double discrepancy = xp_discrepancy_centred(npoints, ndims, drawn);
    if (discrepancy >= best) continue;
    best = discrepancy;
    memcpy(points, drawn, size);
  }
  free(drawn);
  return XP_OK;
}

xp_status xp_design_make(xp_design_kind kind, int npoints, int ndims, uint64_t seed, double *points, xp_error *error) {
  switch (kind) {
  case XP_DESIGN_SOBOL:
    return most_even(xp_sobol_draw, npoints, ndims, seed, points, error);
  case XP_DESIGN_LATIN:
    return most_even(draw_latin, npoints, ndims, seed, points, error);
  case XP_DESIGN_HALTON:
    return most_even(xp_halton_draw, npoints, ndims, seed, points, error);
  case XP_DESIGN_RANDOM:
    draw_random(xp_random_start(seed, 0), npoints, ndims, points);
    return XP_OK;
  case XP_DESIGN_PLAIN_HAMMERSLEY:
    xp_hammersley_plain(npoints, ndims, points);
    return XP_OK;
  default:
    return most_even(xp_hammersley_draw, npoints, ndims, seed, points, error);
  }
}

static double decode_nearest(const xp_range *range, double unit) {
  if (range->kind == XP_RANGE_REAL) return xp_range_decode(range, unit);
  if (range->logarithmic) return rint(range->low * exp(unit * log(range->high / range->low)));
  return rint(range->low + unit * (range->high - range->low));
}

void xp_design_decode(xp_design_kind kind, const xp_space *space, const double *unit, double *values) {
  xp_space_sample(space, unit, values);
  for (int d = 0; kind == XP_DESIGN_PLAIN_HAMMERSLEY && d < xp_space_count(space); ++d)
    values[d] = decode_nearest(xp_space_range(space, d), unit[d]);
  xp_space_normalise(space, values);
}
