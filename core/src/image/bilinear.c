/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/bilinear.h"

#include <math.h>

/* Smaller weights are what rounding leaves of those that cancel. */
static const double WEIGHT_MIN = 1e-14;

xp_ace_image_type xp_image_bilinear(xp_image_store *store, int noutputs, int n1, int n2, const double *tensor) {
  xp_ace_image_type type = {.noutputs = noutputs, .first = xp_image_add_indices(store, (size_t)noutputs + 1)};
  int size = n1 * n2;
  type.terms = store->nindices;
  type.weights = store->nnumbers;
  for (int r = 0; r < noutputs; ++r) {
    for (int k = 0; k < size; ++k) {
      double weight = tensor[(size_t)r * (size_t)size + (size_t)k];
      if (fabs(weight) < WEIGHT_MIN) continue;
      xp_image_put_index(store, k / n2 + k % n2 * XP_ACE_IMAGE_TERM);
      xp_image_put_number(store, weight);
      ++type.nterms;
    }
    if (!store->failed) store->indices[type.first + r + 1] = type.nterms;
  }
  return type;
}
