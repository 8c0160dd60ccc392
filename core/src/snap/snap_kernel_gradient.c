/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients from the adjoint of the moments c: a neighbour's share of the energy is weight times
 *   sum over k of Re(a^(k) S_k),   S_k = sum over l and n of conj(c_kln) T_n(y) b^(l),
 * and its derivatives by a, b and y come from the same sums with b^(l) or T_n replaced by their derivatives. */
#include <math.h>
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_powers.h"

/* The factors of a neighbour and their derivatives. */
typedef struct factors {
  cayley_klein ck;
  lanes *a, *a_slope, *b, *b_slope, *t, *t_slope;
} factors;

static void fill_factors(factors *f, lanes *begin, int twojmax, const double *fields) {
  int powers = 2 * (twojmax + 1);
  lanes *t = begin + 4 * powers;
  cayley_klein ck = slot_parameters(fields);
  vec y = height(&ck);
  *f = (factors){ck, begin, begin + powers, begin + 2 * powers, begin + 3 * powers, t, t + twojmax / 2 + 1};
  fill_powers(f->a, twojmax, ck.ar, ck.ai, splat(1));
  fill_slopes(f->a_slope, f->a, twojmax);
  fill_powers(f->b, twojmax, ck.br, ck.bi, splat(1));
  fill_slopes(f->b_slope, f->b, twojmax);
  fill_chebyshev(f->t, twojmax / 2, y);
  fill_chebyshev_slopes(f->t_slope, f->t, twojmax / 2, y);
}

/* Sums over the phases of a row: S_k, its derivatives by b (of one sign of l) and by y. */
typedef struct row_sums {
  vec value_r, value_i, b_r, b_i, y_r, y_i;
} row_sums;

/* (re, im) += conj(q) b, of conj(b) where sign is -1; each product is a multiply-add. */
static inline void add_product(real sign, vec qr, vec qi, const lanes *b, vec *re, vec *im) {
  *re += qr * b[0];
  *re += sign * (qi * b[1]);
  *im += sign * (qr * b[1]);
  *im -= qi * b[0];
}

static inline __attribute__((always_inline)) void add_phase(int count, real sign, int l, const lanes *c,
                                                            const factors *f, row_sums *sums) {
  const lanes *b = f->b + 2 * l, *b_slope = f->b_slope + 2 * l;
  vec qr = c[0], qi = c[1];
  for (int n = 1; n < count; ++n) {
    qr += f->t[n] * c[2 * n];
    qi += f->t[n] * c[2 * n + 1];
  }
  add_product(sign, qr, qi, b, &sums->value_r, &sums->value_i);
  add_product(sign, qr, qi, b_slope, &sums->b_r, &sums->b_i);
  if (count < 2) return;
  vec dr = c[2], di = c[3];
  for (int n = 2; n < count; ++n) {
    dr += f->t_slope[n] * c[2 * n];
    di += f->t_slope[n] * c[2 * n + 1];
  }
  add_product(sign, dr, di, b, &sums->y_r, &sums->y_i);
}

/* Phases first .. end - 1 of a row, l of one sign, which the compiler knows as it does their numbers of moments. */
static inline __attribute__((always_inline)) void add_phases(const xp_snap_moments *m, int first, int end, int sign,
                                                             const lanes *c, const factors *f, row_sums *sums) {
  for (const xp_snap_phase *phase = m->phases + first; phase < m->phases + end; ++phase) {
    const lanes *from = c + 2 * phase->first;
#define PHASE(count)                                              \
  case count:                                                     \
    add_phase(count, (real)sign, sign * phase->l, from, f, sums); \
    break
    switch (phase->count) {
      PHASE(1);
      PHASE(2);
      PHASE(3);
      PHASE(4);
      PHASE(5);
      PHASE(6);
      PHASE(7);
      PHASE(8);
    }
#undef PHASE
  }
}

/* The share of a neighbour and its derivatives by the real and imaginary parts of a, b, and by y. */
typedef struct slot_sums {
  vec value, ar, ai, br, bi, y;
} slot_sums;

