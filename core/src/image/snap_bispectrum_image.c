/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quadratic models: products Z of all pairs of labels, components, and the links from Z to Y. */
#include "image/snap_builder.h"
#include "snap/snap_model.h"

/* Where the numbers of a stream are in the image; all pairs of labels that have the stream share them. */
typedef struct copied_stream {
  int factors, coefficients;
} copied_stream;

static copied_stream copy_stream(xp_snap_builder *self, const xp_snap_stream *stream) {
  size_t nproducts = stream->nsegments > 0 ? stream->segments[stream->nsegments - 1].end : 0;
  copied_stream copy = {self->store.nindices, 0};
  for (size_t t = 0; t < nproducts; ++t)
    xp_image_put_index(&self->store, stream->pairs[t][0] / XP_SNAP_PLACE +
                                         XP_SNAP_IMAGE_RIGHT * (stream->pairs[t][1] / XP_SNAP_PLACE));
  copy.coefficients = xp_snap_builder_numbers(self, stream->coefficient, stream->ncoefficients);
  return copy;
}

/* Segments of labels (e1, e2). */
static xp_status add_segments(xp_snap_builder *self, const xp_snap_stream *stream, copied_stream copy, int e1, int e2,
                              xp_error *error) {
  const xp_snap_tables *t = self->plan->tables;
  xp_status status = XP_OK;
  for (int s = 0; s < stream->nsegments && status == XP_OK; ++s) {
    const xp_snap_segment *from = &stream->segments[s];
    xp_snap_image_segment segment = {.noutputs = from->noutputs,
                                     .nproducts = (int)(from->end - from->first),
                                     .left = e1 * t->nu,
                                     .right = e2 * t->nu,
                                     .factors = copy.factors + (int)from->first,
                                     .coefficients = copy.coefficients + (int)from->coefficient,
                                     .outputs = self->store.nindices};
    for (int k = 0; k < from->noutputs; ++k)
      xp_image_put_index(&self->store,
                         (e1 * t->nlabels + e2) * t->nz + (int)stream->target[from->output + (uint32_t)k]);
    status = xp_snap_builder_segment(self, &segment, error);
  }
  return status;
}

static xp_status add_products(xp_snap_builder *self, xp_error *error) {
  const xp_snap_tables *t = self->plan->tables;
  copied_stream same = copy_stream(self, &t->same), mixed = copy_stream(self, &t->mixed);
  xp_status status = XP_OK;
  for (int e1 = 0; e1 < t->nlabels; ++e1)
    for (int e2 = 0; e2 < t->nlabels && status == XP_OK; ++e2)
      status = e1 == e2 ? add_segments(self, &t->same, same, e1, e2, error)
                        : add_segments(self, &t->mixed, mixed, e1, e2, error);
  xp_snap_builder_sort(self, 0);
  self->image->nsums = t->nlabels * t->nlabels * t->nz;
  return status;
}

static void fill_components(xp_snap_image *image, const xp_snap_tables *t) {
  image->ncomponents = t->ncomponents;
  for (int k = 0; k < t->ncomponents; ++k)
    image->components[k] = (xp_snap_image_component){t->components[k].u, t->components[k].z, t->components[k].n};
}

/* Targets are in the order of levels. */
static void fill_links(xp_snap_builder *self) {
  const xp_snap_tables *t = self->plan->tables;
  xp_snap_image *image = self->image;
  xp_image_store *store = &self->store;
  image->nlinks = t->nlinks;
  for (int k = 0; k < t->nlinks; ++k)
    image->links[k] = (xp_snap_image_link){t->links[k].z, t->links[k].first, t->links[k].end};
  for (int k = 0; k < t->ntargets; ++k)
    image->levels[k] = (xp_snap_image_level){t->targets[k].first, t->targets[k].end};
  image->link_components = store->nindices;
  image->link_factors = store->nnumbers;
  for (int s = 0; s < t->nslots; ++s) {
    xp_image_put_index(store, t->slots[s].component);
    xp_image_put_number(store, t->slots[s].factor);
  }
}

xp_status xp_snap_builder_bispectrum(xp_snap_builder *self, xp_error *error) {
  const xp_snap_tables *t = self->plan->tables;
  xp_snap_image *image = self->image;
  image->components = xp_snap_zeroed((size_t)t->ncomponents, sizeof *image->components);
  image->links = xp_snap_zeroed((size_t)t->nlinks, sizeof *image->links);
  image->levels = xp_snap_zeroed((size_t)t->ntargets, sizeof *image->levels);
  if (!image->components || !image->links || !image->levels) return xp_error_memory(error, "a SNAP image");
  fill_components(image, t);
  fill_links(self);
  return add_products(self, error);
}
