/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The density expansion: moments of the neighbours, then V by the coefficients of snap_moments.h. */
#include <stdbool.h>
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_levels.h"

/* The factors of a slot, in vectors from its beginning: powers of a, of b, Chebyshev polynomials. */
typedef struct factors {
  int b;
  int t;
  int size;
} factors;

static inline factors factors_of(int twojmax) {
  int powers = 2 * (twojmax + 1);
  return (factors){powers, 2 * powers, 2 * powers + twojmax / 2 + 1};
}

/* Powers of a have the weight of the neighbour. */
static void slot_factors(const double *fields, int twojmax, factors f, lanes *out) {
  cayley_klein ck = slot_parameters(fields);
  fill_powers(out, twojmax, ck.ar, ck.ai, real_field(fields, XP_SNAP_FACTOR));
  fill_powers(out + f.b, twojmax, ck.br, ck.bi, splat(1));
  fill_chebyshev(out + f.t, twojmax / 2, height(&ck));
}

/* The moments of one phase from a block of slots: count and the sign of l are known to the compiler, so that the sums stay
 * in registers. For negative k the sums are conjugates, a^|k| b^(-l) being what is added. */
static inline __attribute__((always_inline)) void add_moments(int count, real sign, bool conjugate, const lanes *a,
                                                              const lanes *b, const lanes *t, int stride, int nslots,
                                                              lanes *moments) {
  vec sum_r[XP_SNAP_MOMENTS] = {{0}}, sum_i[XP_SNAP_MOMENTS] = {{0}};
  for (int slot = 0; slot < nslots; ++slot, a += stride, b += stride, t += stride) {
    vec re = a[0] * b[0] - sign * (a[1] * b[1]), im = a[1] * b[0] + sign * (a[0] * b[1]);
    sum_r[0] += re;
    sum_i[0] += im;
    for (int n = 1; n < count; ++n) {
      sum_r[n] += t[n] * re;
      sum_i[n] += t[n] * im;
    }
  }
  for (int n = 0; n < count; ++n) {
    moments[2 * n] += sum_r[n];
    moments[2 * n + 1] += conjugate ? -sum_i[n] : sum_i[n];
  }
}

/* The phases first .. end - 1 of a row, l of one sign: that of the power of b where k is not negative. */
static inline __attribute__((always_inline)) void add_phases(const xp_snap_moments *m, int first, int end, real sign,
                                                             bool conjugate, const lanes *a, const lanes *b,
                                                             const lanes *t, int stride, int nslots, lanes *moments) {
  for (const xp_snap_phase *phase = m->phases + first; phase < m->phases + end; ++phase) {
    const lanes *power = b + 2 * (phase->l < 0 ? -phase->l : phase->l);
    lanes *to = moments + 2 * phase->first;
#define MOMENTS(count)                                                    \
  case count:                                                             \
    add_moments(count, sign, conjugate, a, power, t, stride, nslots, to); \
    break
    switch (phase->count) {
      MOMENTS(1);
      MOMENTS(2);
      MOMENTS(3);
      MOMENTS(4);
      MOMENTS(5);
      MOMENTS(6);
      MOMENTS(7);
      MOMENTS(8);
    }
#undef MOMENTS
  }
}

static void add_block(const xp_snap_moments *m, factors f, const lanes *block, int nslots, lanes *moments) {
  const lanes *b = block + f.b, *t = block + f.t;
  for (const xp_snap_phase_row *row = m->rows; row < m->rows + m->nrows; ++row) {
    bool conjugate = row->k < 0;
    const lanes *a = block + 2 * (conjugate ? -row->k : row->k);
    int same = conjugate ? row->first : row->middle, other = conjugate ? row->middle : row->end;
    add_phases(m, same, other, 1, conjugate, a, b, t, f.size, nslots, moments);
    same = conjugate ? row->middle : row->first, other = conjugate ? row->end : row->middle;
    add_phases(m, same, other, -1, conjugate, a, b, t, f.size, nslots, moments);
  }
}

static void expand(const xp_snap_tables *tables, const lanes *moments, bool self, lanes *u) {
  const xp_snap_moments *m = &tables->moments;
  for (int e = 0; e < m->nentries; ++e) {
    const xp_snap_expansion *entry = &m->entries[e];
    const real *x = (const real *)m->coefficients + entry->coefficient;
    vec re = {0}, im = {0};
    for (int n = 0; n < entry->count; ++n) {
      re += x[n] * moments[2 * (entry->first + n)];
      im += x[n] * moments[2 * (entry->first + n) + 1];
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
  factors f = factors_of(tables->twojmax);
  lanes *moments = scratch, *block = moments + 2 * tables->moments.nmoments;
  memset(moments, 0, (size_t)tables->moments.nmoments * 2 * sizeof(lanes));
  for (int slot = first; slot < end; slot += XP_SNAP_BLOCK) {
    int nslots = end - slot < XP_SNAP_BLOCK ? end - slot : XP_SNAP_BLOCK;
    for (int k = 0; k < nslots; ++k)
      slot_factors(batch->fields + (size_t)(slot + k) * XP_SNAP_FIELDS * WIDTH, tables->twojmax, f, block + k * f.size);
    add_block(&tables->moments, f, block, nslots, moments);
  }
  expand(tables, moments, self, density);
}
