/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/coupled.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "coupling/clebsch_gordan.h"

/* Smaller weights are rounding errors of coefficients that vanish. */
static const double WEIGHT_MIN = 1e-14;

/* Flops of the kernels, a multiply-add being two: a product component is formed with two multiplications and goes back with
 * four multiply-adds; an entry is a multiply-add each way; a component of a leaf one forward and two back. */
enum { OPERATIONS_PRODUCT = 3 + 8, OPERATIONS_ENTRY = 4, OPERATIONS_COMPONENT = 6, OPERATIONS_DENSITY = 4 };

static int smaller(int a, int b) {
  return a < b ? a : b;
}
static int larger(int a, int b) {
  return a > b ? a : b;
}

/* First products of |m1| = a with |m2| = 0, 1, ... up to the reach, adding (difference 0) or subtracting them. */
static int count_sums(const xp_ace_coupling_type *t, int a) {
  int pairs = smaller(t->l2, t->reach - a); /* |m2| = 1 .. pairs */
  int zero = a == 0 ? 1 : a <= t->reach ? 2 : 0;
  return zero + 2 * larger(pairs, 0);
}

static int count_differences(const xp_ace_coupling_type *t, int a) {
  if (a == 0) return 0;
  return 2 * larger(smaller(t->l2, a + t->reach) - larger(1, a - t->reach) + 1, 0);
}

/* Index of the first component of the product of |m1| = a and |m2| = b; -1: not formed. */
static int find_product(const xp_ace_coupling_type *t, int a, int b, bool difference) {
  int at = 0;
  for (int k = 0; k < a; ++k) at += count_sums(t, k) + count_differences(t, k);
  if (difference) {
    int first = larger(1, a - t->reach);
    return b >= first && b <= smaller(t->l2, a + t->reach) ? at + count_sums(t, a) + 2 * (b - first) : -1;
  }
  if (a + b > t->reach) return -1;
  int zero = a == 0 ? 1 : 2;
  return b == 0 ? at : at + zero + 2 * (b - 1);
}

/* x_m1 y_m2 in terms of products: scale * (z[at] + i sign z[at + 1]); a single real product has no second component. */
typedef struct term {
  int at;
  bool real;
  double scale, sign;
} term;

static term term_of(const xp_ace_coupling_type *t, int m1, int m2) {
  int a = abs(m1), b = abs(m2);
  if (a == 0 || b == 0) {
    bool real = a == 0 && b == 0;
    return (term){find_product(t, a, b, false), real, real ? 1.0 : sqrt(0.5), 1.0};
  }
  if (m1 > 0 && m2 > 0) return (term){find_product(t, a, b, false), false, 0.5, 1.0};
  bool first = m1 > 0; /* x_a conj(y_b), or its conjugate */
  return (term){find_product(t, a, b, true), false, 0.5 * ((first ? b : a) % 2 ? -1.0 : 1.0), first ? 1.0 : -1.0};
}

/* Adds the parts of component M >= 0 of l to dense[output][nz]: real part first, then the imaginary one when M > 0. */
static void add_component(const xp_ace_coupling_type *t, int l, int m, double *dense) {
  bool odd = (t->l1 + t->l2 + l) % 2;
  double norm = m ? sqrt(2.0) : 1.0;
  for (int m1 = -t->l1; m1 <= t->l1; ++m1) {
    int m2 = m - m1;
    double c = norm * xp_clebsch_gordan(t->l1, m1, t->l2, m2, l);
    if (fabs(c) < WEIGHT_MIN) continue;
    term x = term_of(t, m1, m2);
    double re = c * x.scale, im = x.real ? 0.0 : c * x.scale * x.sign; /* weights of z[at], z[at + 1] */
    double *real = dense, *imaginary = dense + t->nz;
    if (odd) { /* -i (re + i im) = im - i re */
      if (!x.real) real[x.at + 1] += im;
      if (m) imaginary[x.at] -= re;
    } else {
      real[x.at] += re;
      if (m && !x.real) imaginary[x.at + 1] += im;
    }
  }
}

static void fill_dense(const xp_ace_coupling_type *t, double *dense) {
  for (int l = 0; l <= t->reach; ++l) {
    if (!(t->set >> l & 1u)) continue;
    for (int m = 0; m <= l; ++m) {
      add_component(t, l, m, dense);
      dense += (size_t)(m ? 2 : 1) * (size_t)t->nz;
    }
  }
}

/* Compressed rows of a matrix, or of its transpose: entry (row, column) is dense[row * down + column * right]. */
static xp_status compress(const double *dense, int nrows, int ncolumns, size_t down, size_t right, int *first,
                          int *columns, double *weights) {
  int count = 0;
  for (int r = 0; r < nrows; ++r) {
    first[r] = count;
    for (int c = 0; c < ncolumns; ++c) {
      double w = dense[(size_t)r * down + (size_t)c * right];
      if (fabs(w) < WEIGHT_MIN) continue;
      columns[count] = c;
      weights[count++] = w;
    }
  }
  first[nrows] = count;
  return XP_OK;
}

static xp_status fill_streams(xp_ace_coupling_type *t, const double *dense, double *weights, xp_precision precision,
                              xp_error *error) {
  size_t nz = (size_t)t->nz;
  compress(dense, t->noutputs, t->nz, nz, 1, t->first, t->z, weights);
  t->nentries = t->first[t->noutputs];
  xp_status status = xp_reals_new(&t->weight, weights, (size_t)t->nentries, precision, error);
  if (status) return status;
  compress(dense, t->nz, t->noutputs, 1, nz, t->back_first, t->output, weights);
  return xp_reals_new(&t->back_weight, weights, (size_t)t->nentries, precision, error);
}

