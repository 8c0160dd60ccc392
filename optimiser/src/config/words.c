/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/words.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Longer words are never near anything. */
#define LONGEST 64

static int smallest(int a, int b, int c) {
  int least = a < b ? a : b;
  return least < c ? least : c;
}

/* Levenshtein's distance, row by row. */
static int distance(const char *a, const char *b) {
  size_t na = strlen(a), nb = strlen(b);
  if (na > LONGEST || nb > LONGEST) return LONGEST;
  int row[LONGEST + 1];
  for (size_t j = 0; j <= nb; ++j) row[j] = (int)j;
  for (size_t i = 1; i <= na; ++i) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= nb; ++j) {
      int above = row[j];
      row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
      diagonal = above;
    }
  }
  return row[nb];
}

/* The known word with the fewest letters to change, insert or remove; NULL when none is near. */
static const char *nearest_word(const char *word, const char *const *words, int nwords) {
  const char *best = NULL;
  int limit = 1 + (int)strlen(word) / 3;
  for (int i = 0; i < nwords; ++i) {
    int d = distance(word, words[i]);
    if (d <= limit) {
      best = words[i];
      limit = d - 1;
    }
  }
  return best;
}

void xp_word_advice(const char *word, const char *const *words, int nwords, char *text, int size) {
  const char *nearest = nearest_word(word, words, nwords);
  if (nearest) {
    snprintf(text, (size_t)size, "; did you mean \"%s\"?", nearest);
    return;
  }
  int used = snprintf(text, (size_t)size, nwords ? "; known are " : "");
  for (int i = 0; i < nwords && used < size; ++i)
    used += snprintf(text + used, (size_t)(size - used), i ? ", %s" : "%s", words[i]);
}
