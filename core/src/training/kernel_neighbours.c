/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From neighbours to the base A_nlm and back; formulas of ace.md sections 2, 6 and 10. */
#include <string.h>

#include "training/kernel_turning.h"
#include "training/scratch.h"

static void harmonics_stage(const xp_training_batch *batch, const xp_training_pair *pair, int begin, int end,
                            bool motion) {
  size_t stride = xp_training_harmonics_stride(batch->fit), basis = xp_training_basis_stride(batch->fit);
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->fit->lmax), *powers = vectors(batch->powers, 0);
  for (int n = begin; n < end; ++n) {
    size_t at = (size_t)n;
    const vec *unit = vectors(batch->unit, 3 * at), *v = vectors(batch->velocity, 3 * at);
    harmonic_polynomials(batch->fit->recursion.data, pair->lmax, unit, q, dq, powers);
    harmonic_values(pair->lmax, q, powers, vectors(batch->harmonics, at * stride));
    if (!motion) continue;
    turn(batch, pair->lmax, unit, *vectors(batch->inverse, at), v, vectors(batch->turning, at * stride));
    approach(unit, v, vectors(batch->slopes, at * basis), pair->nbase, vectors(batch->approach, at * basis));
  }
}

/* a_klm, and its change. */
static void sum_primitives(const xp_training_batch *batch, const xp_training_pair *pair, int begin, int end,
                           bool motion) {
  size_t y_stride = xp_training_harmonics_stride(batch->fit), g_stride = xp_training_basis_stride(batch->fit);
  size_t y_first = (size_t)begin * y_stride, g_first = (size_t)begin * g_stride;
  int length = xp_training_length(pair), count = end - begin;
  matrix g = {vectors(batch->basis, g_first), g_stride, 1}, y = {vectors(batch->harmonics, y_first), y_stride, 1};
  multiply_add(g, y, count, pair->nbase, length, vectors(batch->primitives, (size_t)pair->primitive), (size_t)length);
  if (!motion) return;
  matrix dg = {vectors(batch->approach, g_first), g_stride, 1}, dy = {vectors(batch->turning, y_first), y_stride, 1};
  vec *to = vectors(batch->motions, (size_t)pair->primitive);
  multiply_add(dg, y, count, pair->nbase, length, to, (size_t)length);
  multiply_add(g, dy, count, pair->nbase, length, to, (size_t)length);
}

/* A_nlm = sum_k c_nlk a_klm for all components of one (n, l). */
static void contract(const double *c, int nbase, const vec *a, size_t step, int length, vec *to) {
  for (int m = 0; m < length; ++m) {
    vec sum = (vec){0};
    for (int k = 0; k < nbase; ++k) sum += c[k] * a[(size_t)k * step + (size_t)m];
    to[m] = sum;
  }
}

static void base_stage(const xp_training_batch *batch, const xp_training_pair *pair, double *primitives,
                       double *values) {
  size_t step = (size_t)xp_training_length(pair);
  for (const xp_training_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b) {
    const vec *a = vectors(primitives, (size_t)(pair->primitive + b->l * b->l));
    for (int n = 0; n < b->count; ++n) {
      const double *c = batch->parameters + pair->first + (b->n[n] * (pair->bond_lmax + 1) + b->l) * pair->nbase;
      contract(c, pair->nbase, a, step, 2 * b->l + 1, vectors(values, (size_t)(b->slot + n * (2 * b->l + 1))));
    }
  }
}

void XP_KERNEL(xp_training_forward)(xp_training_batch *batch, bool motion) {
  size_t bytes = (size_t)batch->centre->nprimitives * sizeof(vec);
  memset(batch->primitives, 0, bytes);
  if (motion) memset(batch->motions, 0, bytes);
  for (int j = 0; j < batch->fit->nelements; ++j) {
    const xp_training_pair *pair = &batch->centre->pairs[j];
    harmonics_stage(batch, pair, batch->first[j], batch->first[j + 1], motion);
    sum_primitives(batch, pair, batch->first[j], batch->first[j + 1], motion);
    base_stage(batch, pair, batch->primitives, batch->values);
    if (motion) base_stage(batch, pair, batch->motions, batch->tangents);
  }
  XP_KERNEL(xp_training_products)(batch, motion);
}

