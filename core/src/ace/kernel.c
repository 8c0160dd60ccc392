/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACE kernel: formulas of ace.md sections 2 to 6 for one batch of atoms, adjoint by hand.
 * Derivative of a neighbour: the adjoints are contracted with R_nl and R'_nl over n, then over l, and only then multiplied
 * by the powers (x + i y)^m, so that no (n, l, m) ever sees three Cartesian components. */
#include <string.h>

#include "ace/batch.h"
#include "ace/lanes.h"
#include "ace/model.h"

enum { W = XP_LANES };

/* Columns of by_m. */
enum { POWER_RE, POWER_IM, RADIAL_RE, RADIAL_IM, ANGULAR_RE, ANGULAR_IM, POLAR_RE, POLAR_IM, BY_M };

static inline int lm_count(int lmax) {
  return (lmax + 1) * (lmax + 2) / 2;
}

static inline vec *vectors(double *data, size_t index) {
  return (vec *)data + index;
}

/* Radial rows of species j, in vectors from the start of radial. */
static size_t radial_start(const xp_ace_batch *batch, int j) {
  size_t start = 0;
  for (int k = 0; k < j; ++k)
    start += (size_t)(batch->first[k + 1] - batch->first[k]) * 2 * (size_t)batch->centre->pairs[k].table.row;
  return start;
}

static vec *radial_row(const xp_ace_batch *batch, int j, size_t start, int neighbour) {
  size_t row = 2 * (size_t)batch->centre->pairs[j].table.row;
  return vectors(batch->radial, start + (size_t)(neighbour - batch->first[j]) * row);
}

/* Padding gets zeros. */
static void look_up(const xp_ace_batch *batch, const xp_ace_pair *pair, double r, int lane, xp_ace_lookup *look) {
  double *own = batch->exact + (size_t)lane * 6 * (size_t)batch->plan->row_max;
  if (r > 0.0) {
    xp_ace_table_look_up(&pair->table, &pair->radial, r, own, batch->jets, look);
  } else {
    memset(look, 0, sizeof *look);
    look->rows = own;
  }
}

/* Interpolates all functions of one neighbour of every lane: columns side by side, then turned into lanes. */
static void interpolate(const xp_ace_lookup *looks, int row, vec *values, vec *derivatives) {
  for (int column = 0; column < row; column += W) {
    vec v[W], d[W];
    for (int lane = 0; lane < W; ++lane) {
      const xp_ace_lookup *look = &looks[lane];
      const double *rows = look->rows + column;
      v[lane] = d[lane] = (vec){0};
      for (int k = 0; k < 6; ++k) {
        vec x = *(const vec *)(rows + (size_t)k * (size_t)row);
        v[lane] += look->value[k] * x;
        d[lane] += look->derivative[k] * x;
      }
    }
    vec_transpose(v);
    vec_transpose(d);
    for (int k = 0; k < W; ++k) {
      values[column + k] = v[k];
      derivatives[column + k] = d[k];
    }
  }
}

static void radial_stage(const xp_ace_batch *batch) {
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    size_t start = radial_start(batch, j);
    for (int n = batch->first[j]; n < batch->first[j + 1]; ++n) {
      xp_ace_lookup looks[W];
      for (int lane = 0; lane < W; ++lane) look_up(batch, pair, batch->distance[n * W + lane], lane, &looks[lane]);
      vec *row = radial_row(batch, j, start, n);
      interpolate(looks, pair->table.row, row, row + pair->table.row);
    }
  }
}

/* Q_lm(z) and derivatives for m <= l <= lmax, and the powers (x + i y)^m. */
static void polynomials(const xp_ace_batch *batch, int lmax, const vec *unit) {
  const double(*recursion)[2] = (const double(*)[2])batch->plan->recursion;
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->plan->lmax);
  vec *by_m = vectors(batch->by_m, 0);
  vec z = unit[2], power_re = vec_all(1.0), power_im = vec_all(0.0), diagonal = power_re;
  for (int m = 0; m <= lmax; ++m) {
    int at = m * (m + 1) / 2 + m;
    diagonal = recursion[at][0] * diagonal;
    vec q1 = diagonal, d1 = vec_all(0.0), q2 = d1, d2 = d1;
    q[at] = q1;
    dq[at] = d1;
    for (int l = m + 1; l <= lmax; ++l) {
      at += l;
      double a = recursion[at][0], b = recursion[at][1];
      vec q0 = a * (z * q1 + b * q2), d0 = a * (q1 + z * d1 + b * d2);
      q[at] = q0;
      dq[at] = d0;
      q2 = q1, q1 = q0, d2 = d1, d1 = d0;
    }
    by_m[m * BY_M + POWER_RE] = power_re;
    by_m[m * BY_M + POWER_IM] = power_im;
    vec next = power_re * unit[0] - power_im * unit[1];
    power_im = power_re * unit[1] + power_im * unit[0];
    power_re = next;
  }
}

