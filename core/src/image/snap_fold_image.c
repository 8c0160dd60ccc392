/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linear models: Y of one central species as sums of products with the model's coefficients in them. All products of one pair of
 * projections (tb, ta) and of labels are one list, whose outputs are the levels of all labels with these projections; it is
 * cut into pieces of nearly equal length, because a team needs many items that cost the same. */
#include <stdlib.h>

#include "image/snap_builder.h"
#include "snap/snap_model.h"

/* Products of a piece: at least the first, and a part of all products of the species. */
enum { PIECE_MIN = 16, PIECES = 128 };

/* A segment of the products of Z, by the projections of its outputs. */
typedef struct member {
  int tb, ta;
  int segment;
} member;

/* Segments of one projection, sorted. */
typedef struct members {
  member *items;
  int count;
} members;

/* One species. Streams of equal and of different labels. */
typedef struct folder {
  xp_snap_builder *builder;
  const xp_snap_tables *tables;
  const xp_snap_stream *streams[2];
  members sorted[2];
  double *factors; /* [e1][e2][block][e3] of Z in dE/dconj(U) of label e3 */
  int longest;     /* products of a piece */
} folder;

/* Some outputs of a projection, and the pieces that add to them. */
typedef struct outputs {
  int tb, ta;
  int count;
  int labels[XP_SNAP_IMAGE_OUTPUTS], levels[XP_SNAP_IMAGE_OUTPUTS];
  int npieces, piece; /* all pieces, and the one at hand */
  int first_rest;     /* in the list of sums */
} outputs;

static int stream_of(int e1, int e2) {
  return e1 == e2 ? 0 : 1;
}

static const xp_snap_segment *segment_at(const folder *self, int stream, const member *m) {
  return &self->streams[stream]->segments[m->segment];
}

static int block_index(const folder *self, int stream, const member *m, int output) {
  return (int)self->streams[stream]->block[segment_at(self, stream, m)->output + (uint32_t)output];
}

static const xp_snap_block *block_at(const folder *self, int stream, const member *m, int output) {
  return &self->tables->blocks[block_index(self, stream, m, output)];
}

/* ---- sorted segments ---- */

static int compare_members(const void *left, const void *right) {
  const member *a = left, *b = right;
  if (a->tb != b->tb) return a->tb < b->tb ? -1 : 1;
  if (a->ta != b->ta) return a->ta < b->ta ? -1 : 1;
  return (a->segment > b->segment) - (a->segment < b->segment);
}

static xp_status sort_members(folder *self, int stream, xp_error *error) {
  const xp_snap_stream *source = self->streams[stream];
  members *all = &self->sorted[stream];
  all->items = xp_snap_zeroed((size_t)source->nsegments, sizeof *all->items);
  if (!all->items) return xp_error_memory(error, "a SNAP image");
  all->count = source->nsegments;
  for (int s = 0; s < all->count; ++s) {
    const xp_snap_segment *segment = &source->segments[s];
    const xp_snap_block *block = &self->tables->blocks[source->block[segment->output]];
    int entry = (int)source->target[segment->output] - block->z;
    all->items[s] = (member){2 * (entry / (block->j + 1)) - block->j, 2 * (entry % (block->j + 1)) - block->j, s};
  }
  qsort(all->items, (size_t)all->count, sizeof *all->items, compare_members);
  return XP_OK;
}

/* Those with the projections of outputs. */
static members find_members(const folder *self, int stream, int tb, int ta) {
  const members *all = &self->sorted[stream];
  members found = {all->items, 0};
  while (found.items < all->items + all->count && (found.items->tb != tb || found.items->ta != ta)) ++found.items;
  while (found.items + found.count < all->items + all->count && found.items[found.count].tb == tb &&
         found.items[found.count].ta == ta)
    ++found.count;
  return found;
}

/* How many segments from the first on have the same products: their outputs are further levels of one pair of levels. */
static int count_same(const folder *self, int stream, members m) {
  const xp_snap_block *pair = block_at(self, stream, m.items, 0);
  int same = 1;
  for (; same < m.count; ++same) {
    const xp_snap_block *next = block_at(self, stream, m.items + same, 0);
    if (next->j1 != pair->j1 || next->j2 != pair->j2) break;
  }
  return same;
}

/* ---- factors of Z ---- */

static size_t factor_place(const folder *self, int e1, int e2, int block, int e3) {
  const xp_snap_tables *t = self->tables;
  return (size_t)((e1 * t->nlabels + e2) * t->nblocks + block) * (size_t)t->nlabels + (size_t)e3;
}