/* Adds a finished row. */
static inline void add_row(int k, const factors *f, const row_sums *down, const row_sums *up, slot_sums *s) {
  int power = k < 0 ? -k : k;
  real sign = k < 0 ? -1 : 1;
  vec ar = f->a[2 * power], ai = sign * f->a[2 * power + 1];
  vec slope_r = f->a_slope[2 * power], slope_i = sign * f->a_slope[2 * power + 1];
  s->value += ar * up->value_r;
  s->value -= ai * up->value_i;
  s->ar += slope_r * up->value_r;
  s->ar -= slope_i * up->value_i;
  s->ai -= sign * (slope_r * up->value_i + slope_i * up->value_r);
  /* Of a^(k) times the sums, the real parts are added, the imaginary parts subtracted. */
  s->br += ar * (down->b_r + up->b_r);
  s->br -= ai * (down->b_i + up->b_i);
  s->bi += ar * (down->b_i - up->b_i);
  s->bi += ai * (down->b_r - up->b_r);
  s->y += ar * up->y_r;
  s->y -= ai * up->y_i;
}

static slot_sums neighbour_sums(const xp_snap_moments *m, const factors *f, const lanes *c) {
  slot_sums result = {{0}, {0}, {0}, {0}, {0}, {0}};
  for (const xp_snap_phase_row *row = m->rows; row < m->rows + m->nrows; ++row) {
    row_sums sums = {{0}, {0}, {0}, {0}, {0}, {0}};
    add_phases(m, row->first, row->middle, -1, c, f, &sums);
    row_sums down = sums;
    sums.b_r = sums.b_i = splat(0);
    add_phases(m, row->middle, row->end, 1, c, f, &sums);
    add_row(row->k, f, &down, &sums, &result);
  }
  return result;
}

/* y is a function of a and b. */
static inline void chain_rule(slot_sums *s, const cayley_klein *ck) {
  s->ar += 2 * ck->ar * s->y;
  s->ai += 2 * ck->ai * s->y;
  s->br -= 2 * ck->br * s->y;
  s->bi -= 2 * ck->bi * s->y;
}

/* d/d(displacement) of one part. With n the direction, sg a = c - i s n_z and sg b = s (n_y - i n_x) where sg is the sign
 * of s = sin(theta0). */
static inline void part_gradient(const xp_snap_geometry *geometry, double *fields, const slot_sums *sums, int p) {
  part inverse = field(fields, XP_SNAP_INVERSE, p), sine = field(fields, XP_SNAP_SIN, p);
  part cosine = field(fields, XP_SNAP_COS, p), value = field(fields, XP_SNAP_VALUE, p), zero = {0};
  part sign = select(sine < 0.0, -value, value);
  part nx = field(fields, XP_SNAP_X, p) * inverse, ny = field(fields, XP_SNAP_Y, p) * inverse,
       nz = field(fields, XP_SNAP_Z, p) * inverse;
  part gx = zero - sign * widen(&sums->bi, p), gy = sign * widen(&sums->br, p), gz = zero - sign * widen(&sums->ai, p);
  part turn = geometry->rfac0 * M_PI * field(fields, XP_SNAP_SCALE, p), across = sine * inverse;
  part along = gx * nx + gy * ny + gz * nz;
  part parallel = turn * (cosine * along - sine * sign * widen(&sums->ar, p)) - across * along +
                  field(fields, XP_SNAP_SLOPE, p) * widen(&sums->value, p);
  set_field(fields, XP_SNAP_GX, p, parallel * nx + across * gx);
  set_field(fields, XP_SNAP_GY, p, parallel * ny + across * gy);
  set_field(fields, XP_SNAP_GZ, p, parallel * nz + across * gz);
}

/* The adjoint of the moments. */
static void gather(const xp_snap_moments *m, const lanes *adjoint, lanes *c) {
  memset(c, 0, (size_t)m->nmoments * 2 * sizeof(lanes));
  for (int e = 0; e < m->nentries; ++e) {
    const xp_snap_expansion *entry = &m->entries[e];
    const real *x = (const real *)m->coefficients + entry->coefficient;
    vec re = adjoint[2 * entry->entry], im = adjoint[2 * entry->entry + 1];
    for (int n = 0; n < entry->count; ++n) {
      c[2 * (entry->first + n)] += x[n] * re;
      c[2 * (entry->first + n) + 1] += x[n] * im;
    }
  }
}

void XP_KERNEL(xp_snap_gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch,
                                 int first, int end, void *scratch, const void *adjoint) {
  lanes *c = scratch;
  gather(&tables->moments, adjoint, c);
  for (int slot = first; slot < end; ++slot) {
    double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH;
    factors f;
    fill_factors(&f, c + 2 * tables->moments.nmoments, tables->twojmax, fields);
    slot_sums sums = neighbour_sums(&tables->moments, &f, c);
    chain_rule(&sums, &f.ck);
    for (int p = 0; p < PARTS; ++p) part_gradient(geometry, fields, &sums, p);
  }
}
