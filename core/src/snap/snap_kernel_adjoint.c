/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the density to its adjoint: sums of products. */
#include "snap/snap_kernel_stages.h"
#include "snap/snap_lanes.h"

/* Vectors of a target that are summed at once. */
enum { ENTRIES = 8 };

/* The scale is one that an address may have, so that no instruction is spent on it. */
static inline const lanes *factor_at(const lanes *matrices, uint16_t place) {
  return (const lanes *)((const char *)matrices + (size_t)place * (2 * sizeof(lanes) / XP_SNAP_PLACE));
}

/* One segment with a number of outputs that the compiler knows, so that the sums stay in registers. */
static inline __attribute__((always_inline)) void add_segment(int n, const xp_snap_stream *stream,
                                                              const xp_snap_segment *segment, const lanes *left,
                                                              const lanes *right, lanes *out) {
  vec sum_r[XP_SNAP_SHARED] = {{0}}, sum_i[XP_SNAP_SHARED] = {{0}};
  const real *coefficient = (const real *)stream->coefficient + segment->coefficient;
  for (uint32_t t = segment->first; t < segment->end; ++t, coefficient += n) {
    const lanes *l = factor_at(left, stream->pairs[t][0]), *r = factor_at(right, stream->pairs[t][1]);
    vec re = l[0] * r[0] - l[1] * r[1], im = l[0] * r[1] + l[1] * r[0];
    for (int k = 0; k < n; ++k) {
      sum_r[k] += coefficient[k] * re;
      sum_i[k] += coefficient[k] * im;
    }
  }
  for (int k = 0; k < n; ++k) {
    lanes *to = out + 2 * stream->target[segment->output + (uint32_t)k];
    to[0] = sum_r[k];
    to[1] = sum_i[k];
  }
}

void XP_KERNEL(xp_snap_products)(const xp_snap_stream *stream, const void *left, const void *right, void *out) {
  for (const xp_snap_segment *segment = stream->segments; segment < stream->segments + stream->nsegments; ++segment) {
#define SEGMENT(noutputs)                                     \
  case noutputs:                                              \
    add_segment(noutputs, stream, segment, left, right, out); \
    break
    switch (segment->noutputs) {
      SEGMENT(1);
      SEGMENT(2);
      SEGMENT(3);
      SEGMENT(4);
      SEGMENT(5);
      SEGMENT(6);
    }
#undef SEGMENT
  }
}

/* Entries of a target whose sums over its links stay in registers. */
static inline __attribute__((always_inline)) void add_links(int count, int nlinks, const xp_snap_link *links,
                                                            const lanes *factors, const lanes *z, lanes *out) {
  vec sums[ENTRIES] = {{0}};
  for (int l = 0; l < nlinks; ++l) {
    const lanes *from = z + 2 * links[l].z;
    for (int k = 0; k < count; ++k) sums[k] += factors[l] * from[k];
  }
  for (int k = 0; k < count; ++k) out[k] = sums[k];
}

void XP_KERNEL(xp_snap_adjoint)(const xp_snap_tables *tables, const void *effective, const void *z, void *scratch,
                                void *adjoint) {
  lanes *factors = scratch;
  for (const xp_snap_target *target = tables->targets; target < tables->targets + tables->ntargets; ++target) {
    const xp_snap_link *links = tables->links + target->first;
    int nlinks = target->end - target->first, k = 0;
    for (int l = 0; l < nlinks; ++l) {
      vec factor = {0};
      for (const xp_snap_slot *slot = tables->slots + links[l].first; slot < tables->slots + links[l].end; ++slot)
        factor += (real)slot->factor * ((const lanes *)effective)[slot->component];
      factors[l] = factor;
    }
    lanes *out = (lanes *)adjoint + 2 * target->target;
    const lanes *from = z;
    for (; k + ENTRIES <= 2 * target->n; k += ENTRIES) add_links(ENTRIES, nlinks, links, factors, from + k, out + k);
    for (; k < 2 * target->n; k += 2) add_links(2, nlinks, links, factors, from + k, out + k);
  }
}
