/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of neighbouring items, sorted by length, into one block: workers that are at the same entry of their lists read
 * neighbouring numbers. */
#include <stdlib.h>

#include "image/snap_builder.h"

enum { STRIDE = XP_SNAP_IMAGE_STRIDE };

static int compare_segments(const void *left, const void *right) {
  const xp_snap_image_segment *a = left, *b = right;
  if (a->noutputs != b->noutputs) return a->noutputs > b->noutputs ? -1 : 1;
  if (a->nproducts != b->nproducts) return a->nproducts > b->nproducts ? -1 : 1;
  return (a->outputs > b->outputs) - (a->outputs < b->outputs); /* one order on all machines */
}

/* A block for up to STRIDE segments with the same number of outputs, of which the first is the longest. */
static void pack_block(xp_snap_builder *self, xp_snap_image_segment *segments, int count) {
  xp_image_store *to = &self->store;
  int noutputs = segments->noutputs;
  size_t length = STRIDE * (size_t)segments->nproducts;
  int indices = xp_image_add_indices(to, length), numbers = xp_image_add_numbers(to, length * (size_t)noutputs);
  if (to->failed || self->products.failed) return;
  for (int s = 0; s < count; ++s) {
    xp_snap_image_segment *segment = &segments[s];
    const int *factors = self->products.indices + segment->factors;
    const double *coefficients = self->products.numbers + segment->coefficients;
    segment->factors = indices + s;
    segment->coefficients = numbers + s;
    for (int t = 0; t < segment->nproducts; ++t) to->indices[segment->factors + STRIDE * t] = factors[t];
    for (int t = 0; t < segment->nproducts * noutputs; ++t)
      to->numbers[segment->coefficients + STRIDE * t] = coefficients[t];
  }
}

void xp_snap_builder_pack_segments(xp_snap_builder *self, int first) {
  xp_snap_image_segment *segments = self->image->segments + first;
  int left = self->image->nsegments - first, count;
  if (left > 0) qsort(segments, (size_t)left, sizeof *segments, compare_segments);
  for (; left > 0; segments += count, left -= count) {
    for (count = 1; count < STRIDE && count < left; ++count)
      if (segments[count].noutputs != segments->noutputs) break;
    pack_block(self, segments, count);
  }
  self->products.nindices = self->products.nnumbers = 0;
}

static int compare_rows(const void *left, const void *right) {
  const xp_snap_image_row *a = left, *b = right;
  if (a->count != b->count) return a->count > b->count ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

void xp_snap_builder_pack_rows(xp_snap_builder *self, xp_snap_image_row *rows, int count, const xp_image_store *lists) {
  xp_image_store *to = &self->store;
  int terms = 0, weights = 0;
  qsort(rows, (size_t)count, sizeof *rows, compare_rows);
  for (int r = 0; r < count; ++r) {
    xp_snap_image_row *row = &rows[r];
    if (r % STRIDE == 0) {
      terms = xp_image_add_indices(to, STRIDE * (size_t)row->count);
      weights = xp_image_add_numbers(to, STRIDE * (size_t)row->count);
    }
    if (to->failed || lists->failed) return;
    const int *from = lists->indices + row->terms;
    const double *from_weights = lists->numbers + row->weights;
    row->terms = terms + r % STRIDE;
    row->weights = weights + r % STRIDE;
    for (int t = 0; t < row->count; ++t) {
      to->indices[row->terms + STRIDE * t] = from[t];
      to->numbers[row->weights + STRIDE * t] = from_weights[t];
    }
  }
}