/* Adjoints by a_klm from those by A_nlm and those of rank 1. */
static void spread_adjoints(const xp_training_batch *batch, const xp_training_pair *pair) {
  size_t step = (size_t)xp_training_length(pair);
  for (const xp_training_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
    for (int n = 0; n < b->count; ++n) {
      const double *c = batch->parameters + pair->first + (b->n[n] * (pair->bond_lmax + 1) + b->l) * pair->nbase;
      const vec *from = vectors(batch->adjoints, (size_t)(b->slot + n * (2 * b->l + 1)));
      vec *to = vectors(batch->contracted, (size_t)(pair->primitive + b->l * b->l));
      for (int k = 0; k < pair->nbase; ++k)
        for (int m = 0; m <= 2 * b->l; ++m) to[(size_t)k * step + (size_t)m] += c[k] * from[m];
    }
}

static void spread_rank_one(const xp_training_batch *batch) {
  const xp_training_centre *centre = batch->centre;
  int ndensity = centre->rule.ndensity;
  for (int f = 0; f < centre->npair_functions; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    const xp_training_pair *pair = &centre->pairs[function->species];
    const double *c = batch->parameters + centre->first + function->function * ndensity;
    vec *to = vectors(batch->contracted, (size_t)(pair->primitive + function->k * xp_training_length(pair)));
    for (int p = 0; p < ndensity; ++p) *to += c[p] * *vectors(batch->phi, (size_t)p);
  }
}

/* What a component of adjoints with g' and with g contributes to the slope along the bond and to the free gradient. */
static void finish_neighbour(const xp_training_batch *batch, int lmax, size_t n) {
  size_t stride = xp_training_harmonics_stride(batch->fit);
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->fit->lmax), *powers = vectors(batch->powers, 0);
  const vec *unit = vectors(batch->unit, 3 * n), *across = vectors(batch->sums, 2 * n * stride);
  const vec *along = across + stride, *y = vectors(batch->harmonics, n * stride);
  vec slope = (vec){0}, x = slope, yy = slope, z = slope, *out = vectors(batch->gradient, 3 * n);
  harmonic_polynomials(batch->fit->recursion.data, lmax, unit, q, dq, powers);
  for (int i = 0; i < (lmax + 1) * (lmax + 1); ++i) slope += along[i] * y[i];
  for (int l = 0, at = 0, i = 0; l <= lmax; ++l) {
    z += across[i++] * dq[at++];
    for (int m = 1; m <= l; ++m, ++at, i += 2) {
      vec c = across[i], s = across[i + 1], mq = (real)m * q[at];
      const vec *below = powers + 2 * m - 2;
      z += dq[at] * (c * powers[2 * m] + s * powers[2 * m + 1]);
      x += mq * (c * below[0] + s * below[1]);
      yy += mq * (s * below[0] - c * below[1]);
    }
  }
  vec inverse = *vectors(batch->inverse, n);
  vec direction = slope - inverse * (x * unit[0] + yy * unit[1] + z * unit[2]);
  out[0] = direction * unit[0] + inverse * x;
  out[1] = direction * unit[1] + inverse * yy;
  out[2] = direction * unit[2] + inverse * z;
}

