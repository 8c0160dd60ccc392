/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients of the neighbours from the adjoints of the base.
 *
 * For a neighbour, dE = sum_nlm adjoint_nlm d(R_nl Y_lm). The adjoints are contracted with R_nl over n, and with the radial
 * basis: adjoint_klm = sum_n adjoint_nlm c_nlk is made once an atom, so that R'_nl are never needed, only the few g'_k. Then
 * the sums over l, and only then the powers (x + i y)^m: no (n, l, m) ever sees three Cartesian components. */
#include "ace/kernel_stages.h"
#include "ace/model.h"

/* Neighbours at a time: what fits the registers of the level. */
enum { TOGETHER = XP_KERNEL_LEVEL >= 4 ? XP_ACE_TOGETHER_MAX : 2 };

/* Columns of by_m. */
enum { POWER_RE, POWER_IM, RADIAL_C, RADIAL_S, ANGULAR_C, ANGULAR_S, POLAR_C, POLAR_S, BY_M };

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

/* What the derivatives of a few neighbours are made from. */
typedef struct group {
  const vec *slope;  /* [neighbour][slope_stride] g'_k */
  const vec *radial; /* [neighbour][radial_stride] R_nl */
  size_t slope_stride, radial_stride;
  vec *q;         /* [neighbour][2][lm] Q_lm, then dQ_lm */
  vec *by_m;      /* [neighbour][lmax+1][BY_M] */
  int lm, powers; /* vectors of one neighbour in q / 2 and by_m / BY_M */
} group;

/* Dot products of `width` components with g' and with R for `count` neighbours. step: from n to n in adjoint. */
XP_INLINE void project(const vec *weights, int length, int step, int row, const vec *functions, size_t stride,
                       int count, int width, vec sums[][2]) {
  for (int n = 0; n < count; ++n)
    for (int i = 0; i < width; ++i) sums[n][i] = (vec){0};
  for (int k = 0; k < length; ++k)
    for (int n = 0; n < count; ++n)
      for (int i = 0; i < width; ++i)
        sums[n][i] += weights[(size_t)k * (size_t)step + (size_t)(i * row)] * functions[(size_t)n * stride + (size_t)k];
}

/* Adds one (l, m) to the sums over l; width 1 for m = 0, which has no imaginary part. */
XP_INLINE void add_harmonic(const group *g, const xp_ace_pair *pair, const xp_ace_block *b, int m,
                            const vec *contracted, const vec *adjoint, int count, int width) {
  vec along[XP_ACE_TOGETHER_MAX][2], across[XP_ACE_TOGETHER_MAX][2];
  project(contracted, pair->nbase, 1, pair->nbase, g->slope, g->slope_stride, count, width, along);
  project(adjoint, b->count, 2 * b->l + 1, 1, g->radial + b->column, g->radial_stride, count, width, across);
  int at = b->l * (b->l + 1) / 2 + m;
  for (int n = 0; n < count; ++n) {
    vec *s = g->by_m + (n * g->powers + m) * BY_M;
    vec q = g->q[2 * n * g->lm + at], dq = g->q[(2 * n + 1) * g->lm + at];
    for (int i = 0; i < width; ++i) {
      s[RADIAL_C + i] += along[n][i] * q;
      s[ANGULAR_C + i] += across[n][i] * q;
      s[POLAR_C + i] += across[n][i] * dq;
    }
  }
}

XP_INLINE void add_blocks(const xp_ace_batch *batch, const xp_ace_pair *pair, const group *g, int count) {
  const vec *contracted = vectors(batch->contracted, 0);
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b) {
    const vec *adjoint = vectors(batch->adjoints, (size_t)b->slot);
    add_harmonic(g, pair, b, 0, contracted, adjoint, count, 1);
    contracted += pair->nbase;
    for (int m = 1; m <= b->l; ++m, contracted += 2 * pair->nbase)
      add_harmonic(g, pair, b, m, contracted, adjoint + 2 * m - 1, count, 2);
  }
}

