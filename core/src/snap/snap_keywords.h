/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keywords of a .snapparam file: one table for reading, writing and telling the file's kind. */
#ifndef XPOT_SNAP_KEYWORDS_H
#define XPOT_SNAP_KEYWORDS_H

#include <stddef.h>

#include "snap/snap_lines.h"
#include "xpot/snap.h"

typedef enum xp_snap_keyword_kind {
  XP_SNAP_REAL,
  XP_SNAP_INTEGER,
  XP_SNAP_FLAG, /* 0 or 1 */
  XP_SNAP_LIST  /* one real number an element */
} xp_snap_keyword_kind;

typedef struct xp_snap_keyword {
  const char *name;
  xp_snap_keyword_kind kind;
  size_t offset; /* of the member of xp_snap_parameters */
  bool required;
} xp_snap_keyword;

enum { XP_SNAP_NKEYWORDS = 15 };
extern const xp_snap_keyword xp_snap_keywords[XP_SNAP_NKEYWORDS];

/* Index of the keyword a word is, -1 when it is none. */
int xp_snap_keyword_find(const xp_snap_word *word);

/* The known keyword with the fewest letters changed, added or removed. */
const char *xp_snap_keyword_nearest(const xp_snap_word *word);

#endif
