/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/snap_image.h"

#include <stdlib.h>
#include <string.h>

#include "image/snap_builder.h"
#include "image/snap_widen.h"
#include "potential/compiled.h"
#include "snap/snap_model.h"

enum { CAPACITY_FIRST = 64 };

/* Room for one more record. */
static void *room(void *records, size_t size, int used, int *capacity) {
  if (used < *capacity) return records;
  int larger = *capacity > 0 ? 2 * *capacity : CAPACITY_FIRST;
  void *grown = realloc(records, (size_t)larger * size);
  if (grown) *capacity = larger;
  return grown;
}

xp_status xp_snap_builder_segment(xp_snap_builder *self, const xp_snap_image_segment *segment, xp_error *error) {
  xp_snap_image *image = self->image;
  void *grown = room(image->segments, sizeof *segment, image->nsegments, &self->segment_capacity);
  if (!grown) return xp_error_memory(error, "a SNAP image");
  image->segments = grown;
  image->segments[image->nsegments++] = *segment;
  return XP_OK;
}

xp_status xp_snap_builder_rest(xp_snap_builder *self, const xp_snap_image_rest *rest, xp_error *error) {
  xp_snap_image *image = self->image;
  void *grown = room(image->rests, sizeof *rest, image->nrests, &self->rest_capacity);
  if (!grown) return xp_error_memory(error, "a SNAP image");
  image->rests = grown;
  image->rests[image->nrests++] = *rest;
  return XP_OK;
}

static xp_status fill_pairs(xp_snap_image *image, const xp_snap_geometry *g, xp_error *error) {
  int n = g->nelements;
  image->pairs = xp_snap_zeroed((size_t)n * (size_t)n, sizeof *image->pairs);
  if (!image->pairs) return xp_error_memory(error, "a SNAP image");
  for (int p = 0; p < n * n; ++p)
    image->pairs[p] = (xp_snap_image_pair){g->cutoff[p], g->scale[p], g->weight[p % n], g->inner[p], g->width[p]};
  return XP_OK;
}

static xp_status add_centre(xp_snap_builder *self, int species, xp_error *error) {
  xp_snap_image *image = self->image;
  const xp_snap_terms *terms = &self->plan->terms[species];
  size_t n = (size_t)self->plan->tables->ncomponents;
  xp_snap_image_centre *centre = &image->centres[species];
  centre->label = image->chem ? species : 0;
  centre->constant = terms->constant;
  if (image->quadratic) {
    centre->end_segment = image->nsegments;
    centre->beta = xp_image_put_numbers(&self->store, terms->beta, n);
    centre->alpha = xp_image_put_numbers(&self->store, terms->alpha, n * n);
    centre->zero = xp_image_put_numbers(&self->store, terms->zero, n);
    return XP_OK;
  }
  centre->constant -= terms->shift;
  centre->first_segment = image->nsegments;
  centre->first_rest = image->nrests;
  xp_status status = xp_snap_builder_fold(self, species, error);
  xp_snap_builder_pack_segments(self, centre->first_segment);
  centre->end_segment = image->nsegments;
  centre->end_rest = image->nrests;
  return status;
}

static void describe(xp_snap_image *image, const xp_snap_plan *plan) {
  const xp_snap_geometry *g = &plan->geometry;
  const xp_snap_tables *t = plan->tables;
  image->nelements = g->nelements;
  image->nlabels = t->nlabels;
  image->twojmax = t->twojmax;
  image->quadratic = plan->quadratic;
  image->chem = g->chemflag;
  image->switchflag = g->switchflag;
  image->switchinnerflag = g->switchinnerflag;
  image->wselfallflag = g->wselfallflag;
  image->rfac0 = g->rfac0;
  image->rmin0 = g->rmin0;
  image->nu = t->nu;
  image->nmoments = t->moments.nmoments;
}

static xp_status fill(xp_snap_builder *self, xp_error *error) {
  xp_snap_image *image = self->image;
  describe(image, self->plan);
  image->centres = xp_snap_zeroed((size_t)image->nelements, sizeof *image->centres);
  if (!image->centres) return xp_error_memory(error, "a SNAP image");
  xp_status status = fill_pairs(image, &self->plan->geometry, error);
  if (status == XP_OK) status = xp_snap_builder_expansion(self, error);
  if (status == XP_OK && image->quadratic) status = xp_snap_builder_bispectrum(self, error);
  for (int i = 0; i < image->nelements && status == XP_OK; ++i) status = add_centre(self, i, error);
  return status == XP_OK && (self->store.failed || self->products.failed) ? xp_error_memory(error, "a SNAP image")
                                                                          : status;
}

xp_status xp_snap_image_new(xp_snap_image **result, const xp_plan *plan, xp_error *error) {
  *result = NULL;
  if (xp_plan_kind(plan) != XP_KIND_SNAP)
    return xp_error_set(error, XP_ERROR_INPUT, "expected a SNAP plan for a SNAP image");
  xp_snap_image *image = calloc(1, sizeof *image);
  if (!image) return xp_error_memory(error, "a SNAP image");
  xp_snap_wide_plan wide = {0};
  xp_snap_builder self = {.plan = &wide.plan, .image = image};
  xp_status status = xp_snap_widen(&wide, xp_plan_compiled(plan), error);
  if (status == XP_OK) status = fill(&self, error);
  image->nnumbers = self.store.nnumbers;
  image->nindices = self.store.nindices;
  image->numbers = self.store.numbers;
  image->indices = self.store.indices;
  xp_image_store_clear(&self.products);
  xp_snap_wide_plan_clear(&wide);
  if (status == XP_OK)
    *result = image;
  else
    xp_snap_image_free(image);
  return status;
}

void xp_snap_image_free(xp_snap_image *image) {
  if (!image) return;
  free(image->pairs);
  free(image->centres);
  free(image->powers);
  free(image->entries);
  free(image->segments);
  free(image->rests);
  free(image->expansion);
  free(image->gathering);
  free(image->components);
  free(image->links);
  free(image->levels);
  free(image->numbers);
  free(image->indices);
  free(image);
}
