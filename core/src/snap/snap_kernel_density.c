/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The density expansion: moments of the neighbours, then V by the coefficients of snap_moments.h. */
#include <stdbool.h>
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_levels.h"

/* Most n of a strip of width 2 whose sums, four for each n, fit in the registers together with the factors. */
enum { MOST_TOGETHER = XP_KERNEL_LEVEL >= 4 ? 5 : 2 };

/* The moments of a strip from a block of slots; count and width are known to the compiler, so that the sums stay in
 * registers. */
static inline __attribute__((always_inline)) void add_strip(int count, int width, const lanes *x, const lanes *f,
                                                            const lanes *t, int stride, int nslots, lanes *moments) {
  vec sums[2][XP_SNAP_MOMENTS][2] = {{{{0}}}};
  for (int slot = 0; slot < nslots; ++slot, x += stride, f += stride, t += stride)
    for (int w = 0; w < width; ++w) {
      if (count == 1) {
        sums[w][0][0] += x[w] * f[0];
        sums[w][0][1] += x[w] * f[1];
        continue;
      }
      vec re = x[w] * f[0], im = x[w] * f[1];
      sums[w][0][0] += re;
      sums[w][0][1] += im;
      for (int n = 1; n < count; ++n) {
        sums[w][n][0] += t[n] * re;
        sums[w][n][1] += t[n] * im;
      }
    }
  for (int w = 0; w < width; ++w)
    for (int n = 0; n < count; ++n) {
      moments[2 * (w * count + n)] += sums[w][n][0];
      moments[2 * (w * count + n) + 1] += sums[w][n][1];
    }
}

/* Both factors of a row at once if there are registers for all sums. */
static inline __attribute__((always_inline)) void add_both(int count, const lanes *x, const lanes *f, const lanes *t,
                                                           int stride, int nslots, lanes *moments) {
  if (count <= MOST_TOGETHER) {
    add_strip(count, 2, x, f, t, stride, nslots, moments);
  } else {
    add_strip(count, 1, x, f, t, stride, nslots, moments);
    add_strip(count, 1, x + 1, f, t, stride, nslots, moments + 2 * count);
  }
}

/* A strip, and on to the next. */
#define STRIP(count)                                         \
  do {                                                       \
    if (width == 2)                                          \
      add_both(count, x, f, t, stride, nslots, moments);     \
    else                                                     \
      add_strip(count, 1, x, f, t, stride, nslots, moments); \
    f += 2;                                                  \
    moments += 2 * (count)*width;                            \
  } while (0)

static inline __attribute__((always_inline)) void add_row(int width, const xp_snap_row *row, const lanes *block,
                                                          const lanes *t, int stride, int nslots, lanes *moments) {
  const lanes *x = block + row->x, *f = block + row->f;
  moments += row->first;
  XP_SNAP_STRIPS(row)
}
#undef STRIP

static void add_block(const xp_snap_tables *tables, const lanes *block, int nslots, lanes *moments) {
  const xp_snap_moments *m = &tables->moments;
  int stride = XP_SNAP_FACTORS(tables->twojmax);
  const lanes *t = block + 4 * (tables->twojmax + 1);
  for (const xp_snap_row *row = m->rows; row < m->rows + m->nrows; ++row)
    if (row->width == 2)
      add_row(2, row, block, t, stride, nslots, moments);
    else
      add_row(1, row, block, t, stride, nslots, moments);
}

static void expand(const xp_snap_tables *tables, const lanes *moments, bool self, lanes *u) {
  const xp_snap_moments *m = &tables->moments;
  for (int e = 0; e < m->nentries; ++e) {
    const xp_snap_expansion *entry = &m->entries[e];
    const real *x = (const real *)m->coefficients + entry->coefficient;
    const lanes *m0 = moments + entry->moment[0], *m1 = moments + entry->moment[1];
    const lanes *m2 = moments + entry->moment[2], *m3 = moments + entry->moment[3];
    real s0 = entry->sign[0], s1 = entry->sign[1], s2 = entry->sign[2];
    vec re = {0}, im = {0};
    for (int n = 0; n < entry->count; ++n) {
      re += x[n] * (m0[2 * n] + s0 * m1[2 * n]);
      im += x[n] * (s1 * m2[2 * n] + s2 * m3[2 * n]);
    }
    u[2 * entry->entry] = re;
    u[2 * entry->entry + 1] = im;
  }
  for (int j = 0; j <= tables->twojmax; ++j) {
    lanes *level = u + 2 * tables->ublock[j];
    for (int m = 0; 2 * m <= j && self; ++m) level[2 * (j + 2) * m] += splat(1);
    for (int mb = 0; 2 * mb <= j; ++mb)
      mirror_row(level + 2 * (j + 1) * (j - mb), level + 2 * (j + 1) * mb, j, mb, 2 * mb == j ? mb - 1 : j);
  }
}

void XP_KERNEL(xp_snap_density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                                void *scratch, void *density) {
  lanes *moments = scratch, *block = moments + tables->moments.nmoments;
  memset(moments, 0, (size_t)tables->moments.nmoments * sizeof(lanes));
  for (int slot = first; slot < end; slot += XP_SNAP_BLOCK) {
    int nslots = end - slot < XP_SNAP_BLOCK ? end - slot : XP_SNAP_BLOCK;
    for (int k = 0; k < nslots; ++k) {
      const double *fields = batch->fields + (size_t)(slot + k) * XP_SNAP_FIELDS * WIDTH;
      cayley_klein ck = slot_parameters(fields);
      fill_factors(block + k * XP_SNAP_FACTORS(tables->twojmax), tables->twojmax, &ck,
                   real_field(fields, XP_SNAP_FACTOR));
    }
    add_block(tables, block, nslots, moments);
  }
  expand(tables, moments, self, density);
}
