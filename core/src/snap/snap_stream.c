/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "snap/snap_coupling.h"
#include "snap/snap_model.h"

/* Coefficients below are exact zeros that rounding hides. */
static const double NEGLIGIBLE = 1e-14;

static xp_status stream_reserve(xp_snap_stream *stream, size_t noutputs, size_t nterms, xp_error *error) {
  memset(stream, 0, sizeof *stream);
  stream->first = xp_snap_zeroed(noutputs + 1, sizeof *stream->first);
  stream->target = xp_snap_zeroed(noutputs, sizeof *stream->target);
  stream->pairs = xp_snap_zeroed(nterms, sizeof *stream->pairs);
  stream->coefficient = xp_snap_zeroed(nterms, sizeof *stream->coefficient);
  if (stream->first && stream->target && stream->pairs && stream->coefficient) return XP_OK;
  xp_snap_stream_free(stream);
  return xp_error_memory(error, "SNAP product lists");
}

void xp_snap_stream_free(xp_snap_stream *stream) {
  free(stream->first);
  free(stream->target);
  free(stream->pairs);
  free(stream->coefficient);
  memset(stream, 0, sizeof *stream);
}

static void append_term(xp_snap_stream *stream, int left, int right, double coefficient) {
  uint32_t *end = &stream->first[stream->noutputs + 1];
  stream->pairs[*end][0] = (uint16_t)left;
  stream->pairs[*end][1] = (uint16_t)right;
  stream->coefficient[*end] = coefficient;
  ++*end;
}

static void start_output(xp_snap_stream *stream) {
  stream->first[stream->noutputs + 1] = stream->first[stream->noutputs];
}

static void finish_output(xp_snap_stream *stream, int target) {
  stream->target[stream->noutputs++] = (uint32_t)target;
}

static int clamp_low(int value) {
  return value > 0 ? value : 0;
}

/* Offsets m1 of level j1 whose partner in j2 adds up to m of level j: first and last. */
static int first_offset(const xp_snap_block *b, int m) {
  return clamp_low((2 * m - b->j - b->j2 + b->j1) / 2);
}
static int last_offset(const xp_snap_block *b, int m) {
  int last = (2 * m - b->j + b->j2 + b->j1) / 2;
  return last < b->j1 ? last : b->j1;
}

/* Half-sum weight of an output. */
static double weight(int j, int mb, int ma) {
  return 2 * mb == j && ma == mb ? 1.0 : 2.0;
}

/* What the coefficients of one block need. */
typedef struct builder {
  const xp_snap_tables *tables;
  bool same;
  bool bnormflag;
  double *norm;                                                          /* [nu] */
  double coupling[XP_SNAP_TWOJMAX_LIMIT + 1][XP_SNAP_TWOJMAX_LIMIT + 1]; /* C(j1 m1, j2 m2; j) of the block */
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

static void builder_enter(builder *self, const xp_snap_block *b) {
  for (int m1 = 0; m1 <= b->j1; ++m1)
    for (int m2 = 0; m2 <= b->j2; ++m2) self->coupling[m1][m2] = xp_snap_clebsch_gordan(b->j1, m1, b->j2, m2, b->j);
}

/* One output Z^j[mb][ma]: all products of level j1 and j2. stream NULL: counts only. */
static size_t add_output(const builder *self, xp_snap_stream *stream, const xp_snap_block *b, int mb, int ma) {
  const int *ublock = self->tables->ublock;
  bool mirrored = self->same && b->j1 == b->j2;
  double scale = self->norm[ublock[b->j] + (b->j + 1) * mb + ma] * weight(b->j, mb, ma);
  if (self->bnormflag) scale /= b->j + 1;
  size_t count = 0;
  int sum = (b->j1 + b->j2 - b->j) / 2;
  for (int mb1 = first_offset(b, mb); mb1 <= last_offset(b, mb); ++mb1)
    for (int ma1 = first_offset(b, ma); ma1 <= last_offset(b, ma); ++ma1) {
      int mb2 = mb + sum - mb1, ma2 = ma + sum - ma1;
      int left = ublock[b->j1] + (b->j1 + 1) * mb1 + ma1, right = ublock[b->j2] + (b->j2 + 1) * mb2 + ma2;
      double coefficient = self->coupling[mb1][mb2] * self->coupling[ma1][ma2];
      if (fabs(coefficient) < NEGLIGIBLE || (mirrored && left > right)) continue;
      ++count;
      if (mirrored && left < right) coefficient *= 2.0;
      if (stream) append_term(stream, left, right, coefficient * scale * self->norm[left] * self->norm[right]);
    }
  return count;
}

static size_t add_block(builder *self, xp_snap_stream *stream, const xp_snap_block *b) {
  size_t count = 0;
  builder_enter(self, b);
  for (int entry = 0; entry < b->n; ++entry) {
    if (stream) start_output(stream);
    count += add_output(self, stream, b, entry / (b->j + 1), entry % (b->j + 1));
    if (stream) finish_output(stream, b->z + entry);
  }
  return count;
}

xp_status xp_snap_stream_new(xp_snap_stream *stream, const xp_snap_tables *tables, bool same, bool bnormflag,
                             xp_error *error) {
  builder self = {.tables = tables, .same = same, .bnormflag = bnormflag};
  size_t count = 0;
  xp_status status = builder_start(&self, error);
  if (status != XP_OK) return status;
  for (int k = 0; k < tables->nblocks; ++k) count += add_block(&self, NULL, &tables->blocks[k]);
  status = stream_reserve(stream, (size_t)tables->nz, count, error);
  if (status == XP_OK)
    for (int k = 0; k < tables->nblocks; ++k) add_block(&self, stream, &tables->blocks[k]);
  free(self.norm);
  return status;
}

/* The terms of one Z entry times a factor, appended to the current output. */
static void append_scaled(xp_snap_stream *folded, const xp_snap_stream *source, int entry, double factor) {
  for (uint32_t t = source->first[entry]; t < source->first[entry + 1]; ++t)
    append_term(folded, source->pairs[t][0], source->pairs[t][1], factor * source->coefficient[t]);
}

xp_status xp_snap_stream_fold(xp_snap_stream *folded, const xp_snap_tables *tables, const double *beta,
                              xp_error *error) {
  const xp_snap_stream *source = &tables->same;
  size_t noutputs = 0;
  for (int j = 0; j <= tables->twojmax; ++j) noutputs += (size_t)tables->nsum[j];
  xp_status status = stream_reserve(folded, noutputs, source->first[source->noutputs], error);
  if (status != XP_OK) return status;
  for (int j = 0; j <= tables->twojmax; ++j)
    for (int entry = 0; entry < tables->nsum[j]; ++entry) {
      start_output(folded);
      for (int s = 0; s < tables->nslots; ++s) {
        const xp_snap_slot *slot = &tables->slots[s];
        double factor = slot->factor * beta[slot->component];
        if (slot->j == j && factor != 0.0) append_scaled(folded, source, slot->z + entry, factor);
      }
      finish_output(folded, tables->ublock[j] + entry);
    }
  return XP_OK;
}
