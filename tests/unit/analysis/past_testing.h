/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Journals from their text, for the tests of what is made of them. */
#ifndef XPOT_PAST_TESTING_H
#define XPOT_PAST_TESTING_H

#include "testing/testing.h"

#include "journal/past.h"

/* The journal of that text, which must be one. */
xp_past *xp_test_past(const char *text);

#endif
