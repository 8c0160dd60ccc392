/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active_maker.h"

#include "testing/testing.h"

#include <math.h>

enum { ATOMS = 60, CANDIDATES = 3 };
#define CELL 10.5
#define SMALLEST_DISTANCE 1.9

/* Candidate atoms of one element. */
typedef struct pool {
  int count, wanted; /* rows */
  int n;             /* descriptors */
  double *rows;      /* [wanted][n] */
} pool;

static void swap_rows(double *a, double *b, int n) {
  for (int k = 0; k < n; ++k) {
    double old = a[k];
    a[k] = b[k];
    b[k] = old;
  }
}

/* Brings n rows to the front, each with the largest rest in a further column once the former ones are taken away. */
static void choose(pool *p) {
  int n = p->n;
  double *rest = malloc(sizeof *rest * (size_t)p->count * (size_t)n);
  assert_non_null(rest);
  memcpy(rest, p->rows, sizeof *rest * (size_t)p->count * (size_t)n);
  for (int q = 0; q < n; ++q) {
    int best = q;
    for (int i = q; i < p->count; ++i)
      if (fabs(rest[i * n + q]) > fabs(rest[best * n + q])) best = i;
    swap_rows(&rest[q * n], &rest[best * n], n);
    swap_rows(&p->rows[q * n], &p->rows[best * n], n);
    for (int i = q + 1; i < p->count; ++i) {
      double factor = rest[i * n + q] / rest[q * n + q];
      for (int k = q; k < n; ++k) rest[i * n + k] -= factor * rest[q * n + k];
    }
  }
  free(rest);
}

/* Gauss-Jordan. */
static void invert(const double *matrix, double *inverse, int n) {
  double *a = malloc(sizeof *a * (size_t)n * (size_t)n);
  assert_non_null(a);
  memcpy(a, matrix, sizeof *a * (size_t)n * (size_t)n);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) inverse[i * n + k] = i == k;
  for (int q = 0; q < n; ++q) {
    int best = q;
    for (int i = q; i < n; ++i)
      if (fabs(a[i * n + q]) > fabs(a[best * n + q])) best = i;
    swap_rows(&a[q * n], &a[best * n], n);
    swap_rows(&inverse[q * n], &inverse[best * n], n);
    double pivot = a[q * n + q];
    assert_true(fabs(pivot) > 0.0);
    for (int k = 0; k < n; ++k) {
      a[q * n + k] /= pivot;
      inverse[q * n + k] /= pivot;
    }
    for (int i = 0; i < n; ++i) {
      double factor = a[i * n + q];
      if (i == q || factor == 0.0) continue;
      for (int k = 0; k < n; ++k) {
        a[i * n + k] -= factor * a[q * n + k];
        inverse[i * n + k] -= factor * inverse[q * n + k];
      }
    }
  }
  free(a);
}

/* Gives the pools the descriptors of a further structure. */
static xp_status collect(const xp_descriptors *descriptors, xp_descriptors_scratch *scratch, pool *pools,
                         const char *const *elements, int nelements, const xp_structure *s, xp_error *error) {
  int species[ATOMS];
  size_t stride = 0;
  for (int e = 0; e < nelements; ++e)
    if ((size_t)pools[e].n > stride) stride = (size_t)pools[e].n;
  for (int i = 0; i < s->natoms; ++i)
    for (int e = 0; e < nelements; ++e)
      if (strcmp(s->symbols[i], elements[e]) == 0) species[i] = e;
  xp_neighbour_list *list = NULL;
  double *rows = calloc(ATOMS * stride, sizeof *rows);
  xp_status status = rows ? xp_neighbour_list_new(&list, s, species, xp_descriptors_cutoff(descriptors), error)
                          : xp_error_memory(error, "descriptors");
  if (status == XP_OK) {
    xp_neighbourhoods seen = xp_neighbour_list_view(list);
    status = xp_descriptors_evaluate(descriptors, scratch, &seen, rows, stride, error);
  }
  for (int i = 0; i < s->natoms && status == XP_OK; ++i) {
    pool *p = &pools[species[i]];
    if (p->count < p->wanted) memcpy(&p->rows[p->count++ * p->n], &rows[i * stride], sizeof *rows * (size_t)p->n);
  }
  xp_neighbour_list_free(list);
  free(rows);
  return status;
}

static bool all_full(const pool *pools, int npools) {
  for (int e = 0; e < npools; ++e)
    if (pools[e].count < pools[e].wanted) return false;
  return true;
}

xp_status active_maker_write(const xp_potential *potential, xp_grade_form form, const char *const *elements,
                             int nelements, const char *path, xp_error *error) {
  xp_descriptors *descriptors = NULL;
  xp_descriptors_scratch *scratch = NULL;
  xp_active_set *set = NULL;
  pool pools[8] = {0};
  int sizes[8] = {0};
  assert_true(nelements <= 8);
  xp_assert_ok(xp_descriptors_new(&descriptors, potential, form, elements, nelements, error), error);
  xp_assert_ok(xp_descriptors_scratch_new(&scratch, descriptors, error), error);
  for (int e = 0; e < nelements; ++e) {
    int n = sizes[e] = xp_descriptors_count(descriptors, e);
    pools[e] = (pool){.wanted = CANDIDATES * n, .n = n, .rows = calloc((size_t)CANDIDATES * n * n, sizeof(double))};
    assert_non_null(pools[e].rows);
  }
  xp_test_random random = {.state = 7};
  while (!all_full(pools, nelements)) {
    xp_structure *s = xp_test_structure(&random, ATOMS, CELL, SMALLEST_DISTANCE, elements, nelements);
    xp_assert_ok(collect(descriptors, scratch, pools, elements, nelements, s, error), error);
    xp_structure_free(s);
  }
  xp_assert_ok(xp_active_set_new(&set, nelements, elements, sizes, error), error);
  for (int e = 0; e < nelements; ++e) {
    choose(&pools[e]);
    invert(pools[e].rows, set->inverses[e], pools[e].n);
    free(pools[e].rows);
  }
  xp_status status = xp_active_set_write(set, path, error);
  xp_active_set_free(set);
  xp_descriptors_scratch_free(scratch);
  xp_descriptors_free(descriptors);
  return status;
}
