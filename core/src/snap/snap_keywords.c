/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_keywords.h"

#include <string.h>

#define KEYWORD(member, type, needed) \
  { .name = #member, .kind = type, .offset = offsetof(xp_snap_parameters, member), .required = needed }

const xp_snap_keyword xp_snap_keywords[XP_SNAP_NKEYWORDS] = {
    KEYWORD(rcutfac, XP_SNAP_REAL, true),
    KEYWORD(twojmax, XP_SNAP_INTEGER, true),
    KEYWORD(rfac0, XP_SNAP_REAL, false),
    KEYWORD(rmin0, XP_SNAP_REAL, false),
    KEYWORD(switchflag, XP_SNAP_FLAG, false),
    KEYWORD(bzeroflag, XP_SNAP_FLAG, false),
    KEYWORD(quadraticflag, XP_SNAP_FLAG, false),
    KEYWORD(chemflag, XP_SNAP_FLAG, false),
    KEYWORD(bnormflag, XP_SNAP_FLAG, false),
    KEYWORD(wselfallflag, XP_SNAP_FLAG, false),
    KEYWORD(switchinnerflag, XP_SNAP_FLAG, false),
    KEYWORD(sinner, XP_SNAP_LIST, false),
    KEYWORD(dinner, XP_SNAP_LIST, false),
    KEYWORD(chunksize, XP_SNAP_INTEGER, false),
    KEYWORD(parallelthresh, XP_SNAP_INTEGER, false),
};

/* Longest word that is compared letter by letter. */
enum { LONGEST = 32 };

int xp_snap_keyword_find(const xp_snap_word *word) {
  for (int k = 0; k < XP_SNAP_NKEYWORDS; ++k)
    if (xp_snap_word_is(word, xp_snap_keywords[k].name)) return k;
  return -1;
}

static int smallest(int a, int b, int c) {
  int ab = a < b ? a : b;
  return ab < c ? ab : c;
}

/* Levenshtein's distance. */
static int distance(const char *a, int na, const char *b, int nb) {
  int row[LONGEST + 1];
  for (int j = 0; j <= nb; ++j) row[j] = j;
  for (int i = 1; i <= na; ++i) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= nb; ++j) {
      int above = row[j];
      row[j] = smallest(row[j - 1] + 1, above + 1, diagonal + (a[i - 1] != b[j - 1]));
      diagonal = above;
    }
  }
  return row[nb];
}

const char *xp_snap_keyword_nearest(const xp_snap_word *word) {
  int size = word->size < LONGEST ? word->size : LONGEST;
  int best = 0, best_distance = LONGEST + 1;
  for (int k = 0; k < XP_SNAP_NKEYWORDS; ++k) {
    const char *name = xp_snap_keywords[k].name;
    int d = distance(word->text, size, name, (int)strlen(name));
    if (d < best_distance) {
      best = k;
      best_distance = d;
    }
  }
  return xp_snap_keywords[best].name;
}