static void start_sums(const xp_ace_batch *batch, const xp_ace_pair *pair, const group *g, int first, int count) {
  for (int n = 0; n < count; ++n) {
    vec *by_m = g->by_m + n * g->powers * BY_M, *q = g->q + 2 * n * g->lm;
    XP_KERNEL(xp_ace_polynomials)
    (batch->plan, pair->lmax, vectors(batch->unit, (size_t)(first + n) * 3), q, q + g->lm, by_m, BY_M);
    for (int m = 0; m <= pair->lmax; ++m)
      for (int k = RADIAL_C; k < BY_M; ++k) by_m[m * BY_M + k] = (vec){0};
  }
}

/* Radial slope and free gradient (before taking the part along u off) of the sums in by_m. */
static void finish_sums(const vec *by_m, int lmax, vec *slope, vec free[3]) {
  for (int m = 0; m <= lmax; ++m) {
    const vec *s = by_m + m * BY_M;
    *slope += s[RADIAL_C] * s[POWER_RE] + s[RADIAL_S] * s[POWER_IM];
    free[2] += s[POLAR_C] * s[POWER_RE] + s[POLAR_S] * s[POWER_IM];
    if (m == 0) continue;
    const vec *below = s - BY_M;
    free[0] += (real)m * (s[ANGULAR_C] * below[POWER_RE] + s[ANGULAR_S] * below[POWER_IM]);
    free[1] += (real)m * (s[ANGULAR_S] * below[POWER_RE] - s[ANGULAR_C] * below[POWER_IM]);
  }
}

/* weights [nbase + 1]: what the slopes of the radial basis and of the core count by themselves. */
static void finish_neighbour(const xp_ace_batch *batch, const xp_ace_pair *pair, const group *g, const vec *weights,
                             int first, int n) {
  const vec *unit = vectors(batch->unit, (size_t)(first + n) * 3), *d = g->slope + (size_t)n * g->slope_stride;
  vec *out = vectors(batch->gradient, (size_t)(first + n) * 3);
  vec slope = (vec){0}, free[3] = {{0}};
  for (int k = 0; k <= pair->nbase; ++k) slope += weights[k] * d[k];
  if (pair->lmax >= 0) finish_sums(g->by_m + n * g->powers * BY_M, pair->lmax, &slope, free);
  vec inverse = *vectors(batch->inverse, (size_t)(first + n));
  vec along = slope - inverse * (free[0] * unit[0] + free[1] * unit[1] + free[2] * unit[2]);
  for (int i = 0; i < 3; ++i) out[i] = along * unit[i] + inverse * free[i];
}

XP_INLINE void gradients_of(const xp_ace_batch *batch, const xp_ace_pair *pair, const vec *weights, int first,
                            int count) {
  size_t slope_stride = xp_ace_slope_stride(batch->plan), radial_stride = xp_ace_radial_stride(batch->plan);
  group g = {.slope = vectors(batch->slope, (size_t)first * slope_stride),
             .radial = vectors(batch->radial, (size_t)first * radial_stride),
             .slope_stride = slope_stride,
             .radial_stride = radial_stride,
             .q = vectors(batch->polynomials, 0),
             .by_m = vectors(batch->by_m, 0),
             .lm = lm_count(batch->plan->lmax),
             .powers = batch->plan->lmax + 1};
  if (pair->lmax >= 0) {
    start_sums(batch, pair, &g, first, count);
    add_blocks(batch, pair, &g, count);
  }
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

void XP_KERNEL(xp_ace_gradient_stage)(const xp_ace_batch *batch) {
  vec *weights = vectors(batch->basis, 0);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    int n = batch->first[j], end = batch->first[j + 1];
    if (n == end) continue;
    own_weights(batch, pair, weights);
    contract_adjoints(batch, pair);
    for (; n + TOGETHER <= end; n += TOGETHER) gradients_of(batch, pair, weights, n, TOGETHER);
    for (; n < end; ++n) gradients_of(batch, pair, weights, n, 1);
  }
}
