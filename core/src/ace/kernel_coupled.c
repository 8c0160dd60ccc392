/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coupled tensors (coupled.h): couplings, dot products, and their adjoints. */
#include <string.h>

#include "ace/kernel_couplings.h"
#include "ace/kernel_stages.h"
#include "ace/model.h"

static void couple(const xp_ace_coupled *coupled, vec *values, vec *z) {
  for (const xp_ace_coupling *q = coupled->couplings; q < coupled->couplings + coupled->ncouplings; ++q) {
    const xp_ace_coupling_type *t = &coupled->types[q->type];
    form_products(t, values + q->left, values + q->right, z);
    gather(t->noutputs, t->first, t->z, t->weight.data, z, values + q->out);
  }
}

static void uncouple(const xp_ace_coupled *coupled, const vec *values, vec *adjoints, vec *dz) {
  for (const xp_ace_coupling *q = coupled->couplings + coupled->ncouplings; q-- > coupled->couplings;) {
    const xp_ace_coupling_type *t = &coupled->types[q->type];
    gather(t->nz, t->back_first, t->output, t->back_weight.data, adjoints + q->out, dz);
    return_products(t, values + q->left, values + q->right, dz, adjoints + q->left, adjoints + q->right);
  }
}

/* Components that fit into registers. */
enum { LENGTH_MAX = 13 };

/* Dot products of one row; n components. */
XP_INLINE void row_forward(const int *leaf, int count, const vec *own, const vec *values, vec *dots, int n) {
  vec mine[LENGTH_MAX];
  for (int i = 0; i < n; ++i) mine[i] = own[i];
  for (int k = 0; k < count; ++k) {
    const vec *other = values + leaf[k];
    vec sum = mine[0] * other[0];
    for (int i = 1; i < n; ++i) sum += mine[i] * other[i];
    dots[k] = sum;
  }
}

static void long_row_forward(const int *leaf, int count, const vec *own, const vec *values, vec *dots, int n) {
  for (int k = 0; k < count; ++k) {
    vec sum = (vec){0};
    for (int i = 0; i < n; ++i) sum += own[i] * values[leaf[k] + i];
    dots[k] = sum;
  }
}

/* Both factors of every leaf get its adjoint times the other. */
XP_INLINE void row_backward(const int *leaf, int count, const vec *own, const vec *values, const vec *thetas,
                            vec *own_adjoint, vec *adjoints, int n) {
  vec mine[LENGTH_MAX], sum[LENGTH_MAX];
  for (int i = 0; i < n; ++i) {
    mine[i] = own[i];
    sum[i] = (vec){0};
  }
  for (int k = 0; k < count; ++k) {
    const vec *other = values + leaf[k];
    vec *to = adjoints + leaf[k], theta = thetas[k];
    for (int i = 0; i < n; ++i) {
      sum[i] += theta * other[i];
      to[i] += theta * mine[i];
    }
  }
  for (int i = 0; i < n; ++i) own_adjoint[i] += sum[i];
}

static void long_row_backward(const int *leaf, int count, const vec *own, const vec *values, const vec *thetas,
                              vec *own_adjoint, vec *adjoints, int n) {
  for (int k = 0; k < count; ++k)
    for (int i = 0; i < n; ++i) {
      vec here = own[i];
      own_adjoint[i] += thetas[k] * values[leaf[k] + i];
      adjoints[leaf[k] + i] += thetas[k] * here;
    }
}

/* Densities from the dot products of one row. Sums of a few are as accurate in the kernel's precision; those of all are
 * not. */
XP_INLINE void sum_densities(const vec *dots, const real *c, int count, int ndensity, dvec *rho) {
  enum { AT_ONCE = 16 };
  for (int begin = 0; begin < count; begin += AT_ONCE) {
    int end = smaller(begin + AT_ONCE, count);
    vec sum[XP_ACE_DENSITIES_MAX];
    for (int p = 0; p < ndensity; ++p) sum[p] = (vec){0};
    for (int k = begin; k < end; ++k)
      for (int p = 0; p < ndensity; ++p) sum[p] += c[(size_t)k * (size_t)ndensity + (size_t)p] * dots[k];
    for (int p = 0; p < ndensity; ++p) vec_add_to(rho + p * HALVES, &sum[p]);
  }
}

