/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/product.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "ace/pairing.h"

/* Flops, a multiply-add being two: a complex product; its two adjoints; what a leaf costs for each density (sum, and weight)
 * and besides (sums of the row's adjoint and its own); a factor's adjoint in a product multiplied out. */
enum {
  OPERATIONS_MULTIPLY = 6,
  OPERATIONS_ADJOINTS = 16,
  OPERATIONS_DENSITY = 6,
  OPERATIONS_LEAF = 8,
  OPERATIONS_FACTOR = 4
};

void xp_ace_product_clear(xp_ace_product *product) {
  free(product->real);
  free(product->imaginary);
  free(product->negative_of);
  free(product->sign);
  free(product->inner);
  free(product->group_slot);
  free(product->group_first);
  free(product->leaf);
  xp_reals_clear(&product->coefficient);
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
static void make_canonical(xp_ace_term *term, int ndensity, const xp_ace_half *half) {
  int conjugate[XP_ACE_RANK_MAX], sum = 0;
  for (int t = 0; t < term->rank; ++t) {
    int factor = term->factors[t], m = half[factor / 2].m;
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

int xp_ace_terms_merge(xp_ace_term *terms, int nterms, int ndensity, const xp_ace_half *half) {
  for (int q = 0; q < nterms; ++q) make_canonical(&terms[q], ndensity, half);
  if (nterms > 0) qsort(terms, (size_t)nterms, sizeof *terms, compare_terms);
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

/* Marks the factors that occur. */
static void mark_factors(const xp_ace_term *terms, int nterms, int *slots) {
  for (int q = 0; q < nterms; ++q)
    for (int t = 0; t < terms[q].rank; ++t) {
      slots[terms[q].factors[t]] = 0;
      slots[terms[q].factors[t] & ~1] = 0; /* the one of -m is made from that of m */
    }
}

/* Gives slots to all factors that occur, those of m >= 0 first. */
static void number_factors(xp_ace_product *product, const xp_ace_half *half, int nhalf, int *slots) {
  for (int h = 0; h < nhalf; ++h) {
    if (slots[2 * h] < 0) continue;
    product->real[product->nhalf] = half[h].slot;
    product->imaginary[product->nhalf] = half[h].m ? half[h].slot + 1 : -1;
    slots[2 * h] = product->nhalf++;
  }
  for (int h = 0; h < nhalf; ++h) {
    if (slots[2 * h + 1] < 0) continue;
    product->sign[product->nnegative] = half[h].m % 2 ? -1 : 1;
    product->negative_of[product->nnegative] = slots[2 * h];
    slots[2 * h + 1] = product->nhalf + product->nnegative++;
  }
}

/* Replaces factor codes by slots, ascending in every term. */
static xp_status assign_slots(xp_ace_product *product, xp_ace_term *terms, int nterms, const xp_ace_half *half,
                              int nhalf, xp_error *error) {
  size_t n = (size_t)nhalf + 1;
  product->real = malloc(n * sizeof *product->real);
  product->imaginary = malloc(n * sizeof *product->imaginary);
  product->negative_of = malloc(n * sizeof *product->negative_of);
  product->sign = malloc(n * sizeof *product->sign);
  int *slots = malloc(2 * n * sizeof *slots);
  if (!product->real || !product->imaginary || !product->negative_of || !product->sign || !slots) {
    free(slots);
    return xp_error_memory(error, "ACE products");
  }
  for (size_t f = 0; f < 2 * n; ++f) slots[f] = -1;
  mark_factors(terms, nterms, slots);
  number_factors(product, half, nhalf, slots);
  for (int q = 0; q < nterms; ++q) {
    for (int t = 0; t < terms[q].rank; ++t) terms[q].factors[t] = slots[terms[q].factors[t]];
    qsort(terms[q].factors, (size_t)terms[q].rank, sizeof(int), compare_ints);
  }
  free(slots);
  return XP_OK;
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
  if (count > 0) qsort(leaves, (size_t)count, sizeof *leaves, compare_leaves);
}

static void store_groups(xp_ace_product *product, const leaf *leaves, int count, double *coefficients) {
  size_t bytes = (size_t)product->ndensity * sizeof(double);
  product->nleaves = count;
  for (int q = 0; q < count; ++q) {
    if (q == 0 || leaves[q].group != leaves[q - 1].group) {
      product->group_slot[product->ngroups] = leaves[q].group;
      product->group_first[product->ngroups++] = q;
    }
    product->leaf[q] = leaves[q].other;
    memcpy(coefficients + (size_t)q * (size_t)product->ndensity, leaves[q].coefficients, bytes);
  }
  product->group_first[product->ngroups] = count;
}

static xp_status build_leaves(xp_ace_product *product, const xp_ace_term *terms, int count, xp_precision precision,
                              xp_error *error) {
  size_t n = (size_t)count + 1;
  leaf *leaves = malloc(n * sizeof *leaves);
  int *degree = calloc((size_t)product->nslots + 1, sizeof *degree);
  double *coefficients = malloc(n * (size_t)product->ndensity * sizeof *coefficients);
  product->group_slot = malloc(n * sizeof *product->group_slot);
  product->group_first = malloc((n + 1) * sizeof *product->group_first);
  product->leaf = malloc(n * sizeof *product->leaf);
  xp_status status = XP_ERROR_MEMORY;
  if (!leaves || !degree || !coefficients || !product->group_slot || !product->group_first || !product->leaf) {
    xp_error_memory(error, "ACE products");
  } else {
    choose_groups(terms, leaves, count, degree);
    store_groups(product, leaves, count, coefficients);
    size_t numbers = (size_t)count * (size_t)product->ndensity;
    status = xp_reals_new(&product->coefficient, coefficients, numbers, precision, error);
  }
  free(leaves);
  free(degree);
  free(coefficients);
  return status;
}

xp_status xp_ace_product_build(xp_ace_product *product, xp_ace_term *terms, int nterms, int ndensity,
                               const xp_ace_half *half, int nhalf, xp_precision precision, xp_error *error) {
  *product = (xp_ace_product){.ndensity = ndensity};
  xp_status status = assign_slots(product, terms, nterms, half, nhalf, error);
  if (status) return status;
  int first = product->nhalf + product->nnegative;
  status = xp_ace_pairing_run(terms, nterms, first, &product->inner, &product->ninner, error);
  if (status) return status;
  product->nslots = first + product->ninner;
  return build_leaves(product, terms, nterms, precision, error);
}

double xp_ace_product_operations(const xp_ace_product *product) {
  double inner = (double)(OPERATIONS_MULTIPLY + OPERATIONS_ADJOINTS) * product->ninner;
  return inner + xp_ace_terms_least(product->nleaves, product->ndensity);
}

double xp_ace_terms_operations(const xp_ace_term *terms, int nterms, int ndensity) {
  double sum = 0.0;
  for (int q = 0; q < nterms; ++q) {
    int multiplications =
        terms[q].rank - 1 + 2 * (terms[q].rank - 2); /* the product, and all that leave one factor out */
    sum += OPERATIONS_MULTIPLY * multiplications + OPERATIONS_FACTOR * terms[q].rank + 4 * ndensity;
  }
  return sum;
}

double xp_ace_terms_least(int nterms, int ndensity) {
  return (double)nterms * (OPERATIONS_DENSITY * ndensity + OPERATIONS_LEAF);
}

size_t xp_ace_product_bytes(const xp_ace_product *product) {
  size_t slots = 2 * (size_t)product->nhalf + 2 * (size_t)product->nnegative + 2 * (size_t)product->ninner;
  size_t leaves = 2 * (size_t)product->ngroups + (size_t)product->nleaves;
  return (slots + leaves) * sizeof(int) + product->coefficient.count * product->coefficient.size;
}
