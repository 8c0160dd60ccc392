/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From distances to the radial functions g_k, all lanes at once. */
#include "ace/quintic.h"
#include "training/kernel_stages.h"
#include "training/scratch.h"

/* Where the rows of the neighbours in all lanes are, and their weights. */
typedef struct lookup {
  const double *rows[W];
  vec value[6], derivative[6];
} lookup;

/* Distances that no table with wide bins holds, and padding, which gets weights of zero. */
static void look_up_rare(const xp_training_radial_row *radial, int lane, lookup *look) {
  const xp_training_pair *pair = radial->pair;
  double *own = radial->own + (size_t)lane * radial->own_stride, r = radial->distances[lane];
  xp_ace_lookup found = {.rows = own};
  if (r > 0.0) xp_ace_table_look_up(&pair->table, &pair->radial, r, own, radial->jets, &found);
  look->rows[lane] = found.rows;
  for (int i = 0; i < 6; ++i) {
    look->value[i][lane] = found.value[i];
    look->derivative[i][lane] = found.derivative[i];
  }
}

static void look_up(const xp_training_radial_row *radial, lookup *look) {
  const xp_ace_table *table = &radial->pair->table;
  vec t = (vec){0}, inverse = t;
  unsigned rare = 0;
  for (int lane = 0; lane < W; ++lane) {
    const double r = radial->distances[lane];
    const xp_ace_segment *segment = xp_ace_table_segment(table, r);
    if (segment->kind != XP_ACE_SEGMENT_QUINTIC || !(r > 0.0)) {
      rare |= 1u << lane;
      continue;
    }
    const double place = (r - segment->begin) * segment->inverse;
    const int bin = (int)place < segment->nbins ? (int)place : segment->nbins - 1;
    t[lane] = place - bin;
    inverse[lane] = segment->inverse;
    look->rows[lane] = table->nodes + (segment->node + (size_t)bin) * 3 * (size_t)table->row;
  }
  XP_ACE_QUINTIC_VALUES(vec, t, look->value);
  if (radial->slopes) XP_ACE_QUINTIC_SLOPES(vec, t, inverse, look->derivative);
  for (int lane = 0; lane < W && rare; ++lane)
    if (rare >> lane & 1u) look_up_rare(radial, lane, look);
}

/* Weighted sums of the rows of every lane for W columns from k on, turned from functions to lanes. */
XP_INLINE void interpolate_columns(const lookup *look, const vec *weights, int row, int k, vec sums[W]) {
  for (int lane = 0; lane < W; ++lane) {
    sums[lane] = (vec){0};
    for (int i = 0; i < 6; ++i) {
      vec values;
      __builtin_memcpy(&values, look->rows[lane] + i * row + k, sizeof values);
      sums[lane] += weights[i][lane] * values;
    }
  }
  dvec_transpose(sums);
}

/* Rows are padded to whole vectors. */
static void interpolate(const lookup *look, const vec *weights, const xp_training_pair *pair, vec *to) {
  vec sums[W];
  for (int k = 0; k < pair->nbase; k += W) {
    interpolate_columns(look, weights, pair->table.row, k, sums);
    for (int i = 0; i < W && k + i < pair->nbase; ++i) to[k + i] = sums[i];
  }
}

void XP_KERNEL(xp_training_interpolate)(const xp_training_radial_row *radial) {
  lookup look;
  look_up(radial, &look);
  interpolate(&look, look.value, radial->pair, vectors(radial->basis, 0));
  if (radial->slopes) interpolate(&look, look.derivative, radial->pair, vectors(radial->slopes, 0));
}

typedef long mask __attribute__((vector_size(8 * XP_DOUBLES), may_alias));

/* A displacement in every lane becomes a direction; padding is a displacement of zero. */
XP_INLINE void normalise(vec d[3], vec *inverse, double *distances) {
  const vec square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], one = vec_all(1.0);
  const mask padding = square == (vec){0};
  vec divisor;
  for (int lane = 0; lane < W; ++lane) {
    distances[lane] = __builtin_sqrt(square[lane]);
    divisor[lane] = distances[lane];
  }
  divisor += (vec)(padding & (mask)one);
  *inverse = (vec)(~padding & (mask)(one / divisor));
  for (int i = 0; i < 3; ++i) d[i] *= *inverse;
  d[2] += (vec)(padding & (mask)one);
}

void XP_KERNEL(xp_training_place)(xp_ace_fit_scratch *s) {
  const xp_training_batch *batch = &s->batch;
  xp_training_radial_row radial = {
      .distances = s->distances, .own = s->own, .own_stride = 6 * (size_t)batch->fit->row_max, .jets = s->jets};
  for (int j = 0; j < batch->fit->nelements; ++j)
    for (int row = batch->first[j]; row < batch->first[j + 1]; ++row) {
      const size_t at = (size_t)row;
      normalise(vectors(batch->unit, 3 * at), vectors(batch->inverse, at), s->distances);
      radial.pair = &batch->centre->pairs[j];
      radial.basis = batch->basis + at * xp_training_basis_stride(batch->fit) * W;
      XP_KERNEL(xp_training_interpolate)(&radial);
    }
}
