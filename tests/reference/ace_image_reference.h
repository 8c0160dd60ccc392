/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE from an image (xpot/ace_image.h), one atom and one list entry after the other in the order that the image documents: what
 * it means, without teams or lanes. */
#ifndef XPOT_ACE_IMAGE_REFERENCE_H
#define XPOT_ACE_IMAGE_REFERENCE_H

#include "xpot/ace_image.h"
#include "xpot/neighbour.h"

/* Semantics of xp_evaluate, but neighbours that are too close are not refused. */
xp_status xp_reference_ace_image(const xp_ace_image *image, const xp_neighbourhoods *neighbourhoods,
                                 const xp_evaluation *out, xp_error *error);

#endif
