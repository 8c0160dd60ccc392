/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From displacements to Cayley-Klein parameters and switching functions, in double precision always. */
#include <math.h>

#include "snap/snap_kernel_stages.h"
#include "snap/snap_powers.h"

/* Cosine switch from 1 at rmin0 to 0 at the cutoff; t is the fraction of the way. */
static inline void switch_outer(part t, part scale, part *value, part *slope) {
  part sine, cosine, one = t * 0.0 + 1.0;
  sine_cosine(t * M_PI, &sine, &cosine);
  mask beyond = t > 0.0;
  *value = select(beyond, 0.5 * cosine + 0.5, one);
  *slope = select(beyond, -0.5 * M_PI * scale * sine, (part){0});
}

/* Sine switch from 0 at inner - width to 1 at inner + width. */
static inline void switch_inner(part r, part inner, part width, part *value, part *slope) {
  part sine, cosine, zero = {0}, one = zero + 1.0;
  part u = (r - inner) / width;
  mask below = u <= -1.0, above = u >= 1.0;
  sine_cosine(u * M_PI_2, &sine, &cosine);
  *value = select(below, zero, select(above, one, 0.5 * sine + 0.5));
  *slope = select(below | above, zero, (0.25 * M_PI) * cosine / width);
}

static inline void part_geometry(const xp_snap_geometry *g, double *fields, int p) {
  part x = field(fields, XP_SNAP_X, p), y = field(fields, XP_SNAP_Y, p), z = field(fields, XP_SNAP_Z, p);
  part weight = field(fields, XP_SNAP_WEIGHT, p), scale = field(fields, XP_SNAP_SCALE, p), zero = {0};
  part r = square_root(x * x + y * y + z * z), inverse = 1.0 / r, t = (r - g->rmin0) * scale;
  part sine, cosine, value = zero + 1.0, slope = zero;
  sine_cosine(t * (g->rfac0 * M_PI), &sine, &cosine);
  /* r0 of the projection is positive, so that a and b change sign with sin(theta0). */
  part sign = select(sine < 0.0, zero - 1.0, zero + 1.0), size = sign * sine * inverse;
  set_real_field(fields, XP_SNAP_AR, p, sign * cosine);
  set_real_field(fields, XP_SNAP_AI, p, -size * z);
  set_real_field(fields, XP_SNAP_BR, p, size * y);
  set_real_field(fields, XP_SNAP_BI, p, -size * x);
  if (g->switchflag) switch_outer(t, scale, &value, &slope);
  if (g->switchinnerflag) {
    part inner, inner_slope;
    switch_inner(r, field(fields, XP_SNAP_INNER, p), field(fields, XP_SNAP_WIDTH, p), &inner, &inner_slope);
    slope = slope * inner + value * inner_slope;
    value *= inner;
  }
  set_field(fields, XP_SNAP_INVERSE, p, inverse);
  set_field(fields, XP_SNAP_SIN, p, sine);
  set_field(fields, XP_SNAP_COS, p, cosine);
  set_field(fields, XP_SNAP_VALUE, p, weight * value);
  set_field(fields, XP_SNAP_SLOPE, p, weight * slope);
  set_real_field(fields, XP_SNAP_FACTOR, p, weight * value);
}

void XP_KERNEL(xp_snap_geometry)(const xp_snap_geometry *geometry, xp_snap_batch *batch) {
  for (int slot = 0; slot < batch->nslots; ++slot)
    for (int p = 0; p < PARTS; ++p) part_geometry(geometry, batch->fields + (size_t)slot * XP_SNAP_FIELDS * WIDTH, p);
}
