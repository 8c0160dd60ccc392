/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients from the adjoint of the moments c: a neighbour's share of the energy is weight times
 *   sum over strips of x (q_0 f[0] + q_1 f[1]),   q = sum over n of c_n T_n(y),
 * linear in each of its factors: their derivatives are sums too, and those by a, b and y follow once. */
#include <math.h>
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_powers.h"

/* One factor x of a row and sums over its strips: the derivative by x, and that by y divided by x, each in two sums that do
 * not wait for each other. */
typedef struct factor_sums {
  vec x, slope0, slope1, y0, y1;
} factor_sums;

/* t_slope: dT_n/dy. slope0, slope1: derivatives by f. */
static inline __attribute__((always_inline)) void add_factor(int count, const lanes *c, const lanes *f, const lanes *t,
                                                             const lanes *t_slope, vec *slope0, vec *slope1,
                                                             factor_sums *sums) {
  vec q0 = c[0], q1 = c[1];
  for (int n = 1; n < count; ++n) {
    q0 += t[n] * c[2 * n];
    q1 += t[n] * c[2 * n + 1];
  }
  sums->slope0 += q0 * f[0];
  sums->slope1 += q1 * f[1];
  *slope0 += sums->x * q0;
  *slope1 += sums->x * q1;
  if (count < 2) return;
  q0 = c[2], q1 = c[3];
  for (int n = 2; n < count; ++n) {
    q0 += t_slope[n] * c[2 * n];
    q1 += t_slope[n] * c[2 * n + 1];
  }
  sums->y0 += q0 * f[0];
  sums->y1 += q1 * f[1];
}

/* A strip with the one or two factors of its row. */
static inline __attribute__((always_inline)) void add_strip(int count, int width, const lanes *c, const lanes *f,
                                                            const lanes *t, const lanes *t_slope, lanes *slopes,
                                                            factor_sums *first, factor_sums *second) {
  vec slope0 = slopes[0], slope1 = slopes[1];
  add_factor(count, c, f, t, t_slope, &slope0, &slope1, first);
  if (width == 2) add_factor(count, c + 2 * count, f, t, t_slope, &slope0, &slope1, second);
  slopes[0] = slope0;
  slopes[1] = slope1;
}

/* Arrays of a slot, in scratch: factors, derivatives of T_n, derivatives of the share by the powers. */
typedef struct slot_arrays {
  lanes *factors, *t, *t_slope, *slopes;
} slot_arrays;

static slot_arrays arrays_at(lanes *begin, int twojmax) {
  lanes *t = begin + 4 * (twojmax + 1), *t_slope = t + twojmax / 2 + 1;
  return (slot_arrays){begin, t, t_slope, t_slope + twojmax / 2 + 1};
}

/* The share of a neighbour and its derivatives by the real and imaginary parts of a, b, and by y. */
typedef struct slot_sums {
  vec value, ar, ai, br, bi, y;
} slot_sums;

static inline void finish_factor(const factor_sums *sums, lanes *slope, slot_sums *result) {
  vec derivative = sums->slope0 + sums->slope1;
  *slope += derivative;
  result->value += sums->x * derivative;
  result->y += sums->x * (sums->y0 + sums->y1);
}

/* A strip, and on to the next. */
#define STRIP(count)                                                    \
  do {                                                                  \
    add_strip(count, width, c, f, t, t_slope, slopes, &first, &second); \
    c += 2 * (count)*width;                                             \
    f += 2;                                                             \
    slopes += 2;                                                        \
  } while (0)

static inline __attribute__((always_inline)) void add_row(int width, const xp_snap_row *row, const slot_arrays *s,
                                                          const lanes *c, slot_sums *result) {
  const lanes *t = s->t, *t_slope = s->t_slope, *x = s->factors + row->x, *f = s->factors + row->f;
  lanes *slopes = s->slopes + row->f;
  factor_sums first = {x[0], {0}, {0}, {0}, {0}}, second = {x[1], {0}, {0}, {0}, {0}};
  c += row->first;
  XP_SNAP_STRIPS(row)
  finish_factor(&first, s->slopes + row->x, result);
  if (width == 2) finish_factor(&second, s->slopes + row->x + 1, result);
}
#undef STRIP

/* d/dz from the derivatives by all powers of z. */
static inline void add_powers(int most, const lanes *powers, const lanes *slopes, vec *re, vec *im) {
  vec rr = {0}, ri = {0}, ir = {0}, ii = {0};
  for (int m = 1; m <= most; ++m) {
    vec slope_r = (real)m * slopes[2 * m], slope_i = (real)m * slopes[2 * m + 1];
    rr += slope_r * powers[2 * m - 2];
    ii += slope_i * powers[2 * m - 1];
    ir += slope_i * powers[2 * m - 2];
    ri += slope_r * powers[2 * m - 1];
  }
  *re = rr + ii;
  *im = ir - ri;
}

static slot_sums neighbour_sums(const xp_snap_tables *tables, const slot_arrays *s, const lanes *c) {
  const xp_snap_moments *m = &tables->moments;
  int powers = 2 * (tables->twojmax + 1);
  slot_sums result = {{0}, {0}, {0}, {0}, {0}, {0}};
  memset(s->slopes, 0, (size_t)(2 * powers) * sizeof(lanes));
  for (const xp_snap_row *row = m->rows; row < m->rows + m->nrows; ++row)
    if (row->width == 2)
      add_row(2, row, s, c, &result);
    else
      add_row(1, row, s, c, &result);
  add_powers(tables->twojmax, s->factors, s->slopes, &result.ar, &result.ai);
  add_powers(tables->twojmax, s->factors + powers, s->slopes + powers, &result.br, &result.bi);
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
  memset(c, 0, (size_t)m->nmoments * sizeof(lanes));
  for (const xp_snap_expansion *entry = m->entries; entry < m->entries + m->nentries; ++entry) {
    const real *x = (const real *)m->coefficients + entry->coefficient;
    vec re = adjoint[2 * entry->entry], im = adjoint[2 * entry->entry + 1];
    vec terms[4] = {re, (real)entry->sign[0] * re, (real)entry->sign[1] * im, (real)entry->sign[2] * im};
    for (int n = 0; n < entry->count; ++n)
      for (int k = 0; k < 4; ++k) c[entry->moment[k] + 2 * n] += x[n] * terms[k];
  }
}

void XP_KERNEL(xp_snap_gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch,
                                 int first, int end, void *scratch, const void *adjoint) {
  lanes *c = scratch;
  slot_arrays arrays = arrays_at(c + tables->moments.nmoments, tables->twojmax);
  gather(&tables->moments, adjoint, c);
  for (int slot = first; slot < end; ++slot) {
    double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH;
    cayley_klein ck = slot_parameters(fields);
    fill_factors(arrays.factors, tables->twojmax, &ck, splat(1));
    fill_chebyshev_slopes(arrays.t_slope, arrays.t, tables->twojmax / 2, height(&ck));
    slot_sums sums = neighbour_sums(tables, &arrays, c);
    chain_rule(&sums, &ck);
    for (int p = 0; p < PARTS; ++p) part_gradient(geometry, fields, &sums, p);
  }
}
