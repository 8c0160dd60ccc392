/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients of the neighbours from the adjoints of the base.
 *
 * For a neighbour, dE = sum_nlm adjoint_nlm d(R_nl Y_lm). The adjoints are contracted with R_nl over n, and with the radial
 * basis: adjoint_klm = sum_n adjoint_nlm c_nlk is made once an atom, so that R'_nl are never needed, only the few g'_k. Then
 * the sums over l, and only then the powers (x + i y)^m: no (n, l, m) ever sees three Cartesian components. A few neighbours
 * go together, so that adjoints are loaded once for all of them. */
#include <string.h>

#include "ace/kernel_harmonics.h"
#include "ace/kernel_stages.h"

/* Neighbours at a time, and components that share their loads: what fits the registers of the level. */
enum { TOGETHER = XP_ACE_TOGETHER_MAX, COMPONENTS = XP_KERNEL_LEVEL >= 4 ? 4 : 2 };

/* adjoint_klm for `tile` neighbouring k of one component: from adjoints of all n. */
XP_INLINE void contract_tile(const xp_ace_pair *pair, const xp_ace_block *b, const vec *adjoint, int k, int tile,
                             vec *to) {
  enum { TILE = 4 };
  const real *matrix = pair->matrix.data;
  vec sum[TILE];
  for (int t = 0; t < tile; ++t) sum[t] = (vec){0};
  for (int n = 0; n < b->count; ++n, adjoint += 2 * b->l + 1) {
    int column = b->column + n;
    const real *c = matrix + (column / XP_ACE_TILE * pair->nbase + k) * XP_ACE_TILE + column % XP_ACE_TILE;
    for (int t = 0; t < tile; ++t) sum[t] += c[t * XP_ACE_TILE] * *adjoint;
  }
  for (int t = 0; t < tile; ++t) to[t] = sum[t];
}

/* Adjoints of all components of a pair, contracted with the radial basis. */
static void contract_adjoints(const xp_ace_batch *batch, const xp_ace_pair *pair) {
  vec *to = vectors(batch->contracted, 0);
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
    for (int i = 0; i <= 2 * b->l; ++i, to += pair->nbase) {
      const vec *adjoint = vectors(batch->adjoints, (size_t)(b->slot + i));
      int k = 0;
      for (; k + 4 <= pair->nbase; k += 4) contract_tile(pair, b, adjoint, k, 4, to + k);
      for (; k < pair->nbase; ++k) contract_tile(pair, b, adjoint, k, 1, to + k);
    }
}

/* sums[component][TOGETHER] = dot products of `width` components with functions of `count` neighbours: a small matrix product
 * in registers. Components are row apart in weights, their terms step. */
XP_INLINE void multiply_tile(const vec *weights, size_t row, size_t step, int length, const vec *functions,
                             size_t stride, int width, int count, vec *sums) {
  vec sum[COMPONENTS][TOGETHER];
  for (int i = 0; i < width; ++i)
    for (int n = 0; n < count; ++n) sum[i][n] = (vec){0};
  for (int k = 0; k < length; ++k, weights += step, ++functions)
    for (int n = 0; n < count; ++n) {
      vec f = functions[(size_t)n * stride];
      for (int i = 0; i < width; ++i) sum[i][n] += weights[(size_t)i * row] * f;
    }
  for (int i = 0; i < width; ++i)
    for (int n = 0; n < count; ++n) sums[i * TOGETHER + n] = sum[i][n];
}

XP_INLINE void multiply(const vec *weights, size_t row, size_t step, int length, const vec *functions, size_t stride,
                        int components, int count, vec *sums) {
  int i = 0;
  for (; i + COMPONENTS <= components; i += COMPONENTS)
    multiply_tile(weights + (size_t)i * row, row, step, length, functions, stride, COMPONENTS, count,
                  sums + i * TOGETHER);
  for (; i < components; ++i)
    multiply_tile(weights + (size_t)i * row, row, step, length, functions, stride, 1, count, sums + i * TOGETHER);
}

/* What the derivatives of a few neighbours are made from: sums [component][TOGETHER] of adjoints with R' and with R, where
 * component l^2 is m = 0 and l^2 + 2m - 1 the first of m; Q_lm, dQ_lm and powers of one neighbour. */
typedef struct group {
  vec *along, *across;
  vec *q, *dq, *powers;
  int lmax;
} group;

/* The two kinds of sums for all blocks; those of missing l are zero. */
XP_INLINE void multiply_blocks(const xp_ace_batch *batch, const xp_ace_pair *pair, const group *g, int first,
                               int count) {
  size_t slope_stride = xp_ace_slope_stride(batch->plan), radial_stride = xp_ace_radial_stride(batch->plan);
  const vec *slope = vectors(batch->slope, (size_t)first * slope_stride);
  const vec *radial = vectors(batch->radial, (size_t)first * radial_stride),
            *contracted = vectors(batch->contracted, 0);
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b) {
    int length = 2 * b->l + 1, at = b->l * b->l * TOGETHER;
    multiply(contracted, (size_t)pair->nbase, 1, pair->nbase, slope, slope_stride, length, count, g->along + at);
    multiply(vectors(batch->adjoints, (size_t)b->slot), 1, (size_t)length, b->count, radial + b->column, radial_stride,
             length, count, g->across + at);
    contracted += length * pair->nbase;
  }
}

