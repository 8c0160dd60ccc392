/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/radial_image.h"

#include <string.h>

/* Exact functions have no bins of their own. Towards 0 they may grow without bound, so pieces are halved down to HALVINGS
 * times, each of EXACT_BINS quintic bins: the same relative accuracy everywhere but in the last piece, where no atom gets
 * alive. */
enum { HALVINGS = 10, EXACT_BINS = 64 };

static bool reaches_zero(const xp_ace_segment *s) {
  return s->kind == XP_ACE_SEGMENT_EXACT && s->begin == 0.0;
}

int xp_image_count_segments(const xp_ace_pair *pair) {
  int count = 0;
  for (int s = 0; s < pair->table.nsegments; ++s) count += reaches_zero(&pair->table.segments[s]) ? HALVINGS + 1 : 1;
  return count;
}

/* A segment with nodes made anew. */
static xp_status add_bins(xp_ace_image *image, xp_image_store *store, const xp_ace_pair *pair, double begin, double end,
                          int nbins, bool cubic, xp_error *error) {
  const xp_ace_table *table = &pair->table;
  double width = (end - begin) / nbins;
  int nodes = xp_image_add_numbers(store, ((size_t)nbins + 1) * 3 * (size_t)table->row);
  if (store->failed) return xp_error_memory(error, "the radial tables of an ACE image");
  image->segments[image->nsegments++] = (xp_ace_image_segment){
      .begin = begin, .inverse = nbins / (end - begin), .nbins = nbins, .quintic = !cubic, .nodes = nodes};
  return xp_ace_table_nodes(table, &pair->radial, begin, width, nbins, cubic, store->numbers + nodes, error);
}

static xp_status add_exact(xp_ace_image *image, xp_image_store *store, const xp_ace_pair *pair, const xp_ace_segment *s,
                           xp_error *error) {
  if (!reaches_zero(s)) return add_bins(image, store, pair, s->begin, s->end, EXACT_BINS, false, error);
  xp_status status = XP_OK;
  double begin = 0.0;
  for (int h = HALVINGS; h >= 0 && status == XP_OK; --h) {
    double end = s->end / (double)(1 << h);
    status = add_bins(image, store, pair, begin, end, EXACT_BINS, false, error);
    begin = end;
  }
  return status;
}

static xp_status add_segment(xp_ace_image *image, xp_image_store *store, const xp_ace_pair *pair,
                             const xp_ace_segment *s, xp_error *error) {
  if (s->kind == XP_ACE_SEGMENT_EXACT) return add_exact(image, store, pair, s, error);
  return add_bins(image, store, pair, s->begin, s->end, s->nbins, s->kind != XP_ACE_SEGMENT_QUINTIC, error);
}

/* The coefficients of a plan's tiles as plain rows. */
static int add_matrix(xp_image_store *store, const xp_ace_pair *pair) {
  int place = xp_image_add_numbers(store, (size_t)pair->ncolumns * (size_t)pair->nbase);
  for (int column = 0; column < pair->ncolumns && !store->failed; ++column)
    for (int k = 0; k < pair->nbase; ++k)
      store->numbers[place + column * pair->nbase + k] = xp_real_at(
          &pair->matrix, (size_t)((column / XP_ACE_TILE * pair->nbase + k) * XP_ACE_TILE + column % XP_ACE_TILE));
  return place;
}

static int add_components(xp_image_store *store, const xp_ace_pair *pair, int *count) {
  int place = store->nindices;
  *count = 0;
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
    for (int k = 0; k < b->count * (2 * b->l + 1); ++k, ++*count) {
      xp_image_put_index(store, b->slot + k);
      xp_image_put_index(store, b->column + k / (2 * b->l + 1));
      xp_image_put_index(store, b->l * b->l + k % (2 * b->l + 1));
    }
  return place;
}

static int add_harmonics(xp_image_store *store, const xp_ace_pair *pair) {
  int components = (pair->lmax + 1) * (pair->lmax + 1), place = xp_image_add_indices(store, 4 * (size_t)components);
  for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks && !store->failed; ++b)
    for (int i = 0; i <= 2 * b->l; ++i) {
      int *harmonic = store->indices + place + 4 * (b->l * b->l + i);
      harmonic[0] = b->slot + i;
      harmonic[1] = 2 * b->l + 1;
      harmonic[2] = b->column;
      harmonic[3] = b->count;
    }
  return place;
}

xp_status xp_image_add_pair(xp_ace_image *image, xp_image_store *store, const xp_ace_pair *pair, int ndensity,
                            xp_ace_image_pair *record, xp_error *error) {
  *record = (xp_ace_image_pair){.cutoff = pair->radial.cutoff,
                                .minimum = pair->minimum,
                                .rcut_in = pair->rcut_in,
                                .dcut_in = pair->dcut_in,
                                .row = pair->table.row,
                                .nbase = pair->nbase,
                                .ncolumns = pair->ncolumns,
                                .lmax = pair->lmax,
                                .first_segment = image->nsegments,
                                .matrix = add_matrix(store, pair),
                                .density =
                                    xp_image_put_numbers(store, pair->density, (size_t)ndensity * (size_t)pair->nbase)};
  record->components = add_components(store, pair, &record->ncomponents);
  record->harmonics = add_harmonics(store, pair);
  xp_status status = XP_OK;
  for (int s = 0; s < pair->table.nsegments && status == XP_OK; ++s)
    status = add_segment(image, store, pair, &pair->table.segments[s], error);
  record->end_segment = image->nsegments;
  return status;
}
