/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/product.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "ace/pairing.h"

void xp_ace_product_clear(xp_ace_product *product) {
  free(product->negative_of);
  free(product->sign);
  free(product->inner);
  free(product->group_slot);
  free(product->group_first);
  free(product->leaf);
  free(product->coefficient);
}

static int compare_ints(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static int compare_factors(const int *a, const int *b, int rank) {
  for (int t = 0; t < rank; ++t)
    if (a[t] != b[t]) return a[t] < b[t] ? -1 : 1;
  return 0;
}

static int compare_terms(const void *a, const void *b) {
  const xp_ace_term *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  return compare_factors(x->factors, y->factors, x->rank);
}

/* Sorts the factors and takes the smaller of a product and its conjugate; both have the same real part up to
 * (-1)^(sum of m), because conj(A_m) = (-1)^m A_-m. */
static void make_canonical(xp_ace_term *term, int ndensity, const int *ms) {
  int conjugate[XP_ACE_RANK_MAX], sum = 0;
  for (int t = 0; t < term->rank; ++t) {
    int factor = term->factors[t], m = ms[factor / 2];
    conjugate[t] = m ? factor ^ 1 : factor;
    sum += m;
  }
  qsort(term->factors, (size_t)term->rank, sizeof(int), compare_ints);
  qsort(conjugate, (size_t)term->rank, sizeof(int), compare_ints);
  if (compare_factors(conjugate, term->factors, term->rank) >= 0) return;
  memcpy(term->factors, conjugate, (size_t)term->rank * sizeof(int));
  for (int p = 0; p < ndensity && sum % 2; ++p) term->coefficients[p] = -term->coefficients[p];
}

static bool is_zero(const xp_ace_term *term, int ndensity) {
  for (int p = 0; p < ndensity; ++p)
    if (term->coefficients[p] != 0.0) return false;
  return true;
}

/* Adds up equal terms and drops those without weight; returns how many are left. */
static int merge_terms(xp_ace_term *terms, int nterms, int ndensity, const int *ms) {
  for (int q = 0; q < nterms; ++q) make_canonical(&terms[q], ndensity, ms);
  qsort(terms, (size_t)nterms, sizeof *terms, compare_terms);
  int kept = 0;
  for (int q = 0; q < nterms; ++q) {
    if (kept > 0 && compare_terms(&terms[kept - 1], &terms[q]) == 0) {
      for (int p = 0; p < ndensity; ++p) terms[kept - 1].coefficients[p] += terms[q].coefficients[p];
    } else {
      terms[kept++] = terms[q];
    }
  }
  int left = 0;
  for (int q = 0; q < kept; ++q)
    if (!is_zero(&terms[q], ndensity)) terms[left++] = terms[q];
  return left;
}

/* Replaces factor codes by slots, giving slots to the -m that occur. */
static xp_status assign_slots(xp_ace_product *product, xp_ace_term *terms, int nterms, const int *ms, xp_error *error) {
  size_t n = (size_t)product->nhalf + 1;
  product->negative_of = malloc(n * sizeof *product->negative_of);
  product->sign = malloc(n * sizeof *product->sign);
  int *slot = malloc(n * sizeof *slot);
  xp_status status = XP_OK;
  if (!product->negative_of || !product->sign || !slot) {
    status = xp_error_memory(error, "ACE products");
    goto done;
  }
  for (size_t h = 0; h < n; ++h) slot[h] = -1;
  for (int q = 0; q < nterms; ++q)
    for (int t = 0; t < terms[q].rank; ++t) {
      int half = terms[q].factors[t] / 2;
      bool negative = terms[q].factors[t] % 2;
      if (negative && slot[half] < 0) {
        slot[half] = product->nhalf + product->nnegative;
        product->sign[product->nnegative] = ms[half] % 2 ? -1.0 : 1.0;
        product->negative_of[product->nnegative++] = half;
      }
      terms[q].factors[t] = negative ? slot[half] : half;
    }
done:
  free(slot);
  return status;
}

/* A leaf while they are sorted into groups. */
typedef struct leaf {
  int group, other;
  const double *coefficients;
} leaf;

static int compare_leaves(const void *a, const void *b) {
  const leaf *x = a, *y = b;
  if (x->group != y->group) return x->group < y->group ? -1 : 1;
  return (x->other > y->other) - (x->other < y->other);
}

/* Groups by that factor which more leaves have. */
static void choose_groups(const xp_ace_term *terms, leaf *leaves, int count, int *degree) {
  for (int q = 0; q < count; ++q)
    for (int t = 0; t < 2; ++t) degree[terms[q].factors[t]]++;
  for (int q = 0; q < count; ++q) {
    int a = terms[q].factors[0], b = terms[q].factors[1];
    bool first = degree[a] >= degree[b];
    leaves[q] = (leaf){first ? a : b, first ? b : a, terms[q].coefficients};
  }
  qsort(leaves, (size_t)count, sizeof *leaves, compare_leaves);
}

static void store_groups(xp_ace_product *product, const leaf *leaves, int count) {
  size_t bytes = (size_t)product->ndensity * sizeof(double);
  product->nleaves = count;
  for (int q = 0; q < count; ++q) {
    if (q == 0 || leaves[q].group != leaves[q - 1].group) {
      product->group_slot[product->ngroups] = leaves[q].group;
      product->group_first[product->ngroups++] = q;
    }
    product->leaf[q] = leaves[q].other;
    memcpy(product->coefficient + (size_t)q * (size_t)product->ndensity, leaves[q].coefficients, bytes);
  }
  product->group_first[product->ngroups] = count;
}

static xp_status build_leaves(xp_ace_product *product, const xp_ace_term *terms, int count, xp_error *error) {
  size_t n = (size_t)count + 1;
  leaf *leaves = malloc(n * sizeof *leaves);
  int *degree = calloc((size_t)product->nslots + 1, sizeof *degree);
  product->group_slot = malloc(n * sizeof *product->group_slot);
  product->group_first = malloc((n + 1) * sizeof *product->group_first);
  product->leaf = malloc(n * sizeof *product->leaf);
  product->coefficient = malloc(n * (size_t)product->ndensity * sizeof *product->coefficient);
  bool ok = leaves && degree && product->group_slot && product->group_first && product->leaf && product->coefficient;
  if (ok) {
    choose_groups(terms, leaves, count, degree);
    store_groups(product, leaves, count);
  }
  free(leaves);
  free(degree);
  return ok ? XP_OK : xp_error_memory(error, "ACE products");
}

xp_status xp_ace_product_build(xp_ace_product *product, xp_ace_term *terms, int nterms, int ndensity, const int *ms,
                               int nhalf, xp_error *error) {
  *product = (xp_ace_product){.ndensity = ndensity, .nhalf = nhalf};
  int count = merge_terms(terms, nterms, ndensity, ms);
  xp_status status = assign_slots(product, terms, count, ms, error);
  if (status) return status;
  int first = nhalf + product->nnegative;
  status = xp_ace_pairing_run(terms, count, first, &product->inner, &product->ninner, error);
  if (status) return status;
  product->nslots = first + product->ninner;
  return build_leaves(product, terms, count, error);
}
