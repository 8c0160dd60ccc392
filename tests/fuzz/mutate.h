/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reproducible damage to the text of a file. */
#ifndef XPOT_FUZZ_MUTATE_H
#define XPOT_FUZZ_MUTATE_H

#include "testing/testing.h"
#include "xpot/file.h"

/* Each returns damaged bytes under the same name; the caller frees them with xp_bytes_free. */

xp_bytes xp_mutate_truncate(const xp_bytes *bytes, xp_test_random *random);

/* One to four bytes become other bytes, of all values. */
xp_bytes xp_mutate_flip(const xp_bytes *bytes, xp_test_random *random);

/* A line is repeated somewhere else, or right behind itself. */
xp_bytes xp_mutate_repeat_line(const xp_bytes *bytes, xp_test_random *random);

xp_bytes xp_mutate_remove_line(const xp_bytes *bytes, xp_test_random *random);

/* A word (up to a blank, comma or bracket) is repeated or removed. */
xp_bytes xp_mutate_repeat_word(const xp_bytes *bytes, xp_test_random *random);
xp_bytes xp_mutate_remove_word(const xp_bytes *bytes, xp_test_random *random);

/* A number outside comments becomes another text, or one drawn from awkward ones when text is NULL. */
xp_bytes xp_mutate_number(const xp_bytes *bytes, xp_test_random *random, const char *text);

#endif
