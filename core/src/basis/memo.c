/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/memo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash(const xp_memo_key *key) {
  uint64_t h = 14695981039346656037u;
  for (int i = 0; i < XP_MEMO_KEY_SIZE; ++i) h = (h ^ key->bytes[i]) * 1099511628211u;
  return h;
}

/* Where the key is or belongs; capacity is a power of two above the count. */
static size_t place(const xp_memo *memo, const xp_memo_key *key) {
  size_t at = hash(key) & (memo->capacity - 1);
  while (memo->values[at] && memcmp(&memo->keys[at], key, sizeof *key) != 0) at = (at + 1) & (memo->capacity - 1);
  return at;
}

void *xp_memo_find(const xp_memo *memo, const xp_memo_key *key) {
  return memo->count ? memo->values[place(memo, key)] : NULL;
}

static xp_status grow(xp_memo *memo, xp_error *error) {
  size_t capacity = memo->capacity ? 2 * memo->capacity : 256;
  xp_memo grown = {.keys = malloc(capacity * sizeof *grown.keys),
                   .values = calloc(capacity, sizeof *grown.values),
                   .capacity = capacity,
                   .count = memo->count};
  if (!grown.keys || !grown.values) {
    free(grown.keys);
    free(grown.values);
    return xp_error_memory(error, "couplings");
  }
  for (size_t i = 0; i < memo->capacity; ++i) {
    if (!memo->values[i]) continue;
    size_t at = place(&grown, &memo->keys[i]);
    grown.keys[at] = memo->keys[i];
    grown.values[at] = memo->values[i];
  }
  free(memo->keys);
  free(memo->values);
  *memo = grown;
  return XP_OK;
}

xp_status xp_memo_add(xp_memo *memo, const xp_memo_key *key, void *value, xp_error *error) {
  if (2 * memo->count >= memo->capacity && grow(memo, error) != XP_OK) {
    free(value);
    return XP_ERROR_MEMORY;
  }
  size_t at = place(memo, key);
  memo->keys[at] = *key;
  memo->values[at] = value;
  memo->count++;
  return XP_OK;
}

void xp_memo_clear(xp_memo *memo) {
  for (size_t i = 0; i < memo->capacity; ++i) free(memo->values[i]);
  free(memo->keys);
  free(memo->values);
  *memo = (xp_memo){0};
}
