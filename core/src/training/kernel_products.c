/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Couplings and leaves of the fitting kernels: values, changes along a direction, and adjoints of both. */
#include <string.h>

#include "ace/kernel_couplings.h"
#include "training/kernel_stages.h"

static void couple(const xp_ace_coupled *coupled, vec *values, vec *z) {
  for (const xp_ace_coupling *q = coupled->couplings; q < coupled->couplings + coupled->ncouplings; ++q) {
    const xp_ace_coupling_type *t = &coupled->types[q->type];
    form_products(t, values + q->left, values + q->right, z);
    gather(t->noutputs, t->first, t->z, t->weight.data, z, values + q->out);
  }
}

/* Runs over the leaves q of a coupled form: own and other are the slots of its nodes. */
#define FOR_EACH_LEAF(coupled, row, q)                                                           \
  for (const xp_ace_row *row = (coupled)->rows; row < (coupled)->rows + (coupled)->nrows; ++row) \
    for (int q = row->first; q < row[1].first; ++q)

static void multiply_leaves(const xp_ace_coupled *coupled, const vec *values, vec *leaves) {
  FOR_EACH_LEAF(coupled, row, q) {
    const vec *x = values + row->slot, *y = values + coupled->leaf[q];
    vec sum = x[0] * y[0];
    for (int i = 1; i <= 2 * row->l; ++i) sum += x[i] * y[i];
    leaves[q] = sum;
  }
}

static void change_leaves(const xp_ace_coupled *coupled, const vec *values, const vec *tangents, vec *changes) {
  FOR_EACH_LEAF(coupled, row, q) {
    const vec *x = values + row->slot, *y = values + coupled->leaf[q];
    const vec *dx = tangents + row->slot, *dy = tangents + coupled->leaf[q];
    vec sum = dx[0] * y[0] + x[0] * dy[0];
    for (int i = 1; i <= 2 * row->l; ++i) sum += dx[i] * y[i] + x[i] * dy[i];
    changes[q] = sum;
  }
}

/* Densities from leaves and from the sums of rank 1. */
static void sum_densities(const xp_training_batch *batch, const vec *leaves, double *primitives, vec *densities) {
  const xp_training_centre *centre = batch->centre;
  int ndensity = centre->rule.ndensity;
  const double *c = batch->coefficients;
  for (int p = 0; p < ndensity; ++p) densities[p] = (vec){0};
  for (int q = 0; q < centre->coupled.nleaves; ++q, c += ndensity)
    for (int p = 0; p < ndensity; ++p) densities[p] += c[p] * leaves[q];
  for (int f = 0; f < centre->npair_functions && primitives; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    const xp_training_pair *pair = &centre->pairs[function->species];
    vec sum = *vectors(primitives, (size_t)(pair->primitive + function->k * xp_training_length(pair)));
    c = batch->parameters + centre->first + function->function * ndensity;
    for (int p = 0; p < ndensity; ++p) densities[p] += c[p] * sum;
  }
}

/* The product rule: products of either factor's change with the other's value. */
static void couple_changes(const xp_ace_coupled *coupled, const vec *values, vec *tangents, vec *z, vec *more) {
  for (const xp_ace_coupling *q = coupled->couplings; q < coupled->couplings + coupled->ncouplings; ++q) {
    const xp_ace_coupling_type *t = &coupled->types[q->type];
    form_products(t, tangents + q->left, values + q->right, z);
    form_products(t, values + q->left, tangents + q->right, more);
    for (int k = 0; k < t->nz; ++k) z[k] += more[k];
    gather(t->noutputs, t->first, t->z, t->weight.data, z, tangents + q->out);
  }
}

void XP_KERNEL(xp_training_changes)(xp_training_batch *batch, const void *values, double *motions) {
  vec *tangents = vectors(batch->tangents, 0), *z = vectors(batch->z, 0), *changes = vectors(batch->leaf_tangents, 0);
  couple_changes(&batch->centre->coupled, values, tangents, z, z + batch->fit->nz_max);
  change_leaves(&batch->centre->coupled, values, tangents, changes);
  sum_densities(batch, changes, motions, vectors(batch->density_tangents, 0));
}

