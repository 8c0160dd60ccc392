/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/pattern.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "basis/expansion.h"

/* Of a unit vector, what is left of it beside the functions before: below, it is a combination of them. */
#define INDEPENDENT 1e-7

/* The search for the functions of one pattern. */
typedef struct search {
  xp_ace_patterns *patterns;
  xp_ace_tree tree;
  const int *class;
  xp_ace_momenta momenta;  /* being looked at */
  xp_ace_half half;        /* tuples of its ls */
  xp_ace_tuple *products;  /* [nproducts] the distinct products that the tuples stand for, ascending */
  int *product;            /* [half.count] of each tuple */
  int nproducts, capacity; /* capacity: of products and product */
  double *vectors;         /* [nvectors + 1][nproducts] orthonormal, the last one being looked at */
  size_t vectors_capacity;
  xp_ace_pattern *found;
  int found_capacity;
} search;

static bool same_factor(const search *s, int t, int u) {
  return s->class[t] == s->class[u] && s->momenta.ls[t] == s->momenta.ls[u];
}

static bool all_different(const search *s) {
  for (int t = 1; t < s->tree.rank; ++t)
    if (same_factor(s, t - 1, t)) return false;
  return true;
}

/* Number of products of the factors whose m add up to total, each counted once whatever the order of equal factors. */
static long count_products(const search *s, int total) {
  enum { SPAN = XP_ACE_SELECT_L_MAX * XP_ACE_BASIS_RANK_MAX };
  long ways[XP_ACE_BASIS_RANK_MAX + 1][2 * SPAN + 1], before[2 * SPAN + 1] = {[SPAN] = 1};
  for (int first = 0, size; first < s->tree.rank; first += size) {
    int l = s->momenta.ls[first];
    for (size = 1; first + size < s->tree.rank && same_factor(s, first, first + size);) ++size;
    memset(ways, 0, sizeof ways);
    memcpy(ways[0], before, sizeof before);
    for (int m = -l; m <= l; ++m)
      for (int k = 1; k <= size; ++k)
        for (int sum = m > 0 ? m : 0; sum <= 2 * SPAN + (m < 0 ? m : 0); ++sum) ways[k][sum] += ways[k - 1][sum - m];
    memcpy(before, ways[size], sizeof before);
  }
  return before[SPAN + total];
}

static xp_status keep(search *s, xp_error *error) {
  if (!xp_ace_momenta_small(&s->tree, &s->momenta))
    return xp_error_set(
        error, XP_ERROR_INPUT,
        "the functions of rank %d that are asked for couple angular momenta beyond what double precision "
        "resolves; lower lmax of this rank",
        s->tree.rank);
  if (s->found->count == s->found_capacity) {
    int capacity = 2 * s->found_capacity;
    xp_ace_pattern *grown = realloc(s->found, sizeof *grown + (size_t)capacity * sizeof *grown->list);
    if (!grown) return xp_error_memory(error, "the functions of a basis");
    s->found = grown;
    s->found_capacity = capacity;
  }
  s->found->list[s->found->count++] = s->momenta;
  return XP_OK;
}

/* Factors that are equal in class and l exchange their m freely, and a product is as good as its complex conjugate. */
static xp_ace_tuple representative(const search *s, xp_ace_tuple tuple) {
  int order[XP_ACE_BASIS_RANK_MAX], ms[XP_ACE_BASIS_RANK_MAX], mirrored[XP_ACE_BASIS_RANK_MAX];
  for (int t = 0; t < s->tree.rank; ++t) {
    order[t] = t > 0 && same_factor(s, t - 1, t) ? order[t - 1] : t;
    ms[t] = xp_ace_tuple_get(tuple, t);
    mirrored[t] = -ms[t];
  }
  xp_ace_sort_ms(ms, order, s->tree.rank);
  xp_ace_sort_ms(mirrored, order, s->tree.rank);
  xp_ace_tuple a = xp_ace_tuple_of(ms, s->tree.rank), b = xp_ace_tuple_of(mirrored, s->tree.rank);
  return a < b ? a : b;
}

