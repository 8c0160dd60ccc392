/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the density to energies and their adjoint. */
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_lanes.h"

/* One segment with a number of outputs that the compiler knows, so that the sums stay in registers. */
static inline __attribute__((always_inline)) void add_segment(int n, bool accumulate, const xp_snap_stream *stream,
                                                              const xp_snap_segment *segment, const lanes *left,
                                                              const lanes *right, lanes *out) {
  vec sum_r[XP_SNAP_SHARED] = {{0}}, sum_i[XP_SNAP_SHARED] = {{0}};
  const double *coefficient = stream->coefficient + segment->coefficient;
  for (uint32_t t = segment->first; t < segment->end; ++t, coefficient += n) {
    const lanes *l = left + 2 * stream->pairs[t][0], *r = right + 2 * stream->pairs[t][1];
    vec re = l[0] * r[0] - l[1] * r[1], im = l[0] * r[1] + l[1] * r[0];
    for (int k = 0; k < n; ++k) {
      sum_r[k] += coefficient[k] * re;
      sum_i[k] += coefficient[k] * im;
    }
  }
  for (int k = 0; k < n; ++k) {
    lanes *to = out + 2 * stream->target[segment->output + (uint32_t)k];
    if (accumulate) {
      sum_r[k] += to[0];
      sum_i[k] += to[1];
    }
    to[0] = sum_r[k];
    to[1] = sum_i[k];
  }
}

static inline __attribute__((always_inline)) void add_segments(const xp_snap_stream *stream, bool accumulate,
                                                               const lanes *left, const lanes *right, lanes *out) {
  for (int s = 0; s < stream->nsegments; ++s) {
    const xp_snap_segment *segment = &stream->segments[s];
    switch (segment->noutputs) {
    case 1:
      add_segment(1, accumulate, stream, segment, left, right, out);
      break;
    case 2:
      add_segment(2, accumulate, stream, segment, left, right, out);
      break;
    case 3:
      add_segment(3, accumulate, stream, segment, left, right, out);
      break;
    default:
      add_segment(XP_SNAP_SHARED, accumulate, stream, segment, left, right, out);
    }
  }
}

void XP_KERNEL(xp_snap_products)(const xp_snap_stream *stream, const double *left, const double *right, double *out) {
  add_segments(stream, false, (const lanes *)left, (const lanes *)right, (lanes *)out);
}

void XP_KERNEL(xp_snap_folded)(const xp_snap_tables *tables, const xp_snap_stream *stream, const double *density,
                               double *adjoint) {
  memset(adjoint, 0, (size_t)tables->nu * 2 * sizeof(lanes));
  add_segments(stream, true, (const lanes *)density, (const lanes *)density, (lanes *)adjoint);
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