static void harmonics_stage(const xp_ace_batch *batch) {
  int count = lm_count(batch->plan->lmax);
  const vec *q = vectors(batch->polynomials, 0), *by_m = vectors(batch->by_m, 0);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    int lmax = batch->centre->pairs[j].lmax;
    for (int n = batch->first[j]; n < batch->first[j + 1] && lmax >= 0; ++n) {
      polynomials(batch, lmax, vectors(batch->unit, (size_t)n * 3));
      vec *y = vectors(batch->harmonics, (size_t)n * (size_t)count * 2);
      for (int l = 0, at = 0; l <= lmax; ++l)
        for (int m = 0; m <= l; ++m, ++at) {
          y[2 * at] = q[at] * by_m[m * BY_M + POWER_RE];
          y[2 * at + 1] = q[at] * by_m[m * BY_M + POWER_IM];
        }
    }
  }
}

/* A of `tile` neighbouring n of one (l, m): sums of R Y over neighbours, kept in registers. */
XP_INLINE void accumulate(const vec *r, size_t r_stride, const vec *y, size_t y_stride, int count, int tile, vec *a) {
  vec re[4], im[4];
  for (int t = 0; t < tile; ++t) re[t] = im[t] = (vec){0};
  for (int n = 0; n < count; ++n, r += r_stride, y += y_stride)
    for (int t = 0; t < tile; ++t) {
      re[t] += r[t] * y[0];
      im[t] += r[t] * y[1];
    }
  for (int t = 0; t < tile; ++t) {
    a[2 * t] = re[t];
    a[2 * t + 1] = im[t];
  }
}

static void basis_stage(const xp_ace_batch *batch) {
  size_t y_stride = 2 * (size_t)lm_count(batch->plan->lmax);
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    int count = batch->first[j + 1] - batch->first[j];
    size_t r_stride = 2 * (size_t)pair->table.row;
    const vec *r = vectors(batch->radial, radial_start(batch, j));
    const vec *y = vectors(batch->harmonics, (size_t)batch->first[j] * y_stride);
    for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
      for (int m = 0; m <= b->l; ++m) {
        const vec *ylm = y + 2 * (b->l * (b->l + 1) / 2 + m);
        vec *a = vectors(batch->values, 2 * (size_t)(b->slot + m * b->count));
        int n = 0;
        for (; n + 4 <= b->count; n += 4) accumulate(r + b->column + n, r_stride, ylm, y_stride, count, 4, a + 2 * n);
        for (; n < b->count; ++n) accumulate(r + b->column + n, r_stride, ylm, y_stride, count, 1, a + 2 * n);
      }
  }
}

/* Rank-1 parts of the densities and the core repulsion. */
static void pair_sums(xp_ace_batch *batch) {
  int ndensity = batch->centre->rule.ndensity;
  vec core = (vec){0}, *rho = vectors(batch->densities, 0);
  for (int p = 0; p < ndensity; ++p) rho[p] = core;
  for (int j = 0; j < batch->plan->nelements; ++j) {
    const xp_ace_pair *pair = &batch->centre->pairs[j];
    size_t start = radial_start(batch, j);
    for (int n = batch->first[j]; n < batch->first[j + 1]; ++n) {
      const vec *row = radial_row(batch, j, start, n);
      for (int p = 0; p < ndensity; ++p) rho[p] += row[pair->density_column + p];
      core += row[pair->core_column];
    }
  }
  for (int lane = 0; lane < W; ++lane) batch->core[lane].rho_core = core[lane];
}

static void inner_forward(const xp_ace_product *product, vec *values) {
  for (int k = 0; k < product->nnegative; ++k) {
    const vec *from = values + 2 * product->negative_of[k];
    vec *to = values + 2 * (product->nhalf + k);
    to[0] = product->sign[k] * from[0];
    to[1] = -product->sign[k] * from[1];
  }
  vec *out = values + 2 * (product->nhalf + product->nnegative);
  for (int k = 0; k < product->ninner; ++k, out += 2) {
    const vec *a = values + 2 * product->inner[k][0], *b = values + 2 * product->inner[k][1];
    vec ar = a[0], ai = a[1], br = b[0], bi = b[1];
    out[0] = ar * br - ai * bi;
    out[1] = ar * bi + ai * br;
  }
}

