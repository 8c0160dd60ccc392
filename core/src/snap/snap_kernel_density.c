/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From displacements to the density expansion. */
#include <math.h>
#include <string.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_levels.h"

/* Cosine switch from 1 at rmin0 to 0 at the cutoff; t is the fraction of the way. */
static inline void switch_outer(vec t, vec scale, vec *value, vec *slope) {
  vec sine, cosine;
  sine_cosine(t * M_PI, &sine, &cosine);
  mask beyond = t > 0.0;
  *value = select(beyond, 0.5 * cosine + 0.5, splat(1.0));
  *slope = select(beyond, -0.5 * M_PI * scale * sine, splat(0.0));
}

/* Sine switch from 0 at inner - width to 1 at inner + width. */
static inline void switch_inner(vec r, vec inner, vec width, vec *value, vec *slope) {
  vec sine, cosine;
  vec u = (r - inner) / width;
  mask below = u <= -1.0, above = u >= 1.0;
  sine_cosine(u * M_PI_2, &sine, &cosine);
  *value = select(below, splat(0.0), select(above, splat(1.0), 0.5 * sine + 0.5));
  *slope = select(below | above, splat(0.0), (0.25 * M_PI) * cosine / width);
}

static inline void slot_geometry(const xp_snap_geometry *g, double *fields) {
  vec x = field(fields, XP_SNAP_X), y = field(fields, XP_SNAP_Y), z = field(fields, XP_SNAP_Z);
  vec weight = field(fields, XP_SNAP_WEIGHT), scale = field(fields, XP_SNAP_SCALE);
  vec r = square_root(x * x + y * y + z * z), inverse = 1.0 / r, t = (r - g->rmin0) * scale;
  vec sine, cosine, value = splat(1.0), slope = splat(0.0);
  sine_cosine(t * (g->rfac0 * M_PI), &sine, &cosine);
  /* r0 of the projection is positive, so that a and b change sign with sin(theta0). */
  vec sign = select(sine < 0.0, splat(-1.0), splat(1.0)), size = sign * sine * inverse;
  set_field(fields, XP_SNAP_AR, sign * cosine);
  set_field(fields, XP_SNAP_AI, -size * z);
  set_field(fields, XP_SNAP_BR, size * y);
  set_field(fields, XP_SNAP_BI, -size * x);
  if (g->switchflag) switch_outer(t, scale, &value, &slope);
  if (g->switchinnerflag) {
    vec inner, inner_slope;
    switch_inner(r, field(fields, XP_SNAP_INNER), field(fields, XP_SNAP_WIDTH), &inner, &inner_slope);
    slope = slope * inner + value * inner_slope;
    value *= inner;
  }
  set_field(fields, XP_SNAP_INVERSE, inverse);
  set_field(fields, XP_SNAP_SIN, sine);
  set_field(fields, XP_SNAP_COS, cosine);
  set_field(fields, XP_SNAP_VALUE, weight * value);
  set_field(fields, XP_SNAP_SLOPE, weight * slope);
}

void XP_KERNEL(xp_snap_geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch) {
  for (int slot = 0; slot < batch->nslots; ++slot)
    slot_geometry(geometry, batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH);
}

static void add_neighbour(const xp_snap_tables *t, const double *fields, lanes *v, lanes *u) {
  cayley_klein ck = slot_parameters(fields);
  vec value = field(fields, XP_SNAP_VALUE);
  v[0] = splat(1.0);
  v[1] = splat(0.0);
  u[0] += value;
  for (int j = 1; j <= t->twojmax; ++j) {
    next_level(v, t, j, &ck);
    const lanes *from = v + 2 * t->ublock[j];
    lanes *to = u + 2 * t->ublock[j];
    for (int k = 0; k < 2 * (j / 2 + 1) * (j + 1); ++k) to[k] += value * from[k];
  }
}

void XP_KERNEL(xp_snap_density)(const xp_snap_tables *tables, const xp_snap_batch *batch, int first, int end, bool self,
                                double *scratch, double *density) {
  lanes *u = (lanes *)density;
  memset(density, 0, (size_t)tables->nu * 2 * sizeof(lanes));
  if (self)
    for (int j = 0; j <= tables->twojmax; ++j)
      for (int m = 0; 2 * m <= j; ++m) u[2 * (tables->ublock[j] + (j + 1) * m + m)] = splat(1.0);
  for (int slot = first; slot < end; ++slot)
    add_neighbour(tables, batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH, (lanes *)scratch, u);
  for (int j = 1; j <= tables->twojmax; ++j) {
    lanes *level = u + 2 * tables->ublock[j];
    for (int mb = 0; 2 * mb < j; ++mb) mirror_row(level + 2 * (j + 1) * (j - mb), level + 2 * (j + 1) * mb, j, mb);
  }
}
