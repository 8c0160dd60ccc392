/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derivatives of the descriptors, in double precision only. The generators of rotations give dV = V rho, where rho is
 * tridiagonal in ma. With n the direction, T the generators acting on V,
 *   d(w f V)/dR = w { f [k0 n (n.T) + (s c (T - n (n.T)) + s^2 T x n) / r] + f' n V },  k0 = rfac0 pi / (Rcut - rmin0). */
#include <math.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_levels.h"

#if !XP_KERNEL_MIXED

/* d/dR = sum over q of column[q] T_q + slope V. */
typedef struct frame {
  vec column[3][3]; /* [generator][direction] */
  vec slope[3];
} frame;

static frame slot_frame(const xp_snap_geometry *geometry, const double *fields) {
  frame f;
  vec inverse = field(fields, XP_SNAP_INVERSE, 0), sine = field(fields, XP_SNAP_SIN, 0),
      value = field(fields, XP_SNAP_VALUE, 0);
  vec n[3];
  vec turn = value * sine * field(fields, XP_SNAP_COS, 0) * inverse, cross = value * sine * sine * inverse;
  vec stretch = value * (geometry->rfac0 * M_PI) * field(fields, XP_SNAP_SCALE, 0) - turn;
  for (int d = 0; d < 3; ++d) n[d] = field(fields, XP_SNAP_X + d, 0) * inverse;
  for (int q = 0; q < 3; ++q) {
    f.slope[q] = field(fields, XP_SNAP_SLOPE, 0) * n[q];
    for (int d = 0; d < 3; ++d) f.column[q][d] = stretch * n[q] * n[d];
    f.column[q][q] += turn;
    /* (T x n)_d: unit vector q times n. */
    f.column[q][(q + 1) % 3] -= cross * n[(q + 2) % 3];
    f.column[q][(q + 2) % 3] += cross * n[(q + 1) % 3];
  }
  return f;
}

static inline void combine(const frame *f, vec value, vec x, vec y, vec z, lanes *out) {
  for (int d = 0; d < 3; ++d)
    out[d] = f->slope[d] * value + f->column[0][d] * x + f->column[1][d] * y + f->column[2][d] * z;
}

/* d(w f V)/dR of entries 0 .. last of a row: the generators act on V. */
static inline void derive_row(const frame *f, const lanes *restrict v, int j, int last, lanes *restrict out) {
  for (int m = 0; m <= last; ++m) {
    vec lower_r = {0}, lower_i = {0}, upper_r = {0}, upper_i = {0};
    if (m > 0) {
      lower_r = (j - m + 1.0) * v[2 * m - 2];
      lower_i = (j - m + 1.0) * v[2 * m - 1];
    }
    if (m < j) {
      upper_r = (m + 1.0) * v[2 * m + 2];
      upper_i = (m + 1.0) * v[2 * m + 3];
    }
    vec vr = v[2 * m], vi = v[2 * m + 1];
    double spin = j - 2 * m;
    combine(f, vr, upper_i + lower_i, upper_r - lower_r, -spin * vi, out + 6 * m);
    combine(f, vi, -(upper_r + lower_r), upper_i - lower_i, spin * vr, out + 6 * m + 3);
  }
}

void XP_KERNEL(xp_snap_derivative)(const xp_snap_tables *tables, const xp_snap_geometry *geometry,
                                   const xp_snap_batch *batch, int slot, void *scratch, void *derivative) {
  const double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH;
  cayley_klein ck = slot_parameters(fields);
  frame f = slot_frame(geometry, fields);
  lanes *v = scratch, *out = derivative;
  v[0] = splat(1.0);
  v[1] = splat(0.0);
  for (int j = 0; j <= tables->twojmax; ++j) {
    if (j > 0) next_level(v, tables, j, &ck);
    for (int mb = 0; 2 * mb <= j; ++mb) {
      int row = tables->ublock[j] + (j + 1) * mb;
      derive_row(&f, v + 2 * row, j, 2 * mb == j ? mb : j, out + 6 * row);
    }
  }
}

void XP_KERNEL(xp_snap_pack)(const xp_snap_panel *panels, int npanels, const void *z, double *packed, size_t stride) {
  for (int p = 0; p < npanels; ++p)
    for (int r = 0; r < XP_SNAP_ROWS; ++r) {
      const xp_snap_panel *panel = &panels[p];
      const lanes *from = (const lanes *)z + 2 * panel->z[r];
      double *to = packed + panel->offset + r;
      for (int k = 0; k < 2 * panel->n; ++k) {
        vec row = panel->factors[r] * from[k];
        for (int lane = 0; lane < WIDTH; ++lane) to[lane * stride + (size_t)k * XP_SNAP_ROWS] = row[lane];
      }
    }
}

void XP_KERNEL(xp_snap_contract)(const xp_snap_tables *tables, const xp_snap_panel *panels, int npanels,
                                 const double *packed, const void *derivative, void *sums) {
  for (int p = 0; p < npanels; ++p) {
    const xp_snap_panel *panel = &panels[p];
    const double *rows = packed + panel->offset;
    const lanes *d = (const lanes *)derivative + 6 * tables->ublock[panel->j];
    vec total[XP_SNAP_ROWS][3] = {{{0}}};
    for (int k = 0; k < 2 * panel->n; ++k)
      for (int r = 0; r < XP_SNAP_ROWS; ++r)
        for (int x = 0; x < 3; ++x) total[r][x] += rows[k * XP_SNAP_ROWS + r] * d[3 * k + x];
    for (int r = 0; r < XP_SNAP_ROWS; ++r)
      for (int x = 0; x < 3 && panel->components[r] >= 0; ++x)
        ((lanes *)sums)[3 * panel->components[r] + x] += total[r][x];
  }
}

#endif
