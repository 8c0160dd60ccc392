/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/tree.h"

#include <stdlib.h>
#include <string.h>

#include "coupling/clebsch_gordan.h"

enum { BYTE_BITS = 8, TUPLE_BITS = 64, TUPLE_ZERO = 128 };

xp_ace_tree xp_ace_tree_of(int rank) {
  xp_ace_tree tree = {.rank = rank};
  int count = 0, oldest = rank;
  for (; count < rank / 2; ++count) {
    tree.left[count] = 2 * count;
    tree.right[count] = 2 * count + 1;
  }
  for (; rank + count - oldest > 1; oldest += 2, ++count) {
    tree.left[count] = oldest;
    tree.right[count] = oldest + 1;
  }
  if (count < rank - 1) { /* the odd one out */
    tree.left[count] = oldest;
    tree.right[count] = rank - 1;
  }
  return tree;
}

static int node_l(const xp_ace_tree *tree, const xp_ace_momenta *momenta, int node) {
  if (node < tree->rank) return momenta->ls[node];
  return node < 2 * tree->rank - 2 ? momenta->lint[node - tree->rank] : 0;
}

/* The three momenta of a coupling. */
typedef struct triangle {
  int a, b, c;
} triangle;

static triangle triangle_of(const xp_ace_tree *tree, const xp_ace_momenta *momenta, int c) {
  return (triangle){node_l(tree, momenta, tree->left[c]), node_l(tree, momenta, tree->right[c]),
                    node_l(tree, momenta, tree->rank + c)};
}

bool xp_ace_momenta_closed(const xp_ace_tree *tree, const xp_ace_momenta *momenta) {
  int sum = 0;
  for (int t = 0; t < tree->rank; ++t) sum += momenta->ls[t];
  if (sum % 2 || (tree->rank == 1 && sum)) return false;
  for (int c = 0; c < tree->rank - 1; ++c) {
    triangle t = triangle_of(tree, momenta, c);
    if (t.c < abs(t.a - t.b) || t.c > t.a + t.b) return false;
  }
  return true;
}

bool xp_ace_momenta_small(const xp_ace_tree *tree, const xp_ace_momenta *momenta) {
  long combinations = 1;
  for (int t = 0; t < tree->rank - 1; ++t) {
    combinations *= 2 * momenta->ls[t] + 1;
    if (combinations > XP_ACE_COMBINATIONS_MAX) return false;
  }
  for (int c = 0; c < tree->rank - 1; ++c) {
    triangle t = triangle_of(tree, momenta, c);
    if (t.a + t.b + t.c > XP_ACE_COUPLING_SUM_MAX) return false;
  }
  return true;
}

/* Sets intermediate momentum c and those behind it to their smallest values. */
static void lower_from(const xp_ace_tree *tree, xp_ace_momenta *momenta, int c) {
  for (; c < xp_ace_lint_count(tree->rank); ++c) {
    triangle t = triangle_of(tree, momenta, c);
    momenta->lint[c] = (unsigned char)abs(t.a - t.b);
  }
}

/* Goes on until the last triangle, whose result is 0, closes, too. */
static bool close_last(const xp_ace_tree *tree, xp_ace_momenta *momenta) {
  do {
    if (xp_ace_momenta_closed(tree, momenta)) return true;
    int c = xp_ace_lint_count(tree->rank) - 1;
    for (; c >= 0; --c) {
      triangle t = triangle_of(tree, momenta, c);
      if (t.c < t.a + t.b) break;
    }
    if (c < 0) return false;
    momenta->lint[c]++;
    lower_from(tree, momenta, c + 1);
  } while (true);
}

bool xp_ace_lint_first(const xp_ace_tree *tree, xp_ace_momenta *momenta) {
  lower_from(tree, momenta, 0);
  return close_last(tree, momenta);
}

bool xp_ace_lint_next(const xp_ace_tree *tree, xp_ace_momenta *momenta) {
  for (int c = xp_ace_lint_count(tree->rank) - 1; c >= 0; --c) {
    triangle t = triangle_of(tree, momenta, c);
    if (t.c == t.a + t.b) continue;
    momenta->lint[c]++;
    lower_from(tree, momenta, c + 1);
    return close_last(tree, momenta);
  }
  return false;
}