/* The two sums over k of all components of all neighbours of a pair. */
static void sum_adjoints(const xp_training_batch *batch, const xp_training_pair *pair, int begin, int end) {
  size_t y_stride = xp_training_harmonics_stride(batch->fit), g_stride = xp_training_basis_stride(batch->fit);
  int length = xp_training_length(pair), count = end - begin;
  if (count == 0) return; /* a free atom may be the first, when there is no memory yet */
  vec *sums = vectors(batch->sums, 2 * (size_t)begin * y_stride);
  matrix w = {vectors(batch->contracted, (size_t)pair->primitive), (size_t)length, 1};
  matrix g = {vectors(batch->basis, (size_t)begin * g_stride), 1, g_stride};
  matrix dg = {vectors(batch->slopes, (size_t)begin * g_stride), 1, g_stride};
  memset(sums, 0, 2 * (size_t)count * y_stride * sizeof *sums);
  multiply_add(g, w, pair->nbase, count, length, sums, 2 * y_stride);
  multiply_add(dg, w, pair->nbase, count, length, sums + y_stride, 2 * y_stride);
}

void XP_KERNEL(xp_training_gradients)(xp_training_batch *batch) {
  memset(batch->contracted, 0, (size_t)batch->centre->nprimitives * sizeof(vec));
  XP_KERNEL(xp_training_back)(batch, false);
  spread_rank_one(batch);
  for (int j = 0; j < batch->fit->nelements; ++j) {
    const xp_training_pair *pair = &batch->centre->pairs[j];
    spread_adjoints(batch, pair);
    sum_adjoints(batch, pair, batch->first[j], batch->first[j + 1]);
    for (int n = batch->first[j]; n < batch->first[j + 1]; ++n) finish_neighbour(batch, pair->lmax, (size_t)n);
  }
}

/* dc_nlk += sum_m second_nlm a_klm + adjoint_nlm change of a_klm. */
static void add_radial(const xp_training_batch *batch, const xp_training_pair *pair) {
  size_t step = (size_t)xp_training_length(pair);
  for (const xp_training_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
    for (int n = 0; n < b->count; ++n) {
      size_t slot = (size_t)(b->slot + n * (2 * b->l + 1)), at = (size_t)(pair->primitive + b->l * b->l);
      const vec *second = vectors(batch->second, slot), *adjoint = vectors(batch->adjoints, slot);
      vec *to = vectors(batch->radial_gradient,
                        (size_t)(pair->first + (b->n[n] * (pair->bond_lmax + 1) + b->l) * pair->nbase));
      for (int k = 0; k < pair->nbase; ++k, at += step) {
        const vec *a = vectors(batch->primitives, at), *change = vectors(batch->motions, at);
        vec sum = to[k];
        for (int m = 0; m <= 2 * b->l; ++m) sum += second[m] * a[m] + adjoint[m] * change[m];
        to[k] = sum;
      }
    }
}

void XP_KERNEL(xp_training_parameters)(xp_training_batch *batch, bool radial) {
  const xp_training_centre *centre = batch->centre;
  int ndensity = centre->rule.ndensity;
  const vec *alpha = vectors(batch->alpha, 0), *phi = vectors(batch->phi, 0);
  for (int q = 0; q < centre->coupled.nleaves; ++q) {
    double constant = ((const double *)centre->coupled.coefficient.data)[q];
    vec value = constant * *vectors(batch->leaves, (size_t)q),
        change = constant * *vectors(batch->leaf_tangents, (size_t)q);
    vec *to = vectors(batch->function_gradient, (size_t)(centre->leaf_function[q] * ndensity));
    for (int p = 0; p < ndensity; ++p) to[p] += alpha[p] * value + phi[p] * change;
  }
  for (int f = 0; f < centre->npair_functions; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    const xp_training_pair *pair = &centre->pairs[function->species];
    size_t at = (size_t)(pair->primitive + function->k * xp_training_length(pair));
    vec value = *vectors(batch->primitives, at), change = *vectors(batch->motions, at);
    vec *to = vectors(batch->function_gradient, (size_t)(function->function * ndensity));
    for (int p = 0; p < ndensity; ++p) to[p] += alpha[p] * value + phi[p] * change;
  }
  if (!radial) return;
  XP_KERNEL(xp_training_back)(batch, true);
  for (int j = 0; j < batch->fit->nelements; ++j) add_radial(batch, &centre->pairs[j]);
}

int XP_KERNEL(xp_training_lanes)(void) {
  return W;
}
