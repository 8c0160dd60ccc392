/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quadratic models: products Z of all pairs of labels, components, and the links from Z to Y. */
#include "image/snap_builder.h"
#include "snap/snap_model.h"

static void put_products(xp_snap_builder *self, const xp_snap_stream *stream, const xp_snap_segment *from) {
  size_t count = from->end - from->first;
  for (uint32_t t = from->first; t < from->end; ++t)
    xp_image_put_index(&self->products, stream->pairs[t][0] / XP_SNAP_PLACE +
                                            XP_SNAP_IMAGE_RIGHT * (stream->pairs[t][1] / XP_SNAP_PLACE));
  xp_image_put_numbers(&self->products, (const double *)stream->coefficient + from->coefficient,
                       count * (size_t)from->noutputs);
}

/* Segments of labels (e1, e2). */
static xp_status add_segments(xp_snap_builder *self, int e1, int e2, xp_error *error) {
  const xp_snap_tables *t = self->plan->tables;
  const xp_snap_stream *stream = e1 == e2 ? &t->same : &t->mixed;
  xp_status status = XP_OK;
  for (int s = 0; s < stream->nsegments && status == XP_OK; ++s) {
    const xp_snap_segment *from = &stream->segments[s];
    xp_snap_image_segment segment = {.noutputs = from->noutputs,
                                     .nproducts = (int)(from->end - from->first),
                                     .left = e1 * t->nu,
                                     .right = e2 * t->nu,
                                     .factors = self->products.nindices,
                                     .coefficients = self->products.nnumbers,
                                     .outputs = self->store.nindices};
    for (int k = 0; k < from->noutputs; ++k)
      xp_image_put_index(&self->store,
                         (e1 * t->nlabels + e2) * t->nz + (int)stream->target[from->output + (uint32_t)k]);
    put_products(self, stream, from);
    status = xp_snap_builder_segment(self, &segment, error);
  }
  return status;
}

static xp_status add_products(xp_snap_builder *self, xp_error *error) {
  int n = self->plan->tables->nlabels;
  xp_status status = XP_OK;
  for (int labels = 0; labels < n * n && status == XP_OK; ++labels)
    status = add_segments(self, labels / n, labels % n, error);
  xp_snap_builder_pack_segments(self, 0);
  self->image->nsums = n * n * self->plan->tables->nz;
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