int xp_ace_tuple_get(xp_ace_tuple tuple, int factor) {
  return (int)(tuple >> (TUPLE_BITS - BYTE_BITS * (factor + 1)) & 0xffu) - TUPLE_ZERO;
}

xp_ace_tuple xp_ace_tuple_of(const int *ms, int rank) {
  xp_ace_tuple tuple = 0;
  for (int t = 0; t < rank; ++t) tuple |= (xp_ace_tuple)(ms[t] + TUPLE_ZERO) << (TUPLE_BITS - BYTE_BITS * (t + 1));
  return tuple;
}

static xp_status add_tuple(xp_ace_half *half, xp_ace_tuple tuple, xp_error *error) {
  if (half->count == half->capacity) {
    int capacity = half->capacity ? 2 * half->capacity : 64;
    xp_ace_tuple *grown = realloc(half->tuples, (size_t)capacity * sizeof *grown);
    if (!grown) return xp_error_memory(error, "couplings");
    half->tuples = grown;
    half->capacity = capacity;
  }
  half->tuples[half->count++] = tuple;
  return XP_OK;
}

/* In lexicographic order the wanted half begins with the tuple of zeros. */
xp_status xp_ace_half_fill(xp_ace_half *half, const xp_ace_tree *tree, const unsigned char *ls, xp_error *error) {
  int ms[XP_ACE_BASIS_RANK_MAX] = {0}, last = tree->rank - 1, t;
  half->count = 0;
  do {
    ms[last] = 0;
    for (t = 0; t < last; ++t) ms[last] -= ms[t];
    if (abs(ms[last]) <= ls[last]) {
      xp_status status = add_tuple(half, xp_ace_tuple_of(ms, tree->rank), error);
      if (status != XP_OK) return status;
    }
    for (t = last - 1; t >= 0 && ms[t] == ls[t]; --t) ms[t] = -ls[t];
    if (t >= 0) ms[t]++;
  } while (t >= 0);
  return XP_OK;
}

/* [2 a + 1][2 b + 1] of <a ma b mb | c ma+mb>. */
static xp_status find_table(xp_memo *cache, int a, int b, int c, const double **table, xp_error *error) {
  xp_memo_key key = {{(unsigned char)a, (unsigned char)b, (unsigned char)c}};
  *table = xp_memo_find(cache, &key);
  if (*table) return XP_OK;
  double *values = malloc((size_t)(2 * a + 1) * (size_t)(2 * b + 1) * sizeof *values);
  if (!values) return xp_error_memory(error, "couplings");
  for (int ma = -a, i = 0; ma <= a; ++ma)
    for (int mb = -b; mb <= b; ++mb) values[i++] = xp_clebsch_gordan(a, ma, b, mb, c);
  *table = values;
  return xp_memo_add(cache, &key, values, error);
}

xp_status xp_ace_coupler_set(xp_ace_coupler *coupler, xp_memo *cache, const xp_ace_tree *tree,
                             const xp_ace_momenta *momenta, xp_error *error) {
  coupler->tree = *tree;
  for (int node = 0; node < 2 * tree->rank - 1; ++node) coupler->l[node] = node_l(tree, momenta, node);
  xp_status status = XP_OK;
  for (int c = 0; c < tree->rank - 1 && status == XP_OK; ++c) {
    triangle t = triangle_of(tree, momenta, c);
    status = find_table(cache, t.a, t.b, t.c, &coupler->tables[c], error);
  }
  return status;
}

double xp_ace_coupler_value(const xp_ace_coupler *coupler, xp_ace_tuple tuple) {
  int m[XP_ACE_TREE_NODES], rank = coupler->tree.rank;
  bool zero = true;
  for (int t = 0; t < rank; ++t) {
    m[t] = xp_ace_tuple_get(tuple, t);
    zero = zero && m[t] == 0;
  }
  double product = zero ? 1.0 : 2.0;
  for (int c = 0; c < rank - 1 && product != 0.0; ++c) {
    int a = coupler->tree.left[c], b = coupler->tree.right[c], la = coupler->l[a], lb = coupler->l[b];
    m[rank + c] = m[a] + m[b];
    product *= coupler->tables[c][(m[a] + la) * (2 * lb + 1) + m[b] + lb];
    if (abs(m[rank + c]) > coupler->l[rank + c]) product = 0.0;
  }
  return product;
}
