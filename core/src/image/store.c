/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/store.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 1024 };

/* Room for count more items of an array; NULL and unchanged when there is none. */
static void *grow(void *data, size_t size, int used, size_t count, int *capacity) {
  size_t wanted = (size_t)used + count, larger = *capacity > 0 ? (size_t)*capacity : CAPACITY_FIRST;
  if (wanted <= (size_t)*capacity) return data;
  while (larger < wanted) larger *= 2;
  if (wanted > INT_MAX) return NULL;
  if (larger > INT_MAX) larger = INT_MAX;
  void *grown = realloc(data, larger * size);
  if (grown) *capacity = (int)larger;
  return grown;
}

int xp_image_add_numbers(xp_image_store *store, size_t count) {
  int place = store->nnumbers;
  double *grown = store->failed ? NULL : grow(store->numbers, sizeof *grown, place, count, &store->number_capacity);
  store->failed = store->failed || (!grown && count > 0);
  if (store->failed) return 0;
  store->numbers = grown;
  if (count > 0) memset(grown + place, 0, count * sizeof *grown);
  store->nnumbers += (int)count;
  return place;
}

int xp_image_add_indices(xp_image_store *store, size_t count) {
  int place = store->nindices;
  int *grown = store->failed ? NULL : grow(store->indices, sizeof *grown, place, count, &store->index_capacity);
  store->failed = store->failed || (!grown && count > 0);
  if (store->failed) return 0;
  store->indices = grown;
  if (count > 0) memset(grown + place, 0, count * sizeof *grown);
  store->nindices += (int)count;
  return place;
}

int xp_image_put_numbers(xp_image_store *store, const double *numbers, size_t count) {
  int place = xp_image_add_numbers(store, count);
  if (!store->failed && count > 0) memcpy(store->numbers + place, numbers, count * sizeof *numbers);
  return place;
}

void xp_image_put_number(xp_image_store *store, double number) {
  xp_image_put_numbers(store, &number, 1);
}

void xp_image_put_index(xp_image_store *store, int index) {
  int place = xp_image_add_indices(store, 1);
  if (!store->failed) store->indices[place] = index;
}

void xp_image_store_clear(xp_image_store *store) {
  free(store->numbers);
  free(store->indices);
}
