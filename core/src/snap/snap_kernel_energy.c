/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bispectrum, quadratic form and energies, in double precision always. */
#include "snap/snap_kernel_stages.h"
#include "snap/snap_lanes.h"

/* Complex numbers whose products are summed in the kernel's precision before the sum goes on in double precision. */
enum { CHUNK = 8 };

/* Adds the real part of the sum of conj(a) b over n complex numbers. */
static inline void half_sum(const lanes *a, const lanes *b, int n, part total[PARTS]) {
  for (int first = 0; first < n; first += CHUNK) {
    int end = n - first < CHUNK ? n : first + CHUNK;
    vec re = {0}, im = {0};
    for (int k = first; k < end; ++k) {
      re += a[2 * k] * b[2 * k];
      im += a[2 * k + 1] * b[2 * k + 1];
    }
    re += im;
    for (int p = 0; p < PARTS; ++p) total[p] += widen(&re, p);
  }
}

void XP_KERNEL(xp_snap_bispectrum)(const xp_snap_tables *tables, const double *zero, const void *density, const void *z,
                                   double *bispectrum) {
  for (int k = 0; k < tables->ncomponents; ++k) {
    const xp_snap_component *c = &tables->components[k];
    part total[PARTS] = {{0}};
    half_sum((const lanes *)density + 2 * c->u, (const lanes *)z + 2 * c->z, c->n, total);
    for (int p = 0; p < PARTS; ++p) ((part_lanes *)bispectrum)[k * PARTS + p] = total[p] - zero[k];
  }
}

/* ROWS rows of alpha B together, so that B is loaded once for all. */
enum { ROWS = 4 };

static inline void multiply_rows(int rows, int n, const double *alpha, const part_lanes *b, part sums[ROWS]) {
  for (int l = 0; l < n; ++l)
    for (int r = 0; r < rows; ++r) sums[r] += alpha[(size_t)r * n + l] * b[l * PARTS];
}

static inline part quadratic_part(int n, const double *beta, const double *alpha, const part_lanes *b, lanes *effective,
                                  int p) {
  part twice = {0};
  for (int k = 0; k < n; k += ROWS) {
    part sums[ROWS] = {{0}};
    int rows = n - k < ROWS ? n - k : ROWS;
    if (rows == ROWS)
      multiply_rows(ROWS, n, alpha + (size_t)k * n, b, sums);
    else
      multiply_rows(rows, n, alpha + (size_t)k * n, b, sums);
    for (int r = 0; r < rows; ++r) {
      part total = sums[r] + beta[k + r];
      narrow(effective + k + r, p, total);
      twice += b[(k + r) * PARTS] * (total + beta[k + r]);
    }
  }
  return 0.5 * twice;
}

void XP_KERNEL(xp_snap_quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum,
                                  void *effective, double *energy) {
  for (int p = 0; p < PARTS; ++p)
    ((part_lanes *)energy)[p] =
        quadratic_part(n, beta, alpha, (const part_lanes *)bispectrum + p, (lanes *)effective, p);
}

void XP_KERNEL(xp_snap_linear)(int n, const double *beta, void *effective) {
  for (int k = 0; k < n; ++k) ((lanes *)effective)[k] = splat((real)beta[k]);
}

void XP_KERNEL(xp_snap_contraction)(const xp_snap_tables *tables, const void *density, const void *adjoint,
                                    double *sum) {
  part total[PARTS] = {{0}};
  for (int label = 0; label < tables->nlabels; ++label)
    for (int j = 0; j <= tables->twojmax; ++j) {
      int u = 2 * (label * tables->nu + tables->ublock[j]);
      half_sum((const lanes *)density + u, (const lanes *)adjoint + u, tables->nsum[j], total);
    }
  for (int p = 0; p < PARTS; ++p) ((part_lanes *)sum)[p] = total[p];
}