/* Densities from the leaves of all groups. */
XP_INLINE void leaves_forward(const xp_ace_product *product, const vec *values, int ndensity, vec *rho) {
  const double *c = product->coefficient;
  for (int g = 0; g < product->ngroups; ++g) {
    vec re[XP_ACE_DENSITIES_MAX], im[XP_ACE_DENSITIES_MAX];
    for (int p = 0; p < ndensity; ++p) re[p] = im[p] = (vec){0};
    for (int k = product->group_first[g]; k < product->group_first[g + 1]; ++k, c += ndensity) {
      const vec *b = values + 2 * product->leaf[k];
      for (int p = 0; p < ndensity; ++p) {
        re[p] += c[p] * b[0];
        im[p] += c[p] * b[1];
      }
    }
    const vec *a = values + 2 * product->group_slot[g];
    for (int p = 0; p < ndensity; ++p) rho[p] += a[0] * re[p] - a[1] * im[p];
  }
}

/* Adjoints from the leaves: theta = sum_p slope_p c_p, each factor gets theta times the other. */
XP_INLINE void leaves_backward(const xp_ace_product *product, const vec *values, int ndensity, const vec *slopes,
                               vec *adjoints) {
  const double *c = product->coefficient;
  for (int g = 0; g < product->ngroups; ++g) {
    const vec *a = values + 2 * product->group_slot[g];
    vec ar = a[0], ai = a[1], re = (vec){0}, im = (vec){0};
    for (int k = product->group_first[g]; k < product->group_first[g + 1]; ++k, c += ndensity) {
      const vec *b = values + 2 * product->leaf[k];
      vec *to = adjoints + 2 * product->leaf[k];
      vec theta = c[0] * slopes[0];
      for (int p = 1; p < ndensity; ++p) theta += c[p] * slopes[p];
      re += theta * b[0];
      im += theta * b[1];
      to[0] += theta * ar;
      to[1] += theta * ai;
    }
    vec *own = adjoints + 2 * product->group_slot[g];
    own[0] += re;
    own[1] += im;
  }
}

XP_INLINE void multiply_onto(vec *to, vec wr, vec wi, const vec *factor) {
  to[0] += wr * factor[0] - wi * factor[1];
  to[1] += wr * factor[1] + wi * factor[0];
}

static void inner_backward(const xp_ace_product *product, const vec *values, vec *adjoints) {
  int first = product->nhalf + product->nnegative;
  for (int k = product->ninner - 1; k >= 0; --k) {
    const vec *w = adjoints + 2 * (first + k);
    int a = product->inner[k][0], b = product->inner[k][1];
    vec wr = w[0], wi = w[1];
    multiply_onto(adjoints + 2 * a, wr, wi, values + 2 * b);
    multiply_onto(adjoints + 2 * b, wr, wi, values + 2 * a);
  }
  for (int k = 0; k < product->nnegative; ++k) {
    const vec *from = adjoints + 2 * (product->nhalf + k);
    vec *to = adjoints + 2 * product->negative_of[k];
    to[0] += product->sign[k] * from[0];
    to[1] -= product->sign[k] * from[1];
  }
}

static void density_stage(xp_ace_batch *batch) {
  const xp_ace_product *product = &batch->centre->product;
  vec *values = vectors(batch->values, 0), *rho = vectors(batch->densities, 0);
  inner_forward(product, values);
  switch (product->ndensity) { /* the usual numbers get loops of known length */
  case 1:
    leaves_forward(product, values, 1, rho);
    break;
  case 2:
    leaves_forward(product, values, 2, rho);
    break;
  case 4:
    leaves_forward(product, values, 4, rho);
    break;
  default:
    leaves_forward(product, values, product->ndensity, rho);
  }
}

static void adjoint_stage(const xp_ace_batch *batch) {
  const xp_ace_product *product = &batch->centre->product;
  const vec *values = vectors(batch->values, 0), *slopes = vectors(batch->slopes, 0);
  vec *adjoints = vectors(batch->adjoints, 0);
  memset(adjoints, 0, 2 * (size_t)product->nslots * sizeof *adjoints);
  switch (product->ndensity) {
  case 1:
    leaves_backward(product, values, 1, slopes, adjoints);
    break;
  case 2:
    leaves_backward(product, values, 2, slopes, adjoints);
    break;
  case 4:
    leaves_backward(product, values, 4, slopes, adjoints);
    break;
  default:
    leaves_backward(product, values, product->ndensity, slopes, adjoints);
  }
  inner_backward(product, values, adjoints);
}

static void energy_stage(xp_ace_batch *batch) {
  for (int lane = 0; lane < W; ++lane)
    xp_ace_atom_evaluate(&batch->centre->rule, batch->densities + lane, W, &batch->core[lane], batch->slopes + lane,
                         &batch->result[lane]);
}

