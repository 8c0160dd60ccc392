/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of an image: tables of radial functions, all of them stored, and their coefficients. */
#ifndef XPOT_IMAGE_RADIAL_H
#define XPOT_IMAGE_RADIAL_H

#include "ace/plan_data.h"
#include "image/store.h"
#include "xpot/ace_image.h"

/* Segments that a pair will have. */
int xp_image_count_segments(const xp_ace_pair *pair);

/* Fills the record of a pair, and its segments from the image's next free ones on; nsegments of the image grows. */
xp_status xp_image_add_pair(xp_ace_image *image, xp_image_store *store, const xp_ace_pair *pair, int ndensity,
                            xp_ace_image_pair *record, xp_error *error);

#endif
