/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/expansion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of coefficients that cancel leave less than this. */
#define CANCELLED 1e-15

/* A product of a function and its coefficient. */
typedef struct term {
  xp_ace_tuple tuple;
  double coefficient;
  int index; /* equal tuples are added in the order they came */
} term;

void xp_ace_sort_ms(int *ms, const int *group, int rank) {
  for (int t = 1; t < rank; ++t)
    for (int s = t; s > 0 && group[s - 1] == group[s] && ms[s - 1] > ms[s]; --s) {
      int m = ms[s];
      ms[s] = ms[s - 1];
      ms[s - 1] = m;
    }
}

static int compare_terms(const void *a, const void *b) {
  const term *x = a, *y = b;
  if (x->tuple != y->tuple) return x->tuple < y->tuple ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

/* A function's factors in the order of class and l. */
typedef struct arrangement {
  int rank;
  int order[XP_ACE_BASIS_RANK_MAX];
  int group[XP_ACE_BASIS_RANK_MAX]; /* equal where class and l are */
} arrangement;

static arrangement arrange(int rank, const int *class, const xp_ace_momenta *momenta) {
  enum { CLASS_STEP = 256 }; /* above every l */
  arrangement a = {.rank = rank};
  int keys[XP_ACE_BASIS_RANK_MAX];
  for (int t = 0; t < rank; ++t) {
    int key = CLASS_STEP * class[t] + momenta->ls[t], at = t;
    for (; at > 0 && keys[at - 1] > key; --at) {
      keys[at] = keys[at - 1];
      a.order[at] = a.order[at - 1];
    }
    keys[at] = key;
    a.order[at] = t;
  }
  memcpy(a.group, keys, sizeof a.group);
  return a;
}

static xp_ace_tuple arranged(const arrangement *a, xp_ace_tuple tuple) {
  int ms[XP_ACE_BASIS_RANK_MAX];
  for (int t = 0; t < a->rank; ++t) ms[t] = xp_ace_tuple_get(tuple, a->order[t]);
  xp_ace_sort_ms(ms, a->group, a->rank);
  return xp_ace_tuple_of(ms, a->rank);
}

/* Arranges and adds up; the number of different products whose coefficients do not cancel. */
static int merge(const arrangement *a, term *terms, int count) {
  int kept = 0;
  for (int q = 0; q < count; ++q) terms[q].tuple = arranged(a, terms[q].tuple);
  qsort(terms, (size_t)count, sizeof *terms, compare_terms);
  for (int q = 0; q < count;) {
    term sum = terms[q];
    for (++q; q < count && terms[q].tuple == sum.tuple; ++q) sum.coefficient += terms[q].coefficient;
    if (fabs(sum.coefficient) >= CANCELLED) terms[kept++] = sum;
  }
  return kept;
}

/* The function's products with coefficients that are not zero. */
static xp_status expand(xp_ace_expansions *expansions, int rank, const xp_ace_momenta *momenta, term **terms,
                        int *count, xp_error *error) {
  xp_ace_tree tree = xp_ace_tree_of(rank);
  xp_ace_coupler coupler;
  xp_ace_half half = {0};
  xp_status status = xp_ace_half_fill(&half, &tree, momenta->ls, error);
  if (status == XP_OK) status = xp_ace_coupler_set(&coupler, &expansions->tables, &tree, momenta, error);
  if (status == XP_OK && !(*terms = malloc((size_t)half.count * sizeof **terms)))
    status = xp_error_memory(error, "couplings");
  *count = 0;
  for (int q = 0; q < half.count && status == XP_OK; ++q) {
    double coefficient = xp_ace_coupler_value(&coupler, half.tuples[q]);
    if (coefficient == 0.0) continue;
    (*terms)[*count] = (term){half.tuples[q], coefficient, *count};
    ++*count;
  }
  free(half.tuples);
  return status;
}

static xp_ace_expansion *pack(const arrangement *a, bool reordered, const term *terms, int count) {
  size_t n = (size_t)count;
  xp_ace_expansion *e = malloc(sizeof *e + n * (sizeof *e->coefficients + sizeof *e->tuples));
  if (!e) return NULL;
  e->count = count;
  e->tuples = (xp_ace_tuple *)(e->coefficients + n);
  for (int t = 0; t < a->rank; ++t) e->order[t] = (signed char)(reordered ? a->order[t] : t);
  for (int q = 0; q < count; ++q) {
    e->tuples[q] = terms[q].tuple;
    e->coefficients[q] = terms[q].coefficient;
  }
  return e;
}

/* pacemaker leaves a function as it was unless merging has saved a product. */
static xp_status make(xp_ace_expansions *expansions, const arrangement *a, const xp_ace_momenta *momenta,
                      xp_ace_expansion **expansion, xp_error *error) {
  term *terms = NULL, *merged = NULL;
  int count;
  *expansion = NULL;
  xp_status status = expand(expansions, a->rank, momenta, &terms, &count, error);
  if (status == XP_OK) {
    merged = malloc((size_t)count * sizeof *merged + 1);
    if (merged) memcpy(merged, terms, (size_t)count * sizeof *merged);
    int kept = merged ? merge(a, merged, count) : 0;
    if (merged) *expansion = kept < count ? pack(a, true, merged, kept) : pack(a, false, terms, count);
    if (!*expansion) status = xp_error_memory(error, "couplings");
  }
  free(terms);
  free(merged);
  return status;
}

xp_status xp_ace_expansions_find(xp_ace_expansions *expansions, int rank, const int *class,
                                 const xp_ace_momenta *momenta, const xp_ace_expansion **expansion, xp_error *error) {
  xp_memo_key key = {{(unsigned char)rank}};
  enum { CLASSES = 1, LS = CLASSES + XP_ACE_BASIS_RANK_MAX, LINT = LS + XP_ACE_BASIS_RANK_MAX };
  for (int t = 0; t < rank && t < XP_ACE_BASIS_RANK_MAX; ++t) key.bytes[CLASSES + t] = (unsigned char)class[t];
  memcpy(key.bytes + LS, momenta->ls, sizeof momenta->ls);
  memcpy(key.bytes + LINT, momenta->lint, sizeof momenta->lint);
  *expansion = xp_memo_find(&expansions->known, &key);
  if (*expansion) return XP_OK;
  arrangement a = arrange(rank, class, momenta);
  xp_ace_expansion *made;
  xp_status status = make(expansions, &a, momenta, &made, error);
  if (status == XP_OK) status = xp_memo_add(&expansions->known, &key, made, error);
  if (status == XP_OK) *expansion = made;
  return status;
}

void xp_ace_expansions_clear(xp_ace_expansions *expansions) {
  xp_memo_clear(&expansions->known);
  xp_memo_clear(&expansions->tables);
}
