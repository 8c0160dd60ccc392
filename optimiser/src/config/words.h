/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misspelt words: which of the known ones was meant. */
#ifndef XPOT_OPTIMISER_WORDS_H
#define XPOT_OPTIMISER_WORDS_H

/* Known words that an error message looks through, at most. */
#define XP_WORDS_MOST 64

/* "; did you mean \"rcutfac\"?" or, when no word is near, "; known are a, b, c": the end of a sentence. Fills text[size]. */
void xp_word_advice(const char *word, const char *const *words, int nwords, char *text, int size);

#endif