/* Sums of adjoint times R' and adjoint times R over n, for one (l, m), added up over l into by_m. */
XP_INLINE void contract(const vec *adjoint, const vec *value, const vec *derivative, int count, vec q, vec dq,
                        vec *by_m) {
  vec ar = (vec){0}, ai = ar, br = ar, bi = ar;
  for (int n = 0; n < count; ++n) {
    ar += adjoint[2 * n] * derivative[n];
    ai += adjoint[2 * n + 1] * derivative[n];
    br += adjoint[2 * n] * value[n];
    bi += adjoint[2 * n + 1] * value[n];
  }
  by_m[RADIAL_RE] += ar * q;
  by_m[RADIAL_IM] += ai * q;
  by_m[ANGULAR_RE] += br * q;
  by_m[ANGULAR_IM] += bi * q;
  by_m[POLAR_RE] += br * dq;
  by_m[POLAR_IM] += bi * dq;
}

static void contract_blocks(const xp_ace_batch *batch, const xp_ace_pair *pair, const vec *row) {
  const vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->plan->lmax);
  vec *by_m = vectors(batch->by_m, 0);
  for (int m = 0; m <= pair->lmax; ++m)
    for (int k = RADIAL_RE; k < BY_M; ++k) by_m[m * BY_M + k] = (vec){0};
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b) {
    const vec *value = row + b->column, *derivative = value + pair->table.row;
    int at = b->l * (b->l + 1) / 2;
    for (int m = 0; m <= b->l; ++m)
      contract(vectors(batch->adjoints, 2 * (size_t)(b->slot + m * b->count)), value, derivative, b->count, q[at + m],
               dq[at + m], by_m + m * BY_M);
  }
}

/* Radial slope and free gradient (before taking the part along u off) of the sums in by_m. */
static void finish_sums(const vec *by_m, int lmax, vec *slope, vec free[3]) {
  for (int m = 0; m <= lmax; ++m) {
    const vec *s = by_m + m * BY_M;
    *slope += s[RADIAL_RE] * s[POWER_RE] - s[RADIAL_IM] * s[POWER_IM];
    free[2] += s[POLAR_RE] * s[POWER_RE] - s[POLAR_IM] * s[POWER_IM];
    if (m == 0) continue;
    const vec *below = s - BY_M;
    free[0] += (double)m * (s[ANGULAR_RE] * below[POWER_RE] - s[ANGULAR_IM] * below[POWER_IM]);
    free[1] -= (double)m * (s[ANGULAR_RE] * below[POWER_IM] + s[ANGULAR_IM] * below[POWER_RE]);
  }
}

static void gradient_of(const xp_ace_batch *batch, const xp_ace_pair *pair, const vec *row, vec core_slope, int n) {
  const vec *unit = vectors(batch->unit, (size_t)n * 3), *slopes = vectors(batch->slopes, 0);
  const vec *derivative = row + pair->table.row;
  vec *out = vectors(batch->gradient, (size_t)n * 3);
  vec slope = core_slope * derivative[pair->core_column], free[3] = {{0}};
  for (int p = 0; p < batch->centre->rule.ndensity; ++p) slope += slopes[p] * derivative[pair->density_column + p];
  if (pair->lmax >= 0) {
    polynomials(batch, pair->lmax, unit);
    contract_blocks(batch, pair, row);
    finish_sums(vectors(batch->by_m, 0), pair->lmax, &slope, free);
  }
  vec inverse = *vectors(batch->inverse, (size_t)n);
  vec along = slope - inverse * (free[0] * unit[0] + free[1] * unit[1] + free[2] * unit[2]);
  for (int d = 0; d < 3; ++d) out[d] = along * unit[d] + inverse * free[d];
}

static void gradient_stage(const xp_ace_batch *batch) {
  vec core_slope;
  for (int lane = 0; lane < W; ++lane) core_slope[lane] = batch->result[lane].core_slope;
  for (int j = 0; j < batch->plan->nelements; ++j) {
    size_t start = radial_start(batch, j);
    for (int n = batch->first[j]; n < batch->first[j + 1]; ++n)
      gradient_of(batch, &batch->centre->pairs[j], radial_row(batch, j, start, n), core_slope, n);
  }
}

void XP_KERNEL(xp_ace_kernel_run)(xp_ace_batch *batch) {
  radial_stage(batch);
  harmonics_stage(batch);
  basis_stage(batch);
  pair_sums(batch);
  density_stage(batch);
  energy_stage(batch);
  if (!batch->gradients) return;
  adjoint_stage(batch);
  gradient_stage(batch);
}

int XP_KERNEL(xp_ace_kernel_lanes)(void) {
  return W;
}
