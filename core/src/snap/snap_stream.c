/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_stream.h"

#include <stdlib.h>
#include <string.h>

#include "snap/snap_coupling.h"
#include "snap/snap_model.h"

enum { LEVELS = XP_SNAP_TWOJMAX_LIMIT + 1 };

xp_status xp_snap_stream_reserve(xp_snap_stream *stream, xp_snap_extent size, xp_error *error) {
  memset(stream, 0, sizeof *stream);
  stream->segments = xp_snap_zeroed(size.segments, sizeof *stream->segments);
  stream->target = xp_snap_zeroed(size.outputs, sizeof *stream->target);
  stream->block = xp_snap_zeroed(size.outputs, sizeof *stream->block);
  stream->pairs = xp_snap_zeroed(size.products, sizeof *stream->pairs);
  stream->coefficient = xp_snap_zeroed(size.coefficients, sizeof(double));
  stream->ncoefficients = size.coefficients;
  if (stream->segments && stream->target && stream->block && stream->pairs && stream->coefficient) {
    stream->nsegments = (int)size.segments;
    stream->noutputs = (int)size.outputs;
    return XP_OK;
  }
  xp_snap_stream_free(stream);
  return xp_error_memory(error, "SNAP product lists");
}

void xp_snap_stream_free(xp_snap_stream *stream) {
  free(stream->segments);
  free(stream->target);
  free(stream->block);
  free(stream->pairs);
  free(stream->coefficient);
  memset(stream, 0, sizeof *stream);
}

void xp_snap_round(void *coefficients, size_t count) {
  char *bytes = coefficients;
  for (size_t k = 0; k < count; ++k) {
    double value;
    memcpy(&value, bytes + k * sizeof value, sizeof value);
    float rounded = (float)value;
    memcpy(bytes + k * sizeof rounded, &rounded, sizeof rounded);
  }
}

void xp_snap_stream_round(xp_snap_stream *stream) {
  xp_snap_round(stream->coefficient, stream->ncoefficients);
}

/* Fills a stream, or counts what it will hold while stream is NULL. Projections are doubled: tb = 2 mb - j. */
typedef struct builder {
  const xp_snap_tables *tables;
  xp_snap_stream *stream;
  xp_snap_extent used;
  bool same;
  bool bnormflag;
  double *norm;                            /* [nu] */
  int j1, j2;                              /* the pair of levels at hand */
  int first_block;                         /* its block with the lowest j */
  double coupling[LEVELS][LEVELS][LEVELS]; /* C(j1 m1, j2 m2; j) [j][m1][m2] */
} builder;

static xp_status builder_start(builder *self, xp_error *error) {
  const xp_snap_tables *t = self->tables;
  self->norm = xp_snap_zeroed((size_t)t->nu, sizeof(double));
  if (!self->norm) return xp_error_memory(error, "SNAP product lists");
  for (int j = 0; j <= t->twojmax; ++j)
    for (int entry = 0; entry < (j + 1) * (j + 1); ++entry)
      self->norm[t->ublock[j] + entry] = xp_snap_normalisation(j, entry / (j + 1), entry % (j + 1));
  return XP_OK;
}

static int highest_level(const builder *self) {
  int sum = self->j1 + self->j2;
  return sum < self->tables->twojmax ? sum : self->tables->twojmax;
}

static void builder_enter(builder *self) {
  for (int j = self->j1 - self->j2; j <= highest_level(self); j += 2)
    for (int m1 = 0; m1 <= self->j1; ++m1)
      for (int m2 = 0; m2 <= self->j2; ++m2)
        self->coupling[j][m1][m2] = xp_snap_clebsch_gordan(self->j1, m1, self->j2, m2, j);
}

static int largest(int a, int b) {
  return a > b ? a : b;
}
static int smallest(int a, int b) {
  return a < b ? a : b;
}

/* Half-sum weight of an output. */
static double weight(int tb, int ta) {
  return tb == 0 && ta == 0 ? 1.0 : 2.0;
}

static int matrix_entry(const builder *self, int j, int mb, int ma) {
  return self->tables->ublock[j] + (j + 1) * mb + ma;
}

