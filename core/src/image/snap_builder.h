/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a SNAP image while it is built. */
#ifndef XPOT_IMAGE_SNAP_BUILDER_H
#define XPOT_IMAGE_SNAP_BUILDER_H

#include "image/store.h"
#include "snap/snap_plan_data.h"
#include "xpot/snap_image.h"

typedef struct xp_snap_builder {
  const xp_snap_plan *plan;
  xp_snap_image *image;
  xp_image_store store; /* moves into the image at the end */
  xp_image_store
      products; /* of segments that are not packed yet: factors [nproducts], coefficients [nproducts][noutputs] */
  int segment_capacity, rest_capacity;
} xp_snap_builder;

/* Append copies of records. */
xp_status xp_snap_builder_segment(xp_snap_builder *self, const xp_snap_image_segment *segment, xp_error *error);
xp_status xp_snap_builder_rest(xp_snap_builder *self, const xp_snap_image_rest *rest, xp_error *error);

/* Sorts segments from first on, and moves their products to the image, interleaved. */
void xp_snap_builder_pack_segments(xp_snap_builder *self, int first);

/* Sorts rows, whose terms and weights are in `lists` one after the other, and puts them into the image's store, interleaved. */
void xp_snap_builder_pack_rows(xp_snap_builder *self, xp_snap_image_row *rows, int count, const xp_image_store *lists);

/* From moments to U, and back. */
xp_status xp_snap_builder_expansion(xp_snap_builder *self, xp_error *error);

/* Number in Y of the first entry of a level of label 0. */
int xp_snap_builder_level(const xp_snap_tables *tables, int j);

/* Linear models: the products of one central species, with their coefficients. */
xp_status xp_snap_builder_fold(xp_snap_builder *self, int species, xp_error *error);

/* Quadratic models: Z, components and links; of all species. */
xp_status xp_snap_builder_bispectrum(xp_snap_builder *self, xp_error *error);

#endif
