/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network as records of an image. */
#ifndef XPOT_IMAGE_CENTRE_H
#define XPOT_IMAGE_CENTRE_H

#include "image/network.h"

/* Appends the network's records to those of the image and fills the ranges of centre. */
xp_status xp_image_add_network(xp_ace_image *image, xp_image_store *store, const xp_network *network, int ndensity,
                               xp_ace_image_centre *centre, xp_error *error);

#endif