void XP_KERNEL(xp_training_products)(xp_training_batch *batch, bool motion) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  vec *values = vectors(batch->values, 0), *leaves = vectors(batch->leaves, 0);
  couple(coupled, values, vectors(batch->z, 0));
  multiply_leaves(coupled, values, leaves);
  if (!batch->leaves_only) sum_densities(batch, leaves, batch->primitives, vectors(batch->densities, 0));
  if (motion) XP_KERNEL(xp_training_changes)(batch, values, batch->motions);
}

static vec leaf_weight(const double *c, const vec *weights, int ndensity) {
  vec sum = c[0] * weights[0];
  for (int p = 1; p < ndensity; ++p) sum += c[p] * weights[p];
  return sum;
}

/* Both nodes of a leaf get its adjoint times the other: adjoints by tangents from phi. */
static void leaves_back(const xp_training_batch *batch, const vec *values, vec *adjoints) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  int ndensity = batch->centre->rule.ndensity;
  FOR_EACH_LEAF(coupled, row, q) {
    vec phi = leaf_weight(batch->coefficients + q * ndensity, vectors(batch->phi, 0), ndensity);
    const vec *x = values + row->slot, *y = values + coupled->leaf[q];
    vec *dx = adjoints + row->slot, *dy = adjoints + coupled->leaf[q];
    for (int i = 0; i <= 2 * row->l; ++i) {
      vec mine = x[i], other = y[i];
      dx[i] += phi * other;
      dy[i] += phi * mine;
    }
  }
}

/* Adjoints by values: alpha times the other node, and phi times the change of the other node. */
static void leaves_back_second(const xp_training_batch *batch, const vec *values, const vec *tangents, vec *second) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  int ndensity = batch->centre->rule.ndensity;
  FOR_EACH_LEAF(coupled, row, q) {
    const double *c = batch->coefficients + q * ndensity;
    vec phi = leaf_weight(c, vectors(batch->phi, 0), ndensity);
    vec alpha = leaf_weight(c, vectors(batch->alpha, 0), ndensity);
    const vec *x = values + row->slot, *y = values + coupled->leaf[q];
    const vec *tx = tangents + row->slot, *ty = tangents + coupled->leaf[q];
    vec *dx = second + row->slot, *dy = second + coupled->leaf[q];
    for (int i = 0; i <= 2 * row->l; ++i) {
      vec mine = alpha * x[i] + phi * tx[i], other = alpha * y[i] + phi * ty[i];
      dx[i] += other;
      dy[i] += mine;
    }
  }
}

/* One coupling back: adjoints of the results to those of the factors. */
static void uncouple(const xp_ace_coupling_type *t, const xp_ace_coupling *q, const vec *left, const vec *right,
                     const vec *from, vec *to, vec *dz) {
  gather(t->nz, t->back_first, t->output, t->back_weight.data, from + q->out, dz);
  return_products(t, left + q->left, right + q->right, dz, to + q->left, to + q->right);
}

void XP_KERNEL(xp_training_back)(xp_training_batch *batch, bool with_second) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  vec *values = vectors(batch->values, 0), *tangents = vectors(batch->tangents, 0), *z = vectors(batch->z, 0);
  vec *adjoints = vectors(batch->adjoints, 0), *second = vectors(batch->second, 0);
  size_t bytes = (size_t)coupled->nslots * sizeof *adjoints;
  memset(adjoints, 0, bytes);
  leaves_back(batch, values, adjoints);
  if (with_second) {
    memset(second, 0, bytes);
    leaves_back_second(batch, values, tangents, second);
  }
  for (const xp_ace_coupling *q = coupled->couplings + coupled->ncouplings; q-- > coupled->couplings;) {
    const xp_ace_coupling_type *t = &coupled->types[q->type];
    if (with_second) {
      uncouple(t, q, values, values, second, second, z);
      uncouple(t, q, tangents, tangents, adjoints, second, z);
    }
    uncouple(t, q, values, values, adjoints, adjoints, z);
  }
}
