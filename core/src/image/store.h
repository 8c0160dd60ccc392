/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays of numbers and of indices that grow while an image is built. A failed allocation is remembered, so that it is asked
 * for once, at the end. */
#ifndef XPOT_IMAGE_STORE_H
#define XPOT_IMAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct xp_image_store {
  int nnumbers, nindices;
  int number_capacity, index_capacity;
  double *numbers; /* owned */
  int *indices;    /* owned */
  bool failed;     /* no memory, or more than an int counts */
} xp_image_store;

/* Append zeros; return the place of the first. */
int xp_image_add_numbers(xp_image_store *store, size_t count);
int xp_image_add_indices(xp_image_store *store, size_t count);

/* Appends copies; returns the place of the first. */
int xp_image_put_numbers(xp_image_store *store, const double *numbers, size_t count);

/* Append one. */
void xp_image_put_number(xp_image_store *store, double number);
void xp_image_put_index(xp_image_store *store, int index);

/* Frees the members. */
void xp_image_store_clear(xp_image_store *store);

#endif
