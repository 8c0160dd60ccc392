/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hull below a composition is the cheapest mixture of points that has it: a linear programme with one variable a point
 * and one constraint an element, min c.w with sum_i w_i x_i = x, w >= 0. It is solved by the primal simplex method, which
 * starts from pure elements of a forbidding energy. */
#include "data/hull.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Shares that differ by less are one composition. */
static const double SAME = 1e-9;

/* Reduced costs are zero within this part of the terms that they are the sum of. */
static const double ZERO = 1e-12;

/* A bound that no programme comes near: rounding must not keep one from ending. */
enum { STEPS_A_VARIABLE = 100 };

/* Energy of the elements that the method starts from, in units of the largest energy. */
static const double FORBIDDING = 1e4;

typedef struct hull {
  int count;             /* compositions */
  int nelements;         /* constraints */
  double *energies;      /* [count] lowest of each composition */
  const double **shares; /* [count][nelements] */
  double scale;          /* largest magnitude of the energies, at least 1 */
  /* of one programme */
  int *basis;      /* [nelements] composition; -1 - e: the element e to start from */
  double *inverse; /* [nelements][nelements] of the basis */
  double *amount;  /* [nelements] w of the basis */
  double *price;   /* [nelements] of an element */
  double *column;  /* [nelements] */
} hull;

static int find_composition(const hull *h, const double *shares) {
  for (int c = 0; c < h->count; ++c) {
    double difference = 0.0;
    for (int e = 0; e < h->nelements; ++e) difference = fmax(difference, fabs(h->shares[c][e] - shares[e]));
    if (difference < SAME) return c;
  }
  return -1;
}

/* The lowest point of each composition. Energies are shifted: the hull shifts with them. */
static void collect(hull *h, int n, const double *energies, const double *shares, double shift) {
  h->scale = 1.0;
  for (int i = 0; i < n; ++i) {
    const double *x = &shares[i * h->nelements];
    int c = find_composition(h, x);
    if (c < 0) {
      c = h->count++;
      h->shares[c] = x;
      h->energies[c] = INFINITY;
    }
    h->energies[c] = fmin(h->energies[c], energies[i] - shift);
    h->scale = fmax(h->scale, fabs(energies[i] - shift));
  }
}

static double cost(const hull *h, int composition) {
  return composition < 0 ? FORBIDDING * h->scale : h->energies[composition];
}

static void set_prices(hull *h) {
  int m = h->nelements;
  for (int e = 0; e < m; ++e) {
    h->price[e] = 0.0;
    for (int r = 0; r < m; ++r) h->price[e] += cost(h, h->basis[r]) * h->inverse[r * m + e];
  }
}

/* The first composition that is cheaper than its elements (Bland's rule: no cycles); -1 when none is. */
static int find_entering(const hull *h) {
  for (int c = 0; c < h->count; ++c) {
    double reduced = h->energies[c], size = fabs(reduced);
    for (int e = 0; e < h->nelements; ++e) {
      reduced -= h->price[e] * h->shares[c][e];
      size += fabs(h->price[e] * h->shares[c][e]);
    }
    if (reduced < -ZERO * size) return c;
  }
  return -1;
}

/* The row whose amount ends first; of equal ones that of the lowest composition. -1 when none does. */
static int find_leaving(hull *h, int entering) {
  int m = h->nelements, best = -1;
  double least = INFINITY;
  for (int r = 0; r < m; ++r) {
    h->column[r] = 0.0;
    for (int e = 0; e < m; ++e) h->column[r] += h->inverse[r * m + e] * h->shares[entering][e];
    if (h->column[r] <= SAME) continue;
    double ratio = h->amount[r] / h->column[r];
    if (best < 0 || ratio < least || (ratio == least && h->basis[r] < h->basis[best])) {
      best = r;
      least = ratio;
    }
  }
  return best;
}

static void pivot(hull *h, int leaving, int entering) {
  int m = h->nelements;
  double *row = &h->inverse[leaving * m], factor = 1.0 / h->column[leaving];
  for (int e = 0; e < m; ++e) row[e] *= factor;
  h->amount[leaving] *= factor;
  for (int r = 0; r < m; ++r) {
    if (r == leaving) continue;
    for (int e = 0; e < m; ++e) h->inverse[r * m + e] -= h->column[r] * row[e];
    h->amount[r] = fmax(0.0, h->amount[r] - h->column[r] * h->amount[leaving]);
  }
  h->basis[leaving] = entering;
}

/* Energy of the hull at a composition. */
static double solve(hull *h, const double *x) {
  int m = h->nelements;
  memset(h->inverse, 0, (size_t)(m * m) * sizeof *h->inverse);
  for (int e = 0; e < m; ++e) {
    h->basis[e] = -1 - e;
    h->inverse[e * m + e] = 1.0;
    h->amount[e] = x[e];
  }
  for (long step = 0; step < STEPS_A_VARIABLE * (long)(h->count + m); ++step) {
    set_prices(h);
    int entering = find_entering(h), leaving = entering < 0 ? -1 : find_leaving(h, entering);
    if (leaving < 0) break;
    pivot(h, leaving, entering);
  }
  double energy = 0.0;
  for (int r = 0; r < m; ++r) energy += cost(h, h->basis[r]) * h->amount[r];
  return energy;
}

static void clear(hull *h) {
  free(h->energies);
  free(h->shares);
  free(h->basis);
  free(h->inverse);
}

xp_status xp_hull_distances(double *distances, int n, const double *energies, const double *shares, int nelements,
                            xp_error *error) {
  size_t m = (size_t)nelements;
  hull h = {.nelements = nelements,
            .energies = calloc((size_t)n + 1, sizeof *h.energies),
            .shares = calloc((size_t)n + 1, sizeof *h.shares),
            .basis = calloc(m, sizeof *h.basis),
            .inverse = calloc(m * (m + 3), sizeof *h.inverse)};
  double *levels = calloc((size_t)n + 1, sizeof *levels), shift = 0.0;
  bool complete = h.energies && h.shares && h.basis && h.inverse && levels;
  if (complete) {
    h.amount = h.inverse + m * m;
    h.price = h.amount + m;
    h.column = h.price + m;
    for (int i = 0; i < n; ++i) shift += energies[i] / n;
    collect(&h, n, energies, shares, shift);
    for (int c = 0; c < h.count; ++c) levels[c] = solve(&h, h.shares[c]);
    for (int i = 0; i < n; ++i)
      distances[i] = fmax(0.0, energies[i] - shift - levels[find_composition(&h, &shares[i * nelements])]);
  }
  clear(&h);
  free(levels);
  return complete ? XP_OK : xp_error_memory(error, "the convex hull of the energies");
}