static xp_status fill_factors(folder *self, const double *beta, xp_error *error) {
  const xp_snap_tables *t = self->tables;
  size_t count = (size_t)t->nblocks * (size_t)(t->nlabels * t->nlabels * t->nlabels);
  self->factors = xp_snap_zeroed(count, sizeof *self->factors);
  int *blocks = xp_snap_zeroed((size_t)t->nz, sizeof *blocks);
  for (int b = 0; b < t->nblocks && blocks; ++b) blocks[t->blocks[b].z] = b;
  for (int s = 0; s < t->nslots && blocks && self->factors; ++s) {
    const xp_snap_slot *slot = &t->slots[s];
    int labels = slot->z / t->nz, e1 = labels / t->nlabels, e2 = labels % t->nlabels;
    self->factors[factor_place(self, e1, e2, blocks[slot->z % t->nz], slot->label)] +=
        slot->factor * beta[slot->component];
  }
  free(blocks);
  return blocks && self->factors ? XP_OK : xp_error_memory(error, "a SNAP image");
}

/* ---- pieces ---- */

/* The coefficients of one pair of levels for an output: those of the products of Z times a factor. */
typedef struct column {
  const double *coefficients; /* NULL: none */
  int stride;
  double factor;
} column;

/* The output of some segments that is level j. */
static column find_column(const folder *self, int e1, int e2, members same, int e3, int j) {
  int stream = stream_of(e1, e2);
  for (int m = 0; m < same.count; ++m) {
    const xp_snap_segment *segment = segment_at(self, stream, same.items + m);
    for (int k = 0; k < segment->noutputs; ++k) {
      int block = block_index(self, stream, same.items + m, k);
      if (self->tables->blocks[block].j != j) continue;
      return (column){(const double *)self->streams[stream]->coefficient + segment->coefficient + k, segment->noutputs,
                      self->factors[factor_place(self, e1, e2, block, e3)]};
    }
  }
  return (column){NULL, 0, 0.0};
}

/* Fills columns; false when no output has any of these products. */
static bool find_columns(const folder *self, int e1, int e2, members same, const outputs *o, column *columns) {
  bool used = false;
  for (int k = 0; k < o->count; ++k) {
    columns[k] = find_column(self, e1, e2, same, o->labels[k], o->levels[k]);
    used = used || columns[k].coefficients;
  }
  return used;
}

/* Products of labels (e1, e2) that outputs have. */
static int count_products(const folder *self, int e1, int e2, const outputs *o) {
  int stream = stream_of(e1, e2), total = 0, same;
  column columns[XP_SNAP_IMAGE_OUTPUTS];
  for (members m = find_members(self, stream, o->tb, o->ta); m.count > 0; m.items += same, m.count -= same) {
    same = count_same(self, stream, m);
    const xp_snap_segment *segment = segment_at(self, stream, m.items);
    if (find_columns(self, e1, e2, (members){m.items, same}, o, columns)) total += (int)(segment->end - segment->first);
  }
  return total;
}

static int count_pieces(const folder *self, int products) {
  return (products + self->longest - 1) / self->longest;
}

/* Where output k of the piece at hand goes: the first to Y itself, the others to parts. */
static int place_of(const folder *self, const outputs *o, int k) {
  int j = o->levels[k], entry = (j + 1) * ((o->tb + j) / 2) + (o->ta + j) / 2;
  if (o->piece > 0) return o->first_rest + k * (o->npieces - 1) + o->piece - 1;
  return o->labels[k] * self->builder->image->nentries + xp_snap_builder_level(self->tables, j) + entry;
}

/* A segment that has no products yet. */
static xp_snap_image_segment start_piece(const folder *self, int e1, int e2, const outputs *o) {
  xp_image_store *store = &self->builder->store;
  xp_snap_image_segment segment = {.noutputs = o->count,
                                   .left = e1 * self->tables->nu,
                                   .right = e2 * self->tables->nu,
                                   .factors = self->builder->products.nindices,
                                   .coefficients = self->builder->products.nnumbers,
                                   .outputs = store->nindices};
  for (int k = 0; k < o->count; ++k) xp_image_put_index(store, place_of(self, o, k));
  return segment;
}

static void put_product(const folder *self, const uint16_t pair[2], const column *columns, int count, uint32_t row) {
  xp_image_store *store = &self->builder->products;
  xp_image_put_index(store, pair[0] / XP_SNAP_PLACE + XP_SNAP_IMAGE_RIGHT * (pair[1] / XP_SNAP_PLACE));
  for (int k = 0; k < count; ++k) {
    const column *c = &columns[k];
    xp_image_put_number(store, c->coefficients ? c->factor * c->coefficients[row * (uint32_t)c->stride] : 0.0);
  }
}

