/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numerical core of SNAP: straight vector code over lanes without checks, compiled for several processors. Arrays of
 * lanes are doubles [..][width], aligned; complex numbers are [re][im]. Matrices V, U (density) and Y (adjoint) have nu
 * complex numbers a label; nz of Z a pair of labels. */
#ifndef XPOT_SNAP_KERNEL_H
#define XPOT_SNAP_KERNEL_H

#include "snap/snap_geometry.h"
#include "snap/snap_tables.h"

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

typedef struct xp_snap_kernel {
  int width; /* lanes */

  /* Fills the geometry fields of all slots. */
  void (*geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch);

  /* U of one label from slots first .. end - 1, without and with self term, all rows. scratch [nu] complex. */
  void (*density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                  double *scratch, double *density);

  /* out[target] = sum of products (xp_snap_stream); every target is that of one output. */
  void (*products)(const xp_snap_stream *stream, const double *left, const double *right, double *out);

  /* Y of a folded stream. */
  void (*folded)(const xp_snap_tables *tables, const xp_snap_stream *stream, const double *density, double *adjoint);

  /* B - zero[ncomponents]. */
  void (*bispectrum)(const xp_snap_tables *tables, const double *zero, const double *density, const double *z,
                     double *bispectrum);

  /* effective = beta + alpha B (alpha [n][n] symmetric, NULL: none); energy = B (beta + effective) / 2. */
  void (*quadratic)(int n, const double *beta, const double *alpha, const double *bispectrum, double *effective,
                    double *energy);

  /* Y from Z and dE/dB in lanes. */
  void (*adjoint)(const xp_snap_tables *tables, const double *effective, const double *z, double *adjoint);

  /* Half-sum of conj(Y) U over all labels: three times the linear energy. */
  void (*contraction)(const xp_snap_tables *tables, const double *density, const double *adjoint, double *sum);

  /* Gradient fields of slots first .. end - 1 from the Y of their label. */
  void (*gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch, int first,
                   int end, double *scratch, const double *adjoint);

  /* Rows of every lane's atom: packed [width][stride]. */
  void (*pack)(const xp_snap_panel *panels, int npanels, const double *z, double *packed, size_t stride);

  /* d(weighted V)/d(displacement) of one slot: [nu][2][3] lanes, outputs only. */
  void (*derivative)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, const xp_snap_batch *batch,
                     int slot, double *scratch, double *derivative);

  /* sums [ncomponents][3] lanes += packed rows of one atom times the derivative; panels of one label. */
  void (*contract)(const xp_snap_tables *tables, const xp_snap_panel *panels, int npanels, const double *packed,
                   const double *derivative, double *sums);
} xp_snap_kernel;

/* The kernel for this processor. */
const xp_snap_kernel *xp_snap_kernel_select(void);

#endif
