/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analysis/importance.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/sequence.h"

/* Pairs of points: shares come out within about a hundredth. */
enum { PAIRS = 4096 };

/* Two independent sets of points and the mean at them. */
typedef struct sample {
  const xp_surrogate *surrogate;
  int ndims;
  double *a, *b;   /* [PAIRS][ndims] coordinates */
  double *fa, *fb; /* [PAIRS] */
  double *squares; /* [points], workspace */
  double average, variance;
} sample;

static double mean_at(sample *s, const double *coords, int other_dim, const double *other) {
  int n = xp_surrogate_points(s->surrogate);
  for (int i = 0; i < n; ++i) s->squares[i] = 0.0;
  for (int d = 0; d < s->ndims; ++d)
    xp_surrogate_add(s->surrogate, d, d == other_dim ? other[d] : coords[d], s->squares);
  return xp_surrogate_mean(s->surrogate, s->squares);
}

/* One point of twice the dimensions is a point of each set. */
static void draw(sample *s, double *unit, double *values) {
  const xp_space *space = xp_surrogate_space(s->surrogate);
  for (int p = 0; p < PAIRS; ++p) {
    xp_sequence_point(p, 2 * s->ndims, unit);
    xp_space_sample(space, unit, values);
    xp_space_encode(space, values, &s->a[p * s->ndims]);
    xp_space_sample(space, unit + s->ndims, values);
    xp_space_encode(space, values, &s->b[p * s->ndims]);
  }
}

/* Means with their average taken off: the sums of share lose no digits. */
static void evaluate(sample *s) {
  double square = 0.0;
  for (int p = 0; p < PAIRS; ++p) {
    s->fa[p] = mean_at(s, &s->a[p * s->ndims], -1, NULL);
    s->fb[p] = mean_at(s, &s->b[p * s->ndims], -1, NULL);
    s->average += (s->fa[p] + s->fb[p]) / (2 * PAIRS);
  }
  for (int p = 0; p < PAIRS; ++p) {
    s->fa[p] -= s->average;
    s->fb[p] -= s->average;
    square += s->fa[p] * s->fa[p] + s->fb[p] * s->fb[p];
  }
  s->variance = square / (2 * PAIRS);
}

/* Estimators of Saltelli et al. (2010) and Jansen (1999). */
static xp_importance share(sample *s, int dim) {
  double first = 0.0, total = 0.0;
  for (int p = 0; p < PAIRS; ++p) {
    double mixed = mean_at(s, &s->a[p * s->ndims], dim, &s->b[p * s->ndims]) - s->average;
    first += s->fb[p] * (mixed - s->fa[p]) / PAIRS;
    total += (s->fa[p] - mixed) * (s->fa[p] - mixed) / (2 * PAIRS);
  }
  xp_importance importance = {.length = xp_surrogate_length(s->surrogate, dim)};
  if (s->variance > 0.0) {
    importance.total = fmin(total / s->variance, 1.0);
    importance.first = fmin(fmax(first / s->variance, 0.0), importance.total);
  }
  return importance;
}

xp_status xp_importance_find(const xp_surrogate *surrogate, xp_importance *importances, xp_error *error) {
  int ndims = xp_space_count(xp_surrogate_space(surrogate));
  size_t n = (size_t)ndims, points = (size_t)xp_surrogate_points(surrogate);
  double *work = calloc((2 * n + 2) * PAIRS + points + 3 * n, sizeof *work);
  if (!work) return xp_error_memory(error, "the analysis");
  sample s = {.surrogate = surrogate, .ndims = ndims, .a = work};
  s.b = s.a + n * PAIRS;
  s.fa = s.b + n * PAIRS;
  s.fb = s.fa + PAIRS;
  s.squares = s.fb + PAIRS;
  draw(&s, s.squares + points, s.squares + points + 2 * n);
  evaluate(&s);
  for (int d = 0; d < ndims; ++d) importances[d] = share(&s, d);
  free(work);
  return XP_OK;
}

void xp_importance_rank(const xp_importance *importances, int count, int *order) {
  for (int k = 0; k < count; ++k) {
    int place = k;
    for (; place > 0 && importances[order[place - 1]].total < importances[k].total; --place)
      order[place] = order[place - 1];
    order[place] = k;
  }
}
