/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the density to energies and their adjoint. */
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_lanes.h"

/* Two sums side by side hide the latency of the additions. */
static inline void add_product(const lanes *l, const lanes *r, double coefficient, vec *sum_r, vec *sum_i) {
  vec lr = l[0], li = l[1], rr = r[0], ri = r[1];
  *sum_r += coefficient * (lr * rr - li * ri);
  *sum_i += coefficient * (lr * ri + li * rr);
}

void XP_KERNEL(xp_snap_products)(const xp_snap_stream *stream, const double *left, const double *right, double *out) {
  const lanes *l = (const lanes *)left, *r = (const lanes *)right;
  const uint16_t(*pairs)[2] = (const uint16_t(*)[2])stream->pairs;
  const double *coefficient = stream->coefficient;
  for (int o = 0; o < stream->noutputs; ++o) {
    vec even_r = {0}, even_i = {0}, odd_r = {0}, odd_i = {0};
    uint32_t t = stream->first[o], end = stream->first[o + 1];
    for (; t + 1 < end; t += 2) {
      add_product(l + 2 * pairs[t][0], r + 2 * pairs[t][1], coefficient[t], &even_r, &even_i);
      add_product(l + 2 * pairs[t + 1][0], r + 2 * pairs[t + 1][1], coefficient[t + 1], &odd_r, &odd_i);
    }
    if (t < end) add_product(l + 2 * pairs[t][0], r + 2 * pairs[t][1], coefficient[t], &even_r, &even_i);
    lanes *to = (lanes *)out + 2 * stream->target[o];
    to[0] = even_r + odd_r;
    to[1] = even_i + odd_i;
  }
}

/* Real part of sum of conj(a) b over n complex numbers. */
static inline vec half_sum(const lanes *a, const lanes *b, int n) {
  vec re = {0}, im = {0};
  for (int k = 0; k < n; ++k) {
    re += a[2 * k] * b[2 * k];
    im += a[2 * k + 1] * b[2 * k + 1];
  }
  return re + im;
}

void XP_KERNEL(xp_snap_bispectrum)(const xp_snap_tables *tables, const double *zero, const double *density,
                                   const double *z, double *bispectrum) {
  for (int k = 0; k < tables->ncomponents; ++k) {
    const xp_snap_component *c = &tables->components[k];
    vec sum = half_sum((const lanes *)density + 2 * c->u, (const lanes *)z + 2 * c->z, c->n);
    ((lanes *)bispectrum)[k] = sum - zero[k];
  }
}

/* ROWS rows of alpha B together, so that B is loaded once for all. */
enum { ROWS = 4 };

static inline void multiply_rows(int rows, int n, const double *alpha, const lanes *b, vec sums[ROWS]) {
  for (int l = 0; l < n; ++l)
    for (int r = 0; r < rows; ++r) sums[r] += alpha[(size_t)r * n + l] * b[l];
}

void XP_KERNEL(xp_snap_quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum,
                                  double *effective, double *energy) {
  const lanes *b = (const lanes *)bispectrum;
  vec twice = {0};
  for (int k = 0; k < n; k += ROWS) {
    vec sums[ROWS] = {{0}};
    int rows = n - k < ROWS ? n - k : ROWS;
    if (alpha && rows == ROWS)
      multiply_rows(ROWS, n, alpha + (size_t)k * n, b, sums);
    else if (alpha)
      multiply_rows(rows, n, alpha + (size_t)k * n, b, sums);
    for (int r = 0; r < rows; ++r) {
      vec total = sums[r] + beta[k + r];
      ((lanes *)effective)[k + r] = total;
      twice += b[k + r] * (total + beta[k + r]);
    }
  }
  *(lanes *)energy = 0.5 * twice;
}

void XP_KERNEL(xp_snap_adjoint)(const xp_snap_tables *tables, const double *effective, const double *z,
                                double *adjoint) {
  memset(adjoint, 0, (size_t)tables->nlabels * tables->nu * 2 * sizeof(lanes));
  for (int s = 0; s < tables->nslots; ++s) {
    const xp_snap_slot *slot = &tables->slots[s];
    vec factor = slot->factor * ((const lanes *)effective)[slot->component];
    const lanes *from = (const lanes *)z + 2 * slot->z;
    lanes *to = (lanes *)adjoint + 2 * slot->target;
    for (int k = 0; k < 2 * slot->n; ++k) to[k] += factor * from[k];
  }
}

void XP_KERNEL(xp_snap_contraction)(const xp_snap_tables *tables, const double *density, const double *adjoint,
                                    double *sum) {
  vec total = {0};
  for (int label = 0; label < tables->nlabels; ++label)
    for (int j = 0; j <= tables->twojmax; ++j) {
      int u = 2 * (label * tables->nu + tables->ublock[j]);
      total += half_sum((const lanes *)density + u, (const lanes *)adjoint + u, tables->nsum[j]);
    }
  *(lanes *)sum = total;
}
