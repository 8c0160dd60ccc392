/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numerical core of SNAP: straight vector code over lanes without checks, compiled for several processors and both
 * precisions. Arrays of lanes are aligned; complex numbers are [re][im]. Matrices V, U (density) and Y (adjoint) have nu
 * complex numbers a label; nz of Z a pair of labels. */
#ifndef XPOT_SNAP_KERNEL_H
#define XPOT_SNAP_KERNEL_H

#include "snap/snap_geometry.h"
#include "snap/snap_tables.h"
#include "xpot/potential.h"

/* Rows of the derivative product that share their loads. */
enum { XP_SNAP_ROWS = 4 };

/* XP_SNAP_ROWS terms of the adjoint with one label and level; fewer are padded with component -1. */
typedef struct xp_snap_panel {
  int label;
  int j;
  int components[XP_SNAP_ROWS];
  int z[XP_SNAP_ROWS];
  double factors[XP_SNAP_ROWS]; /* 0 in padding */
  int n;                        /* complex numbers a row */
  size_t offset;                /* of [2 n][XP_SNAP_ROWS] numbers in an atom's packed rows */
} xp_snap_panel;

/* void arrays hold vectors of lanes in the precision of the kernel, double arrays [..][width] doubles. */
typedef struct xp_snap_kernel {
  int width;    /* lanes */
  size_t bytes; /* of a vector of lanes */

  /* Fills the geometry fields of all slots. */
  void (*geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch);

  /* U of one label from slots first .. end - 1, without and with self term, all rows. */
  void (*density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                  void *scratch, void *density);

  /* out[target] = sum of products (xp_snap_stream); every target is that of one output. With a folded stream
   * left and right are U and out is Y. */
  void (*products)(const xp_snap_stream *stream, const void *left, const void *right, void *out);

  /* B - zero[ncomponents]. */
  void (*bispectrum)(const xp_snap_tables *tables, const double *zero, const void *density, const void *z,
                     double *bispectrum);

  /* effective = beta + alpha B, alpha [n][n] symmetric; energy = B (beta + effective) / 2. */
  void (*quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum, void *effective,
                    double *energy);

  /* effective = beta in all lanes. */
  void (*linear)(int n, const double *beta, void *effective);

  /* Y from Z and dE/dB = effective. */
  void (*adjoint)(const xp_snap_tables *tables, const void *effective, const void *z, void *scratch, void *adjoint);

  /* Half-sum of conj(Y) U over all labels: three times the linear energy. */
  void (*contraction)(const xp_snap_tables *tables, const void *density, const void *adjoint, double *sum);

  /* Gradient fields of slots first .. end - 1 from the Y of their label. */
  void (*gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch, int first,
                   int end, void *scratch, const void *adjoint);

  /* Descriptors, absent in kernels of mixed precision. Rows of every lane's atom: packed [width][stride]. */
  void (*pack)(const xp_snap_panel *panels, int npanels, const void *z, double *packed, size_t stride);

  /* d(weighted V)/d(displacement) of one slot: [nu][2][3] lanes, outputs only. */
  void (*derivative)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, const xp_snap_batch *batch,
                     int slot, void *scratch, void *derivative);

  /* sums [ncomponents][3] lanes += packed rows of one atom times the derivative; panels of one label. */
  void (*contract)(const xp_snap_tables *tables, const xp_snap_panel *panels, int npanels, const double *packed,
                   const void *derivative, void *sums);
} xp_snap_kernel;

/* The kernel for this processor. */
const xp_snap_kernel *xp_snap_kernel_select(xp_precision precision);

#endif