/* The products of labels (e1, e2). */
static xp_status add_pieces(const folder *self, int e1, int e2, outputs *o, xp_error *error) {
  int stream = stream_of(e1, e2), left = count_products(self, e1, e2, o), pieces = count_pieces(self, left), same;
  xp_snap_image_segment piece = {0};
  column columns[XP_SNAP_IMAGE_OUTPUTS];
  for (members m = find_members(self, stream, o->tb, o->ta); m.count > 0; m.items += same, m.count -= same) {
    same = count_same(self, stream, m);
    if (!find_columns(self, e1, e2, (members){m.items, same}, o, columns)) continue;
    const xp_snap_segment *segment = segment_at(self, stream, m.items);
    for (uint32_t t = segment->first; t < segment->end; ++t) {
      if (piece.nproducts == 0) piece = start_piece(self, e1, e2, o);
      put_product(self, self->streams[stream]->pairs[t], columns, o->count, t - segment->first);
      if (++piece.nproducts < (left + pieces - 1) / pieces) continue;
      xp_status status = xp_snap_builder_segment(self->builder, &piece, error);
      if (status != XP_OK) return status;
      left -= piece.nproducts;
      piece.nproducts = 0;
      --pieces;
      ++o->piece;
    }
  }
  return XP_OK;
}

/* ---- outputs ---- */

static xp_status add_rests(const folder *self, outputs *o, xp_error *error) {
  xp_status status = XP_OK;
  for (int k = 0; k < o->count && o->npieces > 1 && status == XP_OK; ++k) {
    o->piece = 0;
    xp_snap_image_rest rest = {place_of(self, o, k), o->first_rest + k * (o->npieces - 1), o->npieces - 1};
    status = xp_snap_builder_rest(self->builder, &rest, error);
  }
  return status;
}

/* nsums: numbers in the list of sums so far. */
static xp_status add_outputs(const folder *self, outputs *o, int *nsums, xp_error *error) {
  int n = self->tables->nlabels;
  o->npieces = 0;
  for (int pair = 0; pair < n * n; ++pair)
    o->npieces += count_pieces(self, count_products(self, pair / n, pair % n, o));
  o->first_rest = *nsums;
  *nsums += o->count * (o->npieces - 1);
  xp_status status = add_rests(self, o, error);
  o->piece = 0;
  for (int pair = 0; pair < n * n && status == XP_OK; ++pair) status = add_pieces(self, pair / n, pair % n, o, error);
  return status;
}

/* All levels and labels of one projection, in parts of nearly equal size. */
static xp_status add_projection(const folder *self, int tb, int ta, int *nsums, xp_error *error) {
  int low = abs(tb) > abs(ta) ? abs(tb) : abs(ta), nlevels = (self->tables->twojmax - low) / 2 + 1;
  int left = nlevels * self->tables->nlabels, done = 0;
  xp_status status = XP_OK;
  for (int parts = (left + XP_SNAP_IMAGE_OUTPUTS - 1) / XP_SNAP_IMAGE_OUTPUTS; parts > 0 && status == XP_OK; --parts) {
    outputs o = {.tb = tb, .ta = ta, .count = (left + parts - 1) / parts};
    for (int k = 0; k < o.count; ++k, ++done) {
      o.labels[k] = done / nlevels;
      o.levels[k] = low + 2 * (done % nlevels);
    }
    left -= o.count;
    status = add_outputs(self, &o, nsums, error);
  }
  return status;
}

static xp_status add_all(folder *self, xp_error *error) {
  const members *all = &self->sorted[0];
  xp_snap_image *image = self->builder->image;
  int nsums = image->nlabels * image->nentries;
  xp_status status = XP_OK;
  for (int m = 0; m < all->count && status == XP_OK; ++m) {
    const member *at = &all->items[m];
    if (m > 0 && at->tb == at[-1].tb && at->ta == at[-1].ta) continue;
    status = add_projection(self, at->tb, at->ta, &nsums, error);
  }
  if (nsums > image->nsums) image->nsums = nsums;
  return status;
}

static int count_all_products(const xp_snap_tables *t) {
  int same = t->same.nsegments > 0 ? (int)t->same.segments[t->same.nsegments - 1].end : 0;
  int mixed = t->mixed.nsegments > 0 ? (int)t->mixed.segments[t->mixed.nsegments - 1].end : 0;
  return t->nlabels * same + t->nlabels * (t->nlabels - 1) * mixed;
}

xp_status xp_snap_builder_fold(xp_snap_builder *builder, int species, xp_error *error) {
  const xp_snap_tables *t = builder->plan->tables;
  folder self = {.builder = builder, .tables = t, .streams = {&t->same, &t->mixed}};
  int longest = count_all_products(t) / PIECES;
  self.longest = longest > PIECE_MIN ? longest : PIECE_MIN;
  xp_status status = fill_factors(&self, builder->plan->terms[species].beta, error);
  for (int stream = 0; stream < 2 && status == XP_OK; ++stream) status = sort_members(&self, stream, error);
  if (status == XP_OK) status = add_all(&self, error);
  free(self.factors);
  free(self.sorted[0].items);
  free(self.sorted[1].items);
  return status;
}