/* Adjoints of the leaves of one row, theta = sum_p slope_p c_p. */
XP_INLINE void leaf_adjoints(const real *c, int count, int ndensity, const vec *slopes, vec *thetas) {
  for (int k = 0; k < count; ++k, c += ndensity) {
    vec theta = c[0] * slopes[0];
    for (int p = 1; p < ndensity; ++p) theta += c[p] * slopes[p];
    thetas[k] = theta;
  }
}

/* The usual lengths and numbers of densities get loops of known length. */
#define FOR_EACH_LENGTH(CASE) CASE(0, 1) CASE(1, 3) CASE(2, 5) CASE(3, 7) CASE(4, 9) CASE(5, 11) CASE(6, 13)
#define FOR_EACH_NUMBER(CASE) CASE(1) CASE(2) CASE(3) CASE(4)

static void dots_of_row(int l, const int *leaf, int count, const vec *own, const vec *values, vec *dots) {
  switch (l) {
#define CASE(L, N)                                  \
  case L:                                           \
    row_forward(leaf, count, own, values, dots, N); \
    break;
    FOR_EACH_LENGTH(CASE)
#undef CASE
  default:
    long_row_forward(leaf, count, own, values, dots, 2 * l + 1);
  }
}

static void densities_of_row(const vec *dots, const real *c, int count, int ndensity, dvec *rho) {
  switch (ndensity) {
#define CASE(P)                            \
  case P:                                  \
    sum_densities(dots, c, count, P, rho); \
    break;
    FOR_EACH_NUMBER(CASE)
#undef CASE
  default:
    sum_densities(dots, c, count, ndensity, rho);
  }
}

static void adjoints_of_leaves(const real *c, int count, int ndensity, const vec *slopes, vec *thetas) {
  switch (ndensity) {
#define CASE(P)                                 \
  case P:                                       \
    leaf_adjoints(c, count, P, slopes, thetas); \
    break;
    FOR_EACH_NUMBER(CASE)
#undef CASE
  default:
    leaf_adjoints(c, count, ndensity, slopes, thetas);
  }
}

static void adjoints_of_row(int l, const int *leaf, int count, const vec *own, const vec *values, const vec *thetas,
                            vec *own_adjoint, vec *adjoints) {
  switch (l) {
#define CASE(L, N)                                                            \
  case L:                                                                     \
    row_backward(leaf, count, own, values, thetas, own_adjoint, adjoints, N); \
    break;
    FOR_EACH_LENGTH(CASE)
#undef CASE
  default:
    long_row_backward(leaf, count, own, values, thetas, own_adjoint, adjoints, 2 * l + 1);
  }
}

void XP_KERNEL(xp_ace_coupled_forward)(const xp_ace_batch *batch) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  vec *values = vectors(batch->values, 0), *dots = vectors(batch->leaves, 0);
  int ndensity = batch->centre->rule.ndensity;
  const real *c = coupled->coefficient.data;
  couple(coupled, values, vectors(batch->z, 0));
  for (const xp_ace_row *row = coupled->rows; row < coupled->rows + coupled->nrows; ++row) {
    int count = row[1].first - row->first;
    dots_of_row(row->l, coupled->leaf + row->first, count, values + row->slot, values, dots);
    densities_of_row(dots, c, count, ndensity, double_vectors(batch->densities, 0));
    c += count * ndensity;
  }
}

void XP_KERNEL(xp_ace_coupled_backward)(const xp_ace_batch *batch) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  const vec *values = vectors(batch->values, 0);
  vec *adjoints = vectors(batch->adjoints, 0), *thetas = vectors(batch->leaves, 0), slopes[XP_ACE_DENSITIES_MAX];
  int ndensity = batch->centre->rule.ndensity;
  const real *c = coupled->coefficient.data;
  for (int p = 0; p < ndensity; ++p) slopes[p] = vec_round(double_vectors(batch->slopes, (size_t)p));
  memset(adjoints, 0, (size_t)coupled->nslots * sizeof *adjoints);
  for (const xp_ace_row *row = coupled->rows; row < coupled->rows + coupled->nrows; ++row) {
    int count = row[1].first - row->first;
    adjoints_of_leaves(c, count, ndensity, slopes, thetas);
    adjoints_of_row(row->l, coupled->leaf + row->first, count, values + row->slot, values, thetas, adjoints + row->slot,
                    adjoints);
    c += count * ndensity;
  }
  uncouple(coupled, values, adjoints, vectors(batch->z, 0));
}
