/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "active/maxvol.h"
#include "fit/factor.h"

/* Rows that meet in a round, in units of those that stay. */
#define ROUND 4

/* Of one element. */
typedef struct tournament {
  int n, nrows, capacity;
  double *rows;    /* [capacity][n]; owned */
  long *members;   /* [capacity]; owned */
  int *pivots;     /* [n]; owned */
  double *largest; /* [n] values of descriptors; borrowed */
} tournament;

typedef struct tournaments {
  const xp_environments *environments;
  tournament *elements; /* [nelements] */
} tournaments;

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

/* Keeps the pivots, in the order in which they came. */
static xp_status reduce(tournament *t, xp_error *error) {
  size_t n = (size_t)t->n;
  if (t->nrows < t->n) return XP_OK;
  xp_status status = xp_maxvol_pivots(t->rows, t->nrows, t->n, t->pivots, error);
  if (status != XP_OK) return status;
  qsort(t->pivots, n, sizeof *t->pivots, compare);
  for (size_t k = 0; k < n; ++k) {
    memmove(t->rows + k * n, t->rows + (size_t)t->pivots[k] * n, n * sizeof *t->rows);
    t->members[k] = t->members[t->pivots[k]];
  }
  t->nrows = t->n;
  return XP_OK;
}

static xp_status add(tournament *t, const double *row, long member, xp_error *error) {
  xp_status status = t->nrows == t->capacity ? reduce(t, error) : XP_OK;
  if (status != XP_OK) return status;
  memcpy(t->rows + (size_t)t->nrows * (size_t)t->n, row, (size_t)t->n * sizeof *row);
  t->members[t->nrows++] = member;
  return XP_OK;
}

static xp_status visit(void *user, const xp_environments_reader *reader, int unit, int thread, xp_error *error) {
  tournaments *all = user;
  const xp_environments *e = all->environments;
  xp_status status = XP_OK;
  (void)thread;
  for (int element = 0; element < e->nelements; ++element) {
    tournament *t = &all->elements[element];
    int count = xp_environments_rows(e, unit, element);
    for (int i = 0; i < count && status == XP_OK; ++i) {
      const double *row = reader->rows[element] + (size_t)i * (size_t)t->n;
      for (int q = 0; q < t->n; ++q) t->largest[q] = fmax(t->largest[q], fabs(row[q]));
      status = add(t, row, e->units[unit].first[element] + i, error);
    }
  }
  return status;
}

static int compare_members(const void *a, const void *b) {
  const xp_member *x = a, *y = b;
  return (x->number > y->number) - (x->number < y->number);
}

xp_status xp_chosen_set(xp_chosen *chosen, xp_member *members, xp_error *error) {
  size_t n = (size_t)chosen->n;
  double *rows = xp_numbers_new(n * n);
  if (!rows) return xp_error_memory(error, "the active set");
  qsort(members, n, sizeof *members, compare_members);
  for (size_t k = 0; k < n; ++k) {
    memcpy(rows + k * n, members[k].row, n * sizeof *rows);
    chosen->members[k] = members[k].number;
  }
  free(chosen->rows);
  chosen->rows = rows;
  return XP_OK;
}

static xp_status choose(const tournament *t, xp_chosen *chosen, xp_error *error) {
  xp_member *members = calloc((size_t)t->n + 1, sizeof *members);
  if (!members) return xp_error_memory(error, "the active set");
  for (int k = 0; k < t->n; ++k) members[k] = (xp_member){t->members[k], t->rows + (size_t)k * (size_t)t->n};
  xp_status status = xp_chosen_set(chosen, members, error);
  free(members);
  return status;
}

/* A descriptor that is zero for all atoms has the size of the largest other one; powers of two keep digits as they are. */
static void make_floors(double *largest, int n) {
  double most = 0.0;
  for (int q = 0; q < n; ++q) most = fmax(most, largest[q]);
  for (int q = 0; q < n; ++q) {
    double size = largest[q] > 0.0 ? largest[q] : most > 0.0 ? most : 1.0;
    largest[q] = XP_FLOOR * exp2(ceil(log2(size)));
  }
}

/* The last round, against the rows of the floors. */
static xp_status finish(tournament *t, xp_chosen *chosen, xp_error *error) {
  double *row = xp_numbers_new((size_t)t->n);
  xp_status status = row ? XP_OK : xp_error_memory(error, "the active set");
  if (status == XP_OK && t->nrows > t->n) status = reduce(t, error);
  make_floors(chosen->floors, t->n);
  for (int q = 0; q < t->n && status == XP_OK; ++q) {
    row[q] = chosen->floors[q];
    status = add(t, row, XP_FLOOR_ROW(q), error);
    row[q] = 0.0;
  }
  if (status == XP_OK) status = reduce(t, error);
  if (status == XP_OK) status = choose(t, chosen, error);
  free(row);
  return status;
}

static xp_status open_tournament(tournament *t, xp_chosen *chosen, int n, xp_error *error) {
  size_t capacity = ROUND * (size_t)n;
  *chosen = (xp_chosen){
      .n = n, .floors = xp_numbers_new((size_t)n), .members = calloc((size_t)n + 1, sizeof *chosen->members)};
  *t = (tournament){.n = n,
                    .capacity = (int)capacity,
                    .rows = xp_numbers_new(capacity * (size_t)n),
                    .members = calloc(capacity + 1, sizeof *t->members),
                    .pivots = calloc((size_t)n + 1, sizeof *t->pivots),
                    .largest = chosen->floors};
  bool ok = chosen->floors && chosen->members && t->rows && t->members && t->pivots;
  return ok ? XP_OK : xp_error_memory(error, "the active set");
}

static void close_tournament(tournament *t) {
  free(t->rows);
  free(t->members);
  free(t->pivots);
}

void xp_chosen_clear(xp_chosen *chosen) {
  free(chosen->floors);
  free(chosen->rows);
  free(chosen->members);
  *chosen = (xp_chosen){0};
}

xp_status xp_chosen_start(xp_chosen *chosen, const xp_environments *e, int threads, xp_report *report,
                          xp_error *error) {
  tournaments all = {e, calloc((size_t)e->nelements + 1, sizeof *all.elements)};
  xp_status status = all.elements ? XP_OK : xp_error_memory(error, "the active set");
  for (int element = 0; element < e->nelements && status == XP_OK; ++element)
    status = open_tournament(&all.elements[element], &chosen[element], e->sizes[element], error);
  xp_environments_walk walk = {.visit = visit,
                               .user = &all,
                               .in_order = true,
                               .threads = threads,
                               .report = report,
                               .stage = "active set: rows to begin with"};
  if (status == XP_OK) status = xp_environments_visit(e, &walk, error);
  for (int element = 0; element < e->nelements && status == XP_OK; ++element)
    status = finish(&all.elements[element], &chosen[element], error);
  for (int element = 0; element < e->nelements && all.elements; ++element) close_tournament(&all.elements[element]);
  free(all.elements);
  return status;
}