static int compare_tuples(const void *a, const void *b) {
  const xp_ace_tuple *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* Lists the tuples of the ls and which product each stands for. */
static xp_status list_products(search *s, xp_error *error) {
  xp_status status = xp_ace_half_fill(&s->half, &s->tree, s->momenta.ls, error);
  if (status != XP_OK) return status;
  int n = s->half.count;
  if (n > s->capacity) {
    free(s->products);
    free(s->product);
    s->products = malloc((size_t)n * sizeof *s->products);
    s->product = malloc((size_t)n * sizeof *s->product);
    s->capacity = n;
    if (!s->products || !s->product) return xp_error_memory(error, "couplings");
  }
  for (int q = 0; q < n; ++q) s->products[q] = representative(s, s->half.tuples[q]);
  qsort(s->products, (size_t)n, sizeof *s->products, compare_tuples);
  s->nproducts = 0;
  for (int q = 0; q < n; ++q)
    if (q == 0 || s->products[q] != s->products[s->nproducts - 1]) s->products[s->nproducts++] = s->products[q];
  for (int q = 0; q < n; ++q) {
    xp_ace_tuple wanted = representative(s, s->half.tuples[q]);
    const xp_ace_tuple *at = bsearch(&wanted, s->products, (size_t)s->nproducts, sizeof *s->products, compare_tuples);
    s->product[q] = (int)(at - s->products);
  }
  return XP_OK;
}

/* Coefficients of the products into a vector. */
static xp_status couple(search *s, double *vector, xp_error *error) {
  xp_ace_coupler coupler;
  xp_status status = xp_ace_coupler_set(&coupler, &s->patterns->tables, &s->tree, &s->momenta, error);
  if (status != XP_OK) return status;
  for (int p = 0; p < s->nproducts; ++p) vector[p] = 0.0;
  for (int q = 0; q < s->half.count; ++q) vector[s->product[q]] += xp_ace_coupler_value(&coupler, s->half.tuples[q]);
  return XP_OK;
}

static double scale_to_one(double *vector, int n) {
  double square = 0.0;
  for (int p = 0; p < n; ++p) square += vector[p] * vector[p];
  double length = sqrt(square);
  for (int p = 0; p < n && length > 0.0; ++p) vector[p] /= length;
  return length;
}

/* Takes off what lies along the nvectors vectors before; false: nothing is left. */
static bool orthogonalise(const search *s, double *vector, int nvectors) {
  int n = s->nproducts;
  if (scale_to_one(vector, n) < INDEPENDENT) return false;
  for (int round = 0; round < 2; ++round) { /* the second one removes rounding errors of the first */
    for (int v = 0; v < nvectors; ++v) {
      const double *known = s->vectors + (size_t)v * (size_t)n;
      double overlap = 0.0;
      for (int p = 0; p < n; ++p) overlap += known[p] * vector[p];
      for (int p = 0; p < n; ++p) vector[p] -= overlap * known[p];
    }
    if (scale_to_one(vector, n) < INDEPENDENT) return false;
  }
  return true;
}

static xp_status reserve_vectors(search *s, long count, xp_error *error) {
  size_t size = (size_t)count * (size_t)s->nproducts;
  if (size <= s->vectors_capacity) return XP_OK;
  free(s->vectors);
  s->vectors = malloc(size * sizeof *s->vectors);
  s->vectors_capacity = s->vectors ? size : 0;
  return s->vectors ? XP_OK : xp_error_memory(error, "couplings");
}

/* Equal factors: the couplings are not independent. So many are as there are products with sum 0 beyond those with sum 1. */
static xp_status keep_independent(search *s, xp_error *error) {
  long wanted = count_products(s, 0) - count_products(s, 1);
  if (wanted <= 0 || !xp_ace_lint_first(&s->tree, &s->momenta)) return XP_OK;
  if (!xp_ace_momenta_small(&s->tree, &s->momenta)) return keep(s, error);
  xp_status status = list_products(s, error);
  if (status == XP_OK) status = reserve_vectors(s, wanted, error);
  int kept = 0;
  do {
    double *vector = s->vectors + (size_t)kept * (size_t)s->nproducts;
    if (status == XP_OK) status = couple(s, vector, error);
    if (status != XP_OK) return status;
    if (!orthogonalise(s, vector, kept)) continue;
    status = keep(s, error);
    ++kept;
  } while (status == XP_OK && kept < wanted && xp_ace_lint_next(&s->tree, &s->momenta));
  return status;
}

static xp_status keep_all(search *s, xp_error *error) {
  xp_status status = XP_OK;
  for (bool more = xp_ace_lint_first(&s->tree, &s->momenta); more && status == XP_OK;
       more = xp_ace_lint_next(&s->tree, &s->momenta))
    status = keep(s, error);
  return status;
}

/* Even sum, and l ascending among the factors of a class. */
static bool wanted_ls(const search *s) {
  int sum = s->momenta.ls[0];
  for (int t = 1; t < s->tree.rank; ++t) {
    if (s->class[t] == s->class[t - 1] && s->momenta.ls[t] < s->momenta.ls[t - 1]) return false;
    sum += s->momenta.ls[t];
  }
  return sum % 2 == 0;
}

static xp_status search_all(search *s, int lmax, xp_error *error) {
  xp_status status = XP_OK;
  unsigned char *ls = s->momenta.ls;
  int t;
  do {
    if (wanted_ls(s)) status = all_different(s) ? keep_all(s, error) : keep_independent(s, error);
    for (t = s->tree.rank - 1; t >= 0 && ls[t] == lmax; --t) ls[t] = 0;
    if (t >= 0) ls[t]++;
  } while (t >= 0 && status == XP_OK);
  return status;
}

xp_status xp_ace_patterns_find(xp_ace_patterns *patterns, int rank, const int *class, int lmax,
                               const xp_ace_pattern **pattern, xp_error *error) {
  enum { FIRST_CAPACITY = 64 };
  xp_memo_key key = {{(unsigned char)rank, (unsigned char)lmax}};
  for (int t = 0; t < rank; ++t) key.bytes[2 + t] = (unsigned char)class[t];
  *pattern = xp_memo_find(&patterns->known, &key);
  if (*pattern) return XP_OK;
  search s = {.patterns = patterns, .tree = xp_ace_tree_of(rank), .class = class, .found_capacity = FIRST_CAPACITY};
  s.found = calloc(1, sizeof *s.found + FIRST_CAPACITY * sizeof *s.found->list);
  xp_status status = s.found ? search_all(&s, lmax, error) : xp_error_memory(error, "the functions of a basis");
  free(s.half.tuples);
  free(s.products);
  free(s.product);
  free(s.vectors);
  if (status == XP_OK) {
    *pattern = s.found;
    return xp_memo_add(&patterns->known, &key, s.found, error);
  }
  free(s.found);
  return status;
}

void xp_ace_patterns_clear(xp_ace_patterns *patterns) {
  xp_memo_clear(&patterns->known);
  xp_memo_clear(&patterns->tables);
}
