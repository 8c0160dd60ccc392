/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow while a plan is compiled. */
#ifndef XPOT_ACE_GROW_H
#define XPOT_ACE_GROW_H

#include <stdbool.h>
#include <stdlib.h>

/* Room for one item more than count in an array of items of the given size; false: out of memory. */
static inline bool xp_ace_grow(void **data, int *capacity, int count, size_t size) {
  if (count < *capacity) return true;
  int wanted = *capacity ? 2 * *capacity : 1024;
  void *grown = realloc(*data, (size_t)wanted * size);
  if (!grown) return false;
  *data = grown;
  *capacity = wanted;
  return true;
}

#endif