/* One product for the levels j, j + 2, ... of a segment. */
static void add_product(builder *self, const int m1[2], const int m2[2], int j, int noutputs) {
  int left = matrix_entry(self, self->j1, m1[0], m1[1]), right = matrix_entry(self, self->j2, m2[0], m2[1]);
  bool mirrored = self->same && self->j1 == self->j2;
  if (mirrored && left > right) return;
  xp_snap_stream *stream = self->stream;
  size_t product = self->used.products++, coefficient = self->used.coefficients;
  self->used.coefficients += (size_t)noutputs;
  if (!stream) return;
  stream->pairs[product][0] = (uint16_t)(left * XP_SNAP_PLACE);
  stream->pairs[product][1] = (uint16_t)(right * XP_SNAP_PLACE);
  int tb = 2 * (m1[0] + m2[0]) - self->j1 - self->j2, ta = 2 * (m1[1] + m2[1]) - self->j1 - self->j2;
  double scale = self->norm[left] * self->norm[right] * weight(tb, ta) * (mirrored && left < right ? 2.0 : 1.0);
  for (int k = 0; k < noutputs; ++k, j += 2) {
    double value = self->coupling[j][m1[0]][m2[0]] * self->coupling[j][m1[1]][m2[1]];
    value *= scale * self->norm[matrix_entry(self, j, (tb + j) / 2, (ta + j) / 2)];
    ((double *)stream->coefficient)[coefficient + (size_t)k] = self->bnormflag ? value / (j + 1) : value;
  }
}

static void add_outputs(builder *self, int tb, int ta, int j, int noutputs) {
  for (int k = 0; k < noutputs; ++k, j += 2) {
    int block = self->first_block + (j - self->j1 + self->j2) / 2;
    int entry = (j + 1) * ((tb + j) / 2) + (ta + j) / 2;
    self->stream->target[self->used.outputs + (size_t)k] = (uint32_t)(self->tables->blocks[block].z + entry);
    self->stream->block[self->used.outputs + (size_t)k] = (uint32_t)block;
  }
}

/* All products with projections tb and ta for the levels j, j + 2, ... */
static void add_segment(builder *self, int tb, int ta, int j, int noutputs) {
  xp_snap_segment segment = {.first = (uint32_t)self->used.products,
                             .coefficient = (uint32_t)self->used.coefficients,
                             .output = (uint32_t)self->used.outputs,
                             .noutputs = noutputs};
  int sum_b = (tb + self->j1 + self->j2) / 2, sum_a = (ta + self->j1 + self->j2) / 2;
  for (int mb1 = largest(0, sum_b - self->j2); mb1 <= smallest(self->j1, sum_b); ++mb1)
    for (int ma1 = largest(0, sum_a - self->j2); ma1 <= smallest(self->j1, sum_a); ++ma1)
      add_product(self, (int[2]){mb1, ma1}, (int[2]){sum_b - mb1, sum_a - ma1}, j, noutputs);
  segment.end = (uint32_t)self->used.products;
  if (self->stream) {
    add_outputs(self, tb, ta, j, noutputs);
    self->stream->segments[self->used.segments] = segment;
  }
  ++self->used.segments;
  self->used.outputs += (size_t)noutputs;
}

/* The levels that (tb, ta) belong to, in segments of nearly equal size. */
static void add_projection(builder *self, int tb, int ta) {
  int low = largest(self->j1 - self->j2, largest(abs(tb), abs(ta)));
  int count = low > highest_level(self) ? 0 : (highest_level(self) - low) / 2 + 1;
  for (int parts = (count + XP_SNAP_SHARED - 1) / XP_SNAP_SHARED; parts > 0; --parts) {
    int noutputs = (count + parts - 1) / parts;
    add_segment(self, tb, ta, low, noutputs);
    low += 2 * noutputs;
    count -= noutputs;
  }
}

/* Rows with 2 mb < j, and of the middle row the first half. */
static void add_pair(builder *self) {
  int sum = self->j1 + self->j2;
  for (int tb = -sum; tb <= 0; tb += 2)
    for (int ta = -sum; ta <= (tb == 0 ? 0 : sum); ta += 2) add_projection(self, tb, ta);
}

static void add_pairs(builder *self) {
  self->used = (xp_snap_extent){0};
  for (int b = 0; b < self->tables->nblocks; ++b) {
    const xp_snap_block *block = &self->tables->blocks[b];
    if (block->j != block->j1 - block->j2) continue;
    self->j1 = block->j1;
    self->j2 = block->j2;
    self->first_block = b;
    if (self->stream) builder_enter(self);
    add_pair(self);
  }
}

xp_status xp_snap_stream_new(xp_snap_stream *stream, const xp_snap_tables *tables, bool same, bool bnormflag,
                             xp_error *error) {
  builder *self = calloc(1, sizeof *self);
  if (!self) return xp_error_memory(error, "SNAP product lists");
  *self = (builder){.tables = tables, .same = same, .bnormflag = bnormflag};
  xp_status status = builder_start(self, error);
  if (status == XP_OK) {
    add_pairs(self);
    status = xp_snap_stream_reserve(stream, self->used, error);
  }
  if (status == XP_OK) {
    self->stream = stream;
    add_pairs(self);
  }
  free(self->norm);
  free(self);
  return status;
}