xp_status xp_ace_coupling_type_build(xp_ace_coupling_type *type, int l1, int l2, unsigned set, xp_precision precision,
                                     xp_error *error) {
  *type = (xp_ace_coupling_type){.l1 = l1, .l2 = l2, .set = set};
  for (int l = 0; l <= l1 + l2; ++l)
    if (set >> l & 1u) {
      type->reach = l;
      type->noutputs += 2 * l + 1;
    }
  for (int a = 0; a <= l1; ++a) type->nz += count_sums(type, a) + count_differences(type, a);
  size_t nz = (size_t)type->nz, nout = (size_t)type->noutputs;
  double *dense = calloc(nz * nout + 1, sizeof *dense), *weights = malloc((nz * nout + 1) * sizeof *weights);
  type->first = malloc((nout + 1) * sizeof(int));
  type->z = malloc((nz * nout + 1) * sizeof(int));
  type->back_first = malloc((nz + 1) * sizeof(int));
  type->output = malloc((nz * nout + 1) * sizeof(int));
  xp_status status = XP_ERROR_MEMORY;
  if (!dense || !weights || !type->first || !type->z || !type->back_first || !type->output) {
    xp_error_memory(error, "couplings of an ACE potential");
  } else {
    fill_dense(type, dense);
    status = fill_streams(type, dense, weights, precision, error);
  }
  free(dense);
  free(weights);
  return status;
}

/* Adds scale x_i y_j where product z occurs in the outputs. */
static void add_product(const xp_ace_coupling_type *t, int z, int i, int j, double scale, double *tensor) {
  int n1 = 2 * t->l1 + 1, n2 = 2 * t->l2 + 1;
  for (int r = 0; r < t->noutputs; ++r)
    for (int e = t->first[r]; e < t->first[r + 1]; ++e)
      if (t->z[e] == z) tensor[(r * n1 + i) * n2 + j] += scale * xp_real_at(&t->weight, (size_t)e);
}

/* The two components of the product of |m1| = a > 0 and |m2| = b > 0: (c + i s)(c' + i s'), or with c' - i s'. */
static void add_pair(const xp_ace_coupling_type *t, int a, int b, bool difference, double *tensor) {
  int z = find_product(t, a, b, difference), c = 2 * a - 1, s = 2 * a, other_c = 2 * b - 1, other_s = 2 * b;
  double sign = difference ? -1.0 : 1.0;
  if (z < 0) return;
  add_product(t, z, c, other_c, 1.0, tensor);
  add_product(t, z, s, other_s, -sign, tensor);
  add_product(t, z + 1, c, other_s, sign, tensor);
  add_product(t, z + 1, s, other_c, 1.0, tensor);
}

void xp_ace_coupling_tensor(const xp_ace_coupling_type *type, double *tensor) {
  for (int a = 0; a <= type->l1; ++a)
    for (int b = 0; b <= type->l2; ++b) {
      int z = find_product(type, a, b, false);
      if (a > 0 && b > 0) {
        add_pair(type, a, b, false, tensor);
        add_pair(type, a, b, true, tensor);
      } else if (z >= 0 && a == 0 && b == 0) {
        add_product(type, z, 0, 0, 1.0, tensor);
      } else if (z >= 0) {
        for (int part = 0; part < 2; ++part)
          add_product(type, z + part, a ? 2 * a - 1 + part : 0, b ? 2 * b - 1 + part : 0, 1.0, tensor);
      }
    }
}

static void clear_type(xp_ace_coupling_type *type) {
  free(type->first);
  free(type->z);
  free(type->back_first);
  free(type->output);
  xp_reals_clear(&type->weight);
  xp_reals_clear(&type->back_weight);
}

void xp_ace_coupled_clear(xp_ace_coupled *coupled) {
  for (int t = 0; t < coupled->ntypes; ++t) clear_type(&coupled->types[t]);
  free(coupled->types);
  free(coupled->couplings);
  free(coupled->rows);
  free(coupled->leaf);
  xp_reals_clear(&coupled->coefficient);
}

double xp_ace_coupling_operations(const xp_ace_coupling_type *type) {
  return (double)OPERATIONS_PRODUCT * type->nz + (double)OPERATIONS_ENTRY * type->nentries;
}

double xp_ace_leaf_operations(int l, int ndensity) {
  return (double)OPERATIONS_COMPONENT * (2 * l + 1) + (double)OPERATIONS_DENSITY * ndensity;
}

double xp_ace_coupled_operations(const xp_ace_coupled *coupled, int ndensity) {
  double sum = 0.0;
  for (int k = 0; k < coupled->ncouplings; ++k)
    sum += xp_ace_coupling_operations(&coupled->types[coupled->couplings[k].type]);
  for (int r = 0; r < coupled->nrows; ++r)
    sum += (coupled->rows[r + 1].first - coupled->rows[r].first) * xp_ace_leaf_operations(coupled->rows[r].l, ndensity);
  return sum;
}

size_t xp_ace_coupled_bytes(const xp_ace_coupled *coupled) {
  size_t bytes = (size_t)coupled->ncouplings * sizeof *coupled->couplings;
  for (int t = 0; t < coupled->ntypes; ++t) {
    const xp_ace_coupling_type *type = &coupled->types[t];
    bytes += 2 * (size_t)type->nentries * (sizeof(int) + type->weight.size);
    bytes += (size_t)(type->noutputs + type->nz + 2) * sizeof(int);
  }
  bytes += (size_t)coupled->nrows * sizeof *coupled->rows + (size_t)coupled->nleaves * sizeof *coupled->leaf;
  return bytes + coupled->coefficient.count * coupled->coefficient.size;
}
