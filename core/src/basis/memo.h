/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has been worked out once, found again by a short key. */
#ifndef XPOT_BASIS_MEMO_H
#define XPOT_BASIS_MEMO_H

#include <stddef.h>

#include "xpot/error.h"

enum { XP_MEMO_KEY_SIZE = 24 };

/* Bytes that are not used are zero. */
typedef struct xp_memo_key {
  unsigned char bytes[XP_MEMO_KEY_SIZE];
} xp_memo_key;

/* All zero is empty. Values are blocks of malloc, owned. */
typedef struct xp_memo {
  xp_memo_key *keys; /* [capacity] */
  void **values;     /* [capacity], NULL where free */
  size_t capacity, count;
} xp_memo;

/* NULL when the key is new. */
void *xp_memo_find(const xp_memo *memo, const xp_memo_key *key);

/* Takes value over, also when it fails. The key is new. */
xp_status xp_memo_add(xp_memo *memo, const xp_memo_key *key, void *value, xp_error *error);

/* Frees everything; the memo is empty afterwards. */
void xp_memo_clear(xp_memo *memo);

#endif
