/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two steps of a coupling (coupled.h): products of components, then sums of them, and back. Only for kernel sources. */
#ifndef XPOT_ACE_KERNEL_COUPLINGS_H
#define XPOT_ACE_KERNEL_COUPLINGS_H

#include "ace/coupled.h"
#include "ace/lanes.h"

static inline int smaller(int a, int b) {
  return a < b ? a : b;
}
static inline int larger(int a, int b) {
  return a > b ? a : b;
}

/* Products of the components of x and y in the order of coupled.c. */
static inline void form_products(const xp_ace_coupling_type *t, const vec *x, const vec *y, vec *z) {
  *z++ = x[0] * y[0];
  for (int b = 1; b <= smaller(t->l2, t->reach); ++b, z += 2) {
    z[0] = x[0] * y[2 * b - 1];
    z[1] = x[0] * y[2 * b];
  }
  for (int a = 1; a <= t->l1; ++a) {
    vec c = x[2 * a - 1], s = x[2 * a];
    if (a <= t->reach) {
      z[0] = c * y[0];
      z[1] = s * y[0];
      z += 2;
    }
    for (int b = 1; b <= smaller(t->l2, t->reach - a); ++b, z += 2) {
      z[0] = c * y[2 * b - 1] - s * y[2 * b];
      z[1] = c * y[2 * b] + s * y[2 * b - 1];
    }
    for (int b = larger(1, a - t->reach); b <= smaller(t->l2, a + t->reach); ++b, z += 2) {
      z[0] = c * y[2 * b - 1] + s * y[2 * b];
      z[1] = s * y[2 * b - 1] - c * y[2 * b];
    }
  }
}

/* Adjoints dz of the products to those of x and y. */
static inline void return_products(const xp_ace_coupling_type *t, const vec *x, const vec *y, const vec *dz, vec *dx,
                                   vec *dy) {
  vec x0 = x[0], dx0 = *dz * y[0], dy0 = *dz * x0;
  dz++;
  for (int b = 1; b <= smaller(t->l2, t->reach); ++b, dz += 2) {
    dx0 += dz[0] * y[2 * b - 1] + dz[1] * y[2 * b];
    dy[2 * b - 1] += dz[0] * x0;
    dy[2 * b] += dz[1] * x0;
  }
  for (int a = 1; a <= t->l1; ++a) {
    vec c = x[2 * a - 1], s = x[2 * a], dc = (vec){0}, ds = dc;
    if (a <= t->reach) {
      dc = dz[0] * y[0];
      ds = dz[1] * y[0];
      dy0 += dz[0] * c + dz[1] * s;
      dz += 2;
    }
    for (int b = 1; b <= smaller(t->l2, t->reach - a); ++b, dz += 2) {
      dc += dz[0] * y[2 * b - 1] + dz[1] * y[2 * b];
      ds += dz[1] * y[2 * b - 1] - dz[0] * y[2 * b];
      dy[2 * b - 1] += dz[0] * c + dz[1] * s;
      dy[2 * b] += dz[1] * c - dz[0] * s;
    }
    for (int b = larger(1, a - t->reach); b <= smaller(t->l2, a + t->reach); ++b, dz += 2) {
      dc += dz[0] * y[2 * b - 1] - dz[1] * y[2 * b];
      ds += dz[0] * y[2 * b] + dz[1] * y[2 * b - 1];
      dy[2 * b - 1] += dz[0] * c + dz[1] * s;
      dy[2 * b] += dz[0] * s - dz[1] * c;
    }
    dx[2 * a - 1] += dc;
    dx[2 * a] += ds;
  }
  dx[0] += dx0;
  dy[0] += dy0;
}

/* to[r] = sum of weighted entries of from; a compressed matrix times a vector. */
static inline void gather(int nrows, const int *first, const int *column, const real *weight, const vec *from,
                          vec *to) {
  for (int r = 0; r < nrows; ++r) {
    vec sum = (vec){0};
    for (int e = first[r]; e < first[r + 1]; ++e) sum += weight[e] * from[column[e]];
    to[r] = sum;
  }
}

#endif