/* Sums over l of one m of one neighbour, multiplied with the powers of its direction: the slope along it and the free
 * gradient, whose part along the direction is not taken off yet. */
XP_INLINE void finish_m(const group *g, int m, int n, vec *slope, vec free[3]) {
  vec radial_c = (vec){0}, radial_s = radial_c, angular_c = radial_c, angular_s = radial_c, polar_c = radial_c,
      polar_s = radial_c;
  for (int l = m; l <= g->lmax; ++l) {
    int at = (l * l + (m ? 2 * m - 1 : 0)) * TOGETHER + n, lm = l * (l + 1) / 2 + m;
    vec q = g->q[lm], dq = g->dq[lm];
    radial_c += g->along[at] * q;
    angular_c += g->across[at] * q;
    polar_c += g->across[at] * dq;
    if (m == 0) continue;
    radial_s += g->along[at + TOGETHER] * q;
    angular_s += g->across[at + TOGETHER] * q;
    polar_s += g->across[at + TOGETHER] * dq;
  }
  vec re = g->powers[2 * m], im = g->powers[2 * m + 1];
  *slope += radial_c * re + radial_s * im;
  free[2] += polar_c * re + polar_s * im;
  if (m == 0) return;
  vec below_re = g->powers[2 * m - 2], below_im = g->powers[2 * m - 1];
  free[0] += (real)m * (angular_c * below_re + angular_s * below_im);
  free[1] += (real)m * (angular_s * below_re - angular_c * below_im);
}

/* weights [nbase + 1]: what the slopes of the radial basis and of the core count by themselves. */
static void finish_neighbour(const xp_ace_batch *batch, const xp_ace_pair *pair, const group *g, const vec *weights,
                             int first, int n) {
  size_t neighbour = (size_t)(first + n);
  const vec *unit = vectors(batch->unit, neighbour * 3);
  const vec *d = vectors(batch->slope, neighbour * xp_ace_slope_stride(batch->plan));
  vec *out = vectors(batch->gradient, neighbour * 3), slope = (vec){0}, free[3] = {{0}};
  for (int k = 0; k <= pair->nbase; ++k) slope += weights[k] * d[k];
  if (pair->lmax >= 0) {
    harmonic_polynomials(batch->plan->recursion.data, pair->lmax, unit, g->q, g->dq, g->powers);
    finish_m(g, 0, n, &slope, free);
    for (int m = 1; m <= pair->lmax; ++m) finish_m(g, m, n, &slope, free);
  }
  vec inverse = *vectors(batch->inverse, neighbour);
  vec along = slope - inverse * (free[0] * unit[0] + free[1] * unit[1] + free[2] * unit[2]);
  for (int i = 0; i < 3; ++i) out[i] = along * unit[i] + inverse * free[i];
}

XP_INLINE void gradients_of(const xp_ace_batch *batch, const xp_ace_pair *pair, const vec *weights, int first,
                            int count) {
  int lmax = batch->plan->lmax, components = (lmax + 1) * (lmax + 1) * TOGETHER;
  group g = {.along = vectors(batch->projected, 0),
             .across = vectors(batch->projected, (size_t)components),
             .q = vectors(batch->polynomials, 0),
             .dq = vectors(batch->polynomials, (size_t)lm_count(lmax)),
             .powers = vectors(batch->powers, 0),
             .lmax = pair->lmax};
  multiply_blocks(batch, pair, &g, first, count);
  for (int n = 0; n < count; ++n) finish_neighbour(batch, pair, &g, weights, first, n);
}

/* Slopes of the rank-1 parts in terms of the radial basis, and of the core. */
static void own_weights(const xp_ace_batch *batch, const xp_ace_pair *pair, vec *weights) {
  const dvec *slopes = double_vectors(batch->slopes, 0);
  for (int k = 0; k < pair->nbase; ++k) {
    dvec sum[HALVES];
    for (int part = 0; part < HALVES; ++part) sum[part] = (dvec){0};
    for (int p = 0; p < batch->centre->rule.ndensity; ++p)
      for (int part = 0; part < HALVES; ++part)
        sum[part] += pair->density[p * pair->nbase + k] * slopes[p * HALVES + part];
    weights[k] = vec_round(sum);
  }
  for (int lane = 0; lane < W; ++lane) weights[pair->nbase][lane] = (real)batch->result[lane].core_slope;
}

/* Sums of those l between 0 and the largest that no function uses. */
static void clear_missing(const xp_ace_batch *batch, const xp_ace_pair *pair) {
  if (pair->nblocks == pair->lmax + 1) return;
  int lmax = batch->plan->lmax;
  size_t bytes = 2 * (size_t)((lmax + 1) * (lmax + 1) * TOGETHER) * sizeof(vec);
  memset(batch->projected, 0, bytes);
}

void XP_KERNEL(xp_ace_gradient_stage)(const xp_ace_batch *batch) {
  vec *weights = vectors(batch->basis, 0);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    int n = batch->first[j], end = batch->first[j + 1];
    if (n == end) continue;
    own_weights(batch, pair, weights);
    contract_adjoints(batch, pair);
    clear_missing(batch, pair);
    for (; n + TOGETHER <= end; n += TOGETHER) gradients_of(batch, pair, weights, n, TOGETHER);
    for (; n < end; ++n) gradients_of(batch, pair, weights, n, 1);
  }
}
