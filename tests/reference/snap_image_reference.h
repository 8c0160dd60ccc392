/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP from an image (xpot/snap_image.h), one atom and one list entry after the other in the order that the image documents:
 * what it means, without teams or lanes. */
#ifndef XPOT_SNAP_IMAGE_REFERENCE_H
#define XPOT_SNAP_IMAGE_REFERENCE_H

#include "xpot/neighbour.h"
#include "xpot/snap_image.h"

/* Semantics of xp_evaluate. */
xp_status xp_reference_snap_image(const xp_snap_image *image, const xp_neighbourhoods *neighbourhoods,
                                  const xp_evaluation *out, xp_error *error);

#endif
