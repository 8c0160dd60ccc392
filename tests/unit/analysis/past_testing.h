/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journals from their text, for the tests of what is made of them. */
#ifndef XPOT_PAST_TESTING_H
#define XPOT_PAST_TESTING_H

#include "testing/testing.h"

#include "journal/past.h"

/* A file of that text with a name of its own, removed by xp_test_remove. Caller frees. */
char *xp_test_write(const char *text);
void xp_test_remove(char *path);

/* The journal of that text, which must be one. */
xp_past *xp_test_past(const char *text);

#endif
