/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From distances to radial functions: tables, the contraction with the coefficients of the file, sums over neighbours. */
#include <string.h>

#include "ace/kernel_stages.h"
#include "ace/quintic.h"

/* Neighbours whose contraction shares the loads of coefficients: as many as the registers of the level allow. */
enum { TOGETHER = XP_KERNEL_LEVEL >= 4 ? XP_ACE_TOGETHER_MAX : 2 };

/* Where the rows of D distances are and their weights, lane by lane. */
typedef struct lookup {
  const double *rows[D];
  dvec value[6], derivative[6];
} lookup;

/* Kinds of segments that are not tables with wide bins, and padding, which gets zeros. */
static void look_up_rare(const xp_ace_batch *batch, const xp_ace_pair *pair, double r, int lane, lookup *look) {
  double *own = batch->exact + (size_t)lane * 6 * (size_t)batch->plan->row_max;
  xp_ace_lookup found = {.rows = own};
  if (r > 0.0) xp_ace_table_look_up(&pair->table, &pair->radial, r, own, batch->jets, &found);
  look->rows[lane] = found.rows;
  for (int k = 0; k < 6; ++k) {
    look->value[k][lane] = found.value[k];
    look->derivative[k][lane] = found.derivative[k];
  }
}

static void look_up(const xp_ace_batch *batch, const xp_ace_pair *pair, const double *distance, lookup *look) {
  const xp_ace_table *table = &pair->table;
  dvec t = (dvec){0}, inverse = t;
  unsigned rare = 0;
  for (int lane = 0; lane < D; ++lane) {
    double r = distance[lane];
    const xp_ace_segment *segment = xp_ace_table_segment(table, r);
    if (segment->kind != XP_ACE_SEGMENT_QUINTIC || !(r > 0.0)) {
      rare |= 1u << lane;
      continue;
    }
    double place = (r - segment->begin) * segment->inverse;
    int bin = (int)place < segment->nbins ? (int)place : segment->nbins - 1;
    t[lane] = place - bin;
    inverse[lane] = segment->inverse;
    look->rows[lane] = table->nodes + (segment->node + (size_t)bin) * 3 * (size_t)table->row;
  }
  XP_ACE_QUINTIC_VALUES(dvec, t, look->value);
  XP_ACE_QUINTIC_SLOPES(dvec, t, inverse, look->derivative);
  for (int lane = 0; lane < D && rare; ++lane)
    if (rare >> lane & 1u) look_up_rare(batch, pair, distance[lane], lane, look);
}

/* Interpolates D columns of D lanes: columns side by side, then turned into lanes. */
XP_INLINE void interpolate(const lookup *look, int row, int column, dvec *values, dvec *derivatives) {
  for (int lane = 0; lane < D; ++lane) {
    const double *rows = look->rows[lane] + column;
    values[lane] = derivatives[lane] = (dvec){0};
    for (int k = 0; k < 6; ++k) {
      dvec x = *(const dvec *)(rows + (size_t)k * (size_t)row);
      values[lane] += look->value[k][lane] * x;
      derivatives[lane] += look->derivative[k][lane] * x;
    }
  }
  dvec_transpose(values);
  dvec_transpose(derivatives);
}

/* g_k and their derivatives for one neighbour of every lane; sums [row] of g_k in double precision. */
static void basis_functions(const xp_ace_batch *batch, const xp_ace_pair *pair, int n, vec *basis, vec *slope) {
  lookup look;
  int row = pair->table.row, used = pair->nbase + 1;
  for (int part = 0; part < HALVES; ++part) {
    look_up(batch, pair, batch->distance + n * W + part * D, &look);
    for (int column = 0; column < used; column += D) {
      dvec values[D], derivatives[D];
      interpolate(&look, row, column, values, derivatives);
      for (int k = 0; k < D && column + k < used; ++k) {
        vec_store_part(&basis[column + k], part, values[k]);
        vec_store_part(&slope[column + k], part, derivatives[k]);
        double_vectors(batch->sums, (size_t)(column + k))[part] += values[k];
      }
    }
  }
}

/* R_nl of `count` neighbours, a tile of columns at a time. */
XP_INLINE void contract(const xp_ace_pair *pair, const vec *basis, size_t basis_stride, vec *radial, size_t stride,
                        int count) {
  const real *c = pair->matrix.data;
  for (int column = 0; column < pair->ncolumns; column += XP_ACE_TILE) {
    vec sum[TOGETHER][XP_ACE_TILE];
    for (int n = 0; n < count; ++n)
      for (int t = 0; t < XP_ACE_TILE; ++t) sum[n][t] = (vec){0};
    for (int k = 0; k < pair->nbase; ++k, c += XP_ACE_TILE)
      for (int n = 0; n < count; ++n) {
        vec g = basis[(size_t)n * basis_stride + (size_t)k];
        for (int t = 0; t < XP_ACE_TILE; ++t) sum[n][t] += c[t] * g;
      }
    for (int n = 0; n < count; ++n)
      for (int t = 0; t < XP_ACE_TILE; ++t) radial[(size_t)n * stride + (size_t)(column + t)] = sum[n][t];
  }
}

static void radial_functions(const xp_ace_batch *batch, const xp_ace_pair *pair, int first, int count) {
  size_t stride = xp_ace_radial_stride(batch->plan), basis_stride = (size_t)batch->plan->nbase_max + XP_ACE_ROW;
  vec *basis = vectors(batch->basis, 0), *radial = vectors(batch->radial, (size_t)first * stride);
  for (int n = 0; n < count; ++n)
    basis_functions(batch, pair, first + n, basis + (size_t)n * basis_stride,
                    vectors(batch->slope, (size_t)(first + n) * xp_ace_slope_stride(batch->plan)));
  if (count == TOGETHER)
    contract(pair, basis, basis_stride, radial, stride, TOGETHER);
  else
    contract(pair, basis, basis_stride, radial, stride, 1);
}

/* Rank-1 parts of the densities and the core repulsion, from the sums over the neighbours of one species. */
static void add_sums(xp_ace_batch *batch, const xp_ace_pair *pair) {
  int ndensity = batch->centre->rule.ndensity;
  dvec *rho = double_vectors(batch->densities, 0);
  const double *core = batch->sums + (size_t)pair->nbase * W;
  for (int p = 0; p < ndensity; ++p)
    for (int k = 0; k < pair->nbase; ++k)
      for (int part = 0; part < HALVES; ++part)
        rho[p * HALVES + part] += pair->density[p * pair->nbase + k] * double_vectors(batch->sums, (size_t)k)[part];
  for (int lane = 0; lane < W; ++lane) batch->core[lane].rho_core += core[lane];
}

void XP_KERNEL(xp_ace_radial_stage)(xp_ace_batch *batch) {
  memset(batch->densities, 0, (size_t)batch->centre->rule.ndensity * W * sizeof(double));
  for (int lane = 0; lane < W; ++lane) batch->core[lane].rho_core = 0.0;
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    memset(batch->sums, 0, (size_t)pair->table.row * W * sizeof(double));
    int n = batch->first[j], end = batch->first[j + 1];
    for (; n + TOGETHER <= end; n += TOGETHER) radial_functions(batch, pair, n, TOGETHER);
    for (; n < end; ++n) radial_functions(batch, pair, n, 1);
    add_sums(batch, pair);
  }
}
