/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Derivatives by the generators of rotations: dV = V rho, where rho is tridiagonal in ma, so that no derivative recursion
 * is needed. With n the direction, T the sums over the three generators and T0 the sum with V itself,
 *   dE/dR = w { f [k0 n (n.T) + (s c (T - n (n.T)) + s^2 T x n) / r] + f' n T0 },  k0 = rfac0 pi / (Rcut - rmin0). */
#include <math.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_levels.h"

typedef struct generator_sums {
  vec value, x, y, z;
} generator_sums;

/* Adds a row: the generators act on conj(Y) instead of V, with Y[ma-1] and Y[ma+1] at hand. last: Y is 0 behind it. */
static inline void add_row(const lanes *restrict v, const lanes *restrict y, int j, int last, generator_sums *sums) {
  vec lower_r = {0}, lower_i = {0}, yr = y[0], yi = y[1];
  vec value = sums->value, sum_x = sums->x, sum_y = sums->y, sum_z = sums->z;
  int end = last < j ? last + 1 : j;
  for (int m = 0; m <= end; ++m) {
    vec upper_r = {0}, upper_i = {0};
    if (m < j) {
      upper_r = y[2 * m + 2];
      upper_i = y[2 * m + 3];
    }
    vec vr = v[2 * m], vi = v[2 * m + 1];
    double down = m, up = j - m;
    vec dr = down * lower_r, di = down * lower_i;
    value += yr * vr + yi * vi;
    sum_z += (down - up) * (yr * vi - yi * vr);
    sum_x += (dr + up * upper_r) * vi - (di + up * upper_i) * vr;
    sum_y += (dr - up * upper_r) * vr + (di - up * upper_i) * vi;
    lower_r = yr;
    lower_i = yi;
    yr = upper_r;
    yi = upper_i;
  }
  *sums = (generator_sums){value, sum_x, sum_y, sum_z};
}

static generator_sums neighbour_sums(const xp_snap_tables *t, const double *fields, lanes *v, const lanes *y) {
  cayley_klein ck = slot_parameters(fields);
  generator_sums sums = {y[0], {0}, {0}, {0}};
  v[0] = splat(1.0);
  v[1] = splat(0.0);
  for (int j = 1; j <= t->twojmax; ++j) {
    next_level(v, t, j, &ck);
    for (int mb = 0; 2 * mb <= j; ++mb) {
      int row = 2 * (t->ublock[j] + (j + 1) * mb);
      add_row(v + row, y + row, j, 2 * mb == j ? mb : j, &sums);
    }
  }
  return sums;
}

void XP_KERNEL(xp_snap_gradient)(const xp_snap_tables *tables, const xp_snap_geometry *geometry, xp_snap_batch *batch,
                                 int first, int end, double *scratch, const double *adjoint) {
  for (int slot = first; slot < end; ++slot) {
    double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH;
    generator_sums t = neighbour_sums(tables, fields, (lanes *)scratch, (const lanes *)adjoint);
    vec inverse = field(fields, XP_SNAP_INVERSE), sine = field(fields, XP_SNAP_SIN);
    vec nx = field(fields, XP_SNAP_X) * inverse, ny = field(fields, XP_SNAP_Y) * inverse,
        nz = field(fields, XP_SNAP_Z) * inverse;
    vec value = field(fields, XP_SNAP_VALUE);
    vec radial = geometry->rfac0 * M_PI * field(fields, XP_SNAP_SCALE);
    vec along = nx * t.x + ny * t.y + nz * t.z;
    vec turn = value * sine * field(fields, XP_SNAP_COS) * inverse, cross = value * sine * sine * inverse;
    vec parallel = (value * radial - turn) * along + field(fields, XP_SNAP_SLOPE) * t.value;
    set_field(fields, XP_SNAP_GX, parallel * nx + turn * t.x + cross * (t.y * nz - t.z * ny));
    set_field(fields, XP_SNAP_GY, parallel * ny + turn * t.y + cross * (t.z * nx - t.x * nz));
    set_field(fields, XP_SNAP_GZ, parallel * nz + turn * t.z + cross * (t.x * ny - t.y * nx));
  }
}

/* dE/dR = sum over q of column[q] T_q + slope T0. */
typedef struct frame {
  vec column[3][3]; /* [generator][direction] */
  vec slope[3];
} frame;

static frame slot_frame(const xp_snap_geometry *geometry, const double *fields) {
  frame f;
  vec inverse = field(fields, XP_SNAP_INVERSE), sine = field(fields, XP_SNAP_SIN), value = field(fields, XP_SNAP_VALUE);
  vec n[3];
  vec turn = value * sine * field(fields, XP_SNAP_COS) * inverse, cross = value * sine * sine * inverse;
  vec stretch = value * (geometry->rfac0 * M_PI) * field(fields, XP_SNAP_SCALE) - turn;
  for (int d = 0; d < 3; ++d) n[d] = field(fields, XP_SNAP_X + d) * inverse;
  for (int q = 0; q < 3; ++q) {
    f.slope[q] = field(fields, XP_SNAP_SLOPE) * n[q];
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
                                   const xp_snap_batch *batch, int slot, double *scratch, double *derivative) {
  const double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH;
  cayley_klein ck = slot_parameters(fields);
  frame f = slot_frame(geometry, fields);
  lanes *v = (lanes *)scratch, *out = (lanes *)derivative;
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

void XP_KERNEL(xp_snap_pack)(const xp_snap_panel *panels, int npanels, const double *z, double *packed, size_t stride) {
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
                                 const double *packed, const double *derivative, double *sums) {
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
