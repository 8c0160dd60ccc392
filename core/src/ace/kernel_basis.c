/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spherical harmonics and the base A_nl = sum over neighbours of R_nl Y_l. */
#include "ace/kernel_harmonics.h"
#include "ace/kernel_stages.h"

static void harmonics_of(const xp_ace_batch *batch, int lmax, const vec *unit, vec *y) {
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->plan->lmax), *powers = vectors(batch->powers, 0);
  harmonic_polynomials(batch->plan->recursion.data, lmax, unit, q, dq, powers);
  harmonic_values(lmax, q, powers, y);
}

void XP_KERNEL(xp_ace_harmonics_stage)(const xp_ace_batch *batch) {
  size_t stride = xp_ace_harmonics_stride(batch->plan);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    int lmax = batch->centre->pairs[j].lmax;
    for (int n = batch->first[j]; n < batch->first[j + 1] && lmax >= 0; ++n)
      harmonics_of(batch, lmax, vectors(batch->unit, (size_t)n * 3), vectors(batch->harmonics, (size_t)n * stride));
  }
}

/* Neighbours whose terms are summed in the kernel's precision before they are added in double. */
enum { AT_ONCE = 8 };

/* Sums of R Y over neighbours for a tile of n and of components, kept in registers. step: from n to n in a. */
XP_INLINE void accumulate(const vec *r, size_t r_stride, const vec *y, size_t y_stride, int count, int tile, int width,
                          vec *a, int step) {
  dvec total[4][2][HALVES];
  for (int t = 0; t < tile; ++t)
    for (int i = 0; i < width; ++i)
      for (int h = 0; h < HALVES; ++h) total[t][i][h] = (dvec){0};
  for (int begin = 0; begin < count; begin += AT_ONCE) {
    vec sum[4][2];
    for (int t = 0; t < tile; ++t)
      for (int i = 0; i < width; ++i) sum[t][i] = (vec){0};
    for (int n = begin; n < count && n < begin + AT_ONCE; ++n, r += r_stride, y += y_stride)
      for (int t = 0; t < tile; ++t)
        for (int i = 0; i < width; ++i) sum[t][i] += r[t] * y[i];
    for (int t = 0; t < tile; ++t)
      for (int i = 0; i < width; ++i) vec_add_to(total[t][i], &sum[t][i]);
  }
  for (int t = 0; t < tile; ++t)
    for (int i = 0; i < width; ++i) a[t * step + i] = vec_round(total[t][i]);
}

/* All components of a tile of n. */
XP_INLINE void accumulate_tile(const vec *r, size_t r_stride, const vec *y, size_t y_stride, int count, int tile,
                               int length, vec *a) {
  accumulate(r, r_stride, y, y_stride, count, tile, 1, a, length);
  for (int i = 1; i < length; i += 2) accumulate(r, r_stride, y + i, y_stride, count, tile, 2, a + i, length);
}

void XP_KERNEL(xp_ace_basis_stage)(const xp_ace_batch *batch) {
  size_t y_stride = xp_ace_harmonics_stride(batch->plan), r_stride = xp_ace_radial_stride(batch->plan);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    int count = batch->first[j + 1] - batch->first[j];
    for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b) {
      const vec *r = vectors(batch->radial, (size_t)batch->first[j] * r_stride + (size_t)b->column);
      const vec *y = vectors(batch->harmonics, (size_t)batch->first[j] * y_stride + (size_t)(b->l * b->l));
      vec *a = vectors(batch->values, (size_t)b->slot);
      int n = 0, length = 2 * b->l + 1;
      for (; n + 4 <= b->count; n += 4) accumulate_tile(r + n, r_stride, y, y_stride, count, 4, length, a + n * length);
      for (; n < b->count; ++n) accumulate_tile(r + n, r_stride, y, y_stride, count, 1, length, a + n * length);
    }
  }
}
