/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misspelt words: which of the known ones was meant. */
#ifndef XPOT_OPTIMISER_WORDS_H
#define XPOT_OPTIMISER_WORDS_H

/* The known word with the fewest letters to change, insert or remove; NULL when none is near. words[nwords]. */
const char *xp_word_nearest(const char *word, const char *const *words, int nwords);

/* "; did you mean \"rcutfac\"?" or, when no word is near, "; known are a, b, c": the end of a sentence. Fills text[size]. */
void xp_word_advice(const char *word, const char *const *words, int nwords, char *text, int size);

#endif
