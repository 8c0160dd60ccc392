/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The adjoint of a linear model as one sum of products for each pair of projections, over all pairs of levels: segments are
 * long and every output is written once. */
#include <stdlib.h>
#include <string.h>

#include "snap/snap_model.h"
#include "snap/snap_stream.h"

/* A segment of the products of Z, by the projections of its outputs. */
typedef struct member {
  int tb, ta;
  int segment;
} member;

/* Fills a stream, or counts what it will hold while folded is NULL. */
typedef struct folder {
  const xp_snap_tables *tables;
  const xp_snap_stream *source;
  const double *beta;
  xp_snap_stream *folded;
  xp_snap_extent used;
} folder;

static const xp_snap_block *block_of(const folder *self, const xp_snap_segment *segment, int output) {
  return &self->tables->blocks[self->source->block[segment->output + (uint32_t)output]];
}

static const xp_snap_segment *segment_of(const folder *self, const member *m) {
  return &self->source->segments[m->segment];
}

static int compare_members(const void *left, const void *right) {
  const member *a = left, *b = right;
  if (a->tb != b->tb) return a->tb < b->tb ? -1 : 1;
  if (a->ta != b->ta) return a->ta < b->ta ? -1 : 1;
  return a->segment < b->segment ? -1 : 1;
}

static void sort_members(const folder *self, member *members) {
  for (int s = 0; s < self->source->nsegments; ++s) {
    const xp_snap_segment *segment = &self->source->segments[s];
    const xp_snap_block *block = block_of(self, segment, 0);
    int entry = (int)self->source->target[segment->output] - block->z;
    int mb = entry / (block->j + 1), ma = entry % (block->j + 1);
    members[s] = (member){2 * mb - block->j, 2 * ma - block->j, s};
  }
  qsort(members, (size_t)self->source->nsegments, sizeof *members, compare_members);
}

/* One column of coefficients of a segment, into rows of noutputs. */
static void fold_column(const folder *self, const xp_snap_segment *from, int output, double *to, int noutputs) {
  /* Without chemflag each block has exactly one term of the adjoint. */
  const xp_snap_slot *slot = &self->tables->slots[self->source->block[from->output + (uint32_t)output]];
  const double *coefficient = (const double *)self->source->coefficient + from->coefficient + output;
  double factor = slot->factor * self->beta[slot->component];
  for (uint32_t t = 0; t < from->end - from->first; ++t)
    to[t * (uint32_t)noutputs] = factor * coefficient[t * (uint32_t)from->noutputs];
}

/* The products of one pair of levels (count segments with the same products) for the levels low, low + 2, ... */
static void add_pair(folder *self, const member *members, int count, int low, int noutputs) {
  const xp_snap_segment *first = segment_of(self, members);
  size_t products = first->end - first->first, start = self->used.coefficients;
  bool used = false;
  for (int m = 0; m < count; ++m) {
    const xp_snap_segment *segment = segment_of(self, &members[m]);
    for (int k = 0; k < segment->noutputs; ++k) {
      int column = (block_of(self, segment, k)->j - low) / 2;
      if (block_of(self, segment, k)->j < low || column >= noutputs) continue;
      used = true;
      if (self->folded) fold_column(self, segment, k, (double *)self->folded->coefficient + start + column, noutputs);
    }
  }
  if (!used) return;
  if (self->folded)
    memcpy(self->folded->pairs[self->used.products], self->source->pairs[first->first],
           products * sizeof *self->source->pairs);
  self->used.products += products;
  self->used.coefficients += products * (size_t)noutputs;
}

/* One segment: the products of all members for the levels low, low + 2, ... */
static void add_segment(folder *self, const member *members, int count, int low, int noutputs) {
  xp_snap_segment segment = {.first = (uint32_t)self->used.products,
                             .coefficient = (uint32_t)self->used.coefficients,
                             .output = (uint32_t)self->used.outputs,
                             .noutputs = noutputs};
  for (int m = 0, same; m < count; m += same) {
    const xp_snap_block *pair = block_of(self, segment_of(self, &members[m]), 0);
    for (same = 1; m + same < count; ++same) {
      const xp_snap_block *next = block_of(self, segment_of(self, &members[m + same]), 0);
      if (next->j1 != pair->j1 || next->j2 != pair->j2) break;
    }
    add_pair(self, members + m, same, low, noutputs);
  }
  segment.end = (uint32_t)self->used.products;
  for (int k = 0; k < noutputs && self->folded; ++k) {
    int j = low + 2 * k;
    self->folded->target[self->used.outputs + (size_t)k] =
        (uint32_t)(self->tables->ublock[j] + (j + 1) * ((members->tb + j) / 2) + (members->ta + j) / 2);
  }
  if (self->folded) self->folded->segments[self->used.segments] = segment;
  ++self->used.segments;
  self->used.outputs += (size_t)noutputs;
}

/* The levels of one pair of projections in segments of nearly equal size. */
static void add_projection(folder *self, const member *members, int count) {
  int low = abs(members->tb) > abs(members->ta) ? abs(members->tb) : abs(members->ta);
  int levels = (self->tables->twojmax - low) / 2 + 1;
  for (int parts = (levels + XP_SNAP_SHARED - 1) / XP_SNAP_SHARED; parts > 0; --parts) {
    int noutputs = (levels + parts - 1) / parts;
    add_segment(self, members, count, low, noutputs);
    low += 2 * noutputs;
    levels -= noutputs;
  }
}

static void add_projections(folder *self, const member *members) {
  int nmembers = self->source->nsegments;
  self->used = (xp_snap_extent){0};
  for (int m = 0, count; m < nmembers; m += count) {
    count = 1;
    while (m + count < nmembers && members[m + count].tb == members[m].tb && members[m + count].ta == members[m].ta)
      ++count;
    add_projection(self, members + m, count);
  }
}

xp_status xp_snap_stream_fold(xp_snap_stream *folded, const xp_snap_tables *tables, const double *beta,
                              xp_error *error) {
  folder self = {.tables = tables, .source = &tables->same, .beta = beta};
  member *members = xp_snap_zeroed((size_t)tables->same.nsegments, sizeof *members);
  if (!members) return xp_error_memory(error, "SNAP product lists");
  sort_members(&self, members);
  add_projections(&self, members);
  xp_status status = xp_snap_stream_reserve(folded, self.used, error);
  if (status == XP_OK) {
    self.folded = folded;
    add_projections(&self, members);
  }
  free(members);
  return status;
}
