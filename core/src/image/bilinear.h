/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bilinear maps as lists of terms (xp_ace_image_type). */
#ifndef XPOT_IMAGE_BILINEAR_H
#define XPOT_IMAGE_BILINEAR_H

#include "image/store.h"
#include "xpot/ace_image.h"

/* The terms of tensor [noutputs][n1][n2], whose zeros are left out. */
xp_ace_image_type xp_image_bilinear(xp_image_store *store, int noutputs, int n1, int n2, const double *tensor);

#endif
