/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjoints of a network as records of an image: nodes, gathers and sums. */
#ifndef XPOT_IMAGE_ADJOINT_H
#define XPOT_IMAGE_ADJOINT_H

#include "image/network.h"

/* Appends the records to those of the image, fills the ranges of centre, and those of its levels, which are in the image. */
xp_status xp_image_add_adjoints(xp_ace_image *image, xp_image_store *store, const xp_network *network,
                                xp_ace_image_centre *centre, xp_error *error);

#endif
